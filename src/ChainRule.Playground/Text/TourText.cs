namespace ChainRule.Playground.Text;

/// <summary>The lesson.</summary>
public sealed record TourText
{
    /// <summary>Heads the lesson.</summary>
    public required string Title { get; init; }

    /// <summary>Step {0} of {1}.</summary>
    public required string StepOf { get; init; }

    /// <summary>The next step.</summary>
    public required string Next { get; init; }

    /// <summary>The step before.</summary>
    public required string Previous { get; init; }

    /// <summary>Ends the lesson.</summary>
    public required string End { get; init; }

    /// <summary>Names the link to a step.</summary>
    public required string Link { get; init; }

    /// <summary>Heads what to do.</summary>
    public required string Try { get; init; }

    /// <summary>What to do in section 1.</summary>
    public required string TryActivations { get; init; }

    /// <summary>What to do in section 2.</summary>
    public required string TryNeuron { get; init; }

    /// <summary>What to do in section 3.</summary>
    public required string TryNetwork { get; init; }

    /// <summary>What to do in section 4.</summary>
    public required string TryXor { get; init; }

    /// <summary>What to do in section 5.</summary>
    public required string TryCheck { get; init; }

    /// <summary>What to do in section 6.</summary>
    public required string TryChain { get; init; }

    /// <summary>What to do at the end.</summary>
    public required string TrySummary { get; init; }

    /// <summary>Heads the functions.</summary>
    public required string Function { get; init; }
}
