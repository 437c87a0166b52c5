namespace ChainRule.Playground.Session;

/// <summary>Where numbers stopped being finite, and how to get back.</summary>
/// <param name="Step">The step that cannot be done.</param>
/// <param name="Kind">What is not finite.</param>
/// <param name="Place">The layer or the parameter that it was found in, e.g. layer2.weight; empty for input and loss.</param>
/// <param name="LastGoodStep">The last step that could be done.</param>
/// <param name="LargestWeight">The size of the largest weight at that step.</param>
public sealed record Breakdown(int Step, BreakdownKind Kind, string Place, int LastGoodStep, double LargestWeight);

/// <summary>What is not finite.</summary>
public enum BreakdownKind
{
    /// <summary>The samples.</summary>
    Input,

    /// <summary>A parameter, since the step before.</summary>
    Parameter,

    /// <summary>The output of a layer.</summary>
    Output,

    /// <summary>The loss alone.</summary>
    Loss,
}
