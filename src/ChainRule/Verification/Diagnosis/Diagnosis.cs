using System.Globalization;

namespace ChainRule.Verification;

/// <summary>A mistake that a backward pass may contain, with what speaks for it.</summary>
public sealed record Diagnosis
{
    /// <summary>What the mistake is.</summary>
    public required GradientMistake Cause { get; init; }

    /// <summary>Where it is: a layer, the loss, or a tensor as the report calls it; empty where that is not known.</summary>
    public required string Place { get; init; }

    /// <summary>How sure it is, from 0 to 1. At 1 the mistake was seen, or made on purpose and gave the same wrong numbers.</summary>
    public required double Confidence { get; init; }

    /// <summary>What was seen, in one sentence that says what to look for.</summary>
    public required string Evidence { get; init; }

    /// <summary>E.g. layer1.weight: Transposed: each entry has the value that belongs to (column, row). (95%).</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Place.Length == 0 ? "" : $"{Place}: ")}{Evidence} ({100 * Confidence:0}%)");
}
