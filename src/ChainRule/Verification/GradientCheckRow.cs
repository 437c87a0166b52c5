using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>What the check found for one parameter or for the input.</summary>
public sealed record GradientCheckRow
{
    /// <summary>The name of the parameter, or <c>input</c>.</summary>
    public required string Parameter { get; init; }

    /// <summary>The gradient that the backward pass claims.</summary>
    public required Tensor<double> Analytic { get; init; }

    /// <summary>The gradient by central differences; not a number where an entry was not checked.</summary>
    public required Tensor<double> Numeric { get; init; }

    /// <summary>How many of the entries were checked.</summary>
    public int Entries => Checked.Count;

    /// <summary>The number of entries that failed.</summary>
    public required int Failures { get; init; }

    /// <summary>The number of entries on a kink.</summary>
    public required int Kinks { get; init; }

    /// <summary>The number of entries that rounding hides.</summary>
    public required int Noise { get; init; }

    /// <summary>The largest |a − n| / max(|a|, |n|) of all entries but those that rounding hides; 0 where both are 0.</summary>
    public required double MaxRelativeError { get; init; }

    /// <summary>The Euclidean norm of a − n over all entries that were checked.</summary>
    public required double DifferenceNorm { get; init; }

    /// <summary>Of all entries the verdict that comes last in <see cref="GradientVerdict"/>.</summary>
    public required GradientVerdict Verdict { get; init; }

    /// <summary>The worst entry: the one with the worst verdict and, among those, the largest relative error.</summary>
    public required CheckedEntry Worst { get; init; }

    /// <summary>Every entry that was checked, in the order in which they stand in the tensor.</summary>
    public required IReadOnlyList<CheckedEntry> Checked { get; init; }

    /// <summary>What the mistake probably is, with the evidence; null where nothing failed.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>Sums up the entries of one tensor.</summary>
    internal static GradientCheckRow Of(string name, double[] claims, ReadOnlySpan<nint> shape, IReadOnlyList<CheckedEntry> entries)
    {
        var numeric = Tensor.CreateFromShape<double>(shape);
        numeric.Fill(double.NaN);
        foreach (CheckedEntry entry in entries)
        {
            numeric[[.. entry.Index.Select(i => (nint)i)]] = entry.Numeric;
        }

        int Count(GradientVerdict verdict) => entries.Count(entry => entry.Verdict == verdict);
        return new GradientCheckRow
        {
            Parameter = name,
            Analytic = Tensor.Create(claims, shape),
            Numeric = numeric,
            Checked = entries,
            Failures = Count(GradientVerdict.Fail),
            Kinks = Count(GradientVerdict.Kink),
            Noise = Count(GradientVerdict.Noise),
            MaxRelativeError = entries.Where(entry => entry.Verdict != GradientVerdict.Noise).Select(entry => entry.RelativeError).DefaultIfEmpty().Max(),
            DifferenceNorm = Math.Sqrt(entries.Sum(entry => entry.AbsoluteError * entry.AbsoluteError)),
            Verdict = entries.Max(entry => entry.Verdict),
            Worst = entries.MaxBy(entry => (entry.Verdict, entry.RelativeError))!,
        };
    }
}
