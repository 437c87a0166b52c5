namespace ChainRule.Playground.Text;

/// <summary>What went wrong.</summary>
public sealed record ErrorText
{
    /// <summary>'{0}' is no number.</summary>
    public required string NoNumber { get; init; }

    /// <summary>'{0}' is no number for {1}, which goes from {2} to {3}.</summary>
    public required string NoNumberBetween { get; init; }

    /// <summary>'{0}' is no whole number for {1}, which goes from {2} to {3}.</summary>
    public required string NoWholeNumberBetween { get; init; }

    /// <summary>There is no step {0}, but {1}.</summary>
    public required string NoSuchStep { get; init; }

    /// <summary>Step {0} cannot be done.</summary>
    public required string Breakdown { get; init; }

    /// <summary>The inputs are not finite.</summary>
    public required string BreakdownInput { get; init; }

    /// <summary>The parameter {0} is not finite.</summary>
    public required string BreakdownParameter { get; init; }

    /// <summary>The output of {0} is not finite.</summary>
    public required string BreakdownOutput { get; init; }

    /// <summary>The loss is not finite.</summary>
    public required string BreakdownLoss { get; init; }

    /// <summary>At step {0} the largest weight was {1}.</summary>
    public required string BreakdownCause { get; init; }

    /// <summary>Goes back to the step {0}.</summary>
    public required string GoBack { get; init; }

    /// <summary>Goes back and halves the learning rate.</summary>
    public required string GoBackSlower { get; init; }

    /// <summary>Goes back to the best step {0}.</summary>
    public required string GoBest { get; init; }

    /// <summary>Dismisses a message.</summary>
    public required string Dismiss { get; init; }
}
