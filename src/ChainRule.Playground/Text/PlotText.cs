namespace ChainRule.Playground.Text;

/// <summary>The curves.</summary>
public sealed record PlotText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>The loss.</summary>
    public required string Loss { get; init; }

    /// <summary>The training loss.</summary>
    public required string Train { get; init; }

    /// <summary>The test loss.</summary>
    public required string Test { get; init; }

    /// <summary>The training loss as it would be without the planted mistake.</summary>
    public required string Mended { get; init; }

    /// <summary>The axis of epochs.</summary>
    public required string Epoch { get; init; }

    /// <summary>Logarithmic axis.</summary>
    public required string Logarithmic { get; init; }

    /// <summary>The gradient norms.</summary>
    public required string GradientNorm { get; init; }

    /// <summary>What they show.</summary>
    public required string GradientNormNote { get; init; }

    /// <summary>The update ratios.</summary>
    public required string UpdateRatio { get; init; }

    /// <summary>What they show.</summary>
    public required string UpdateRatioNote { get; init; }

    /// <summary>The layer {0}.</summary>
    public required string Layer { get; init; }

    /// <summary>There is no epoch yet.</summary>
    public required string Empty { get; init; }

    /// <summary>How to read values with the keyboard.</summary>
    public required string ChartHint { get; init; }
}
