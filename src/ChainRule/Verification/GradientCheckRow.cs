using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>What the check found for one parameter or for the input.</summary>
public sealed record GradientCheckRow
{
    /// <summary>The name of the parameter, or <c>input</c>.</summary>
    public required string Parameter { get; init; }

    /// <summary>The gradient that the backward pass claims.</summary>
    public required Tensor<double> Analytic { get; init; }

    /// <summary>How many of the entries were checked.</summary>
    public required int Entries { get; init; }

    /// <summary>The gradient by central differences; not a number where an entry was not checked.</summary>
    public required Tensor<double> Numeric { get; init; }

    /// <summary>The largest |a − n| / max(|a|, |n|) of all entries; 0 where both are 0.</summary>
    public required double MaxRelativeError { get; init; }

    /// <summary>The Euclidean norm of a − n over all entries.</summary>
    public required double DifferenceNorm { get; init; }

    /// <summary>The worst verdict of all entries.</summary>
    public required GradientVerdict Verdict { get; init; }

    /// <summary>The index of the worst entry: the one with the worst verdict and, among those, the largest relative error.</summary>
    public required IReadOnlyList<int> WorstIndex { get; init; }

    /// <summary>The analytic value of the worst entry.</summary>
    public required double WorstAnalytic { get; init; }

    /// <summary>The numeric value of the worst entry.</summary>
    public required double WorstNumeric { get; init; }

    /// <summary>The number of entries that failed.</summary>
    public required int Failures { get; init; }

    /// <summary>The number of entries on a kink.</summary>
    public required int Kinks { get; init; }

    /// <summary>What the mistake probably is, with the evidence; null where nothing failed or the pattern says nothing.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>The worst entry as one reads it in code, e.g. layer1.weight[0, 3].</summary>
    public string WorstEntry => $"{Parameter}[{string.Join(", ", WorstIndex)}]";
}
