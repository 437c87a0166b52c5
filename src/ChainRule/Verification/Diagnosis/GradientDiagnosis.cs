using System.Globalization;

namespace ChainRule.Verification;

/// <summary>Says what is probably wrong with a gradient, from the pattern of its errors.</summary>
internal static class GradientDiagnosis
{
    // How near a pattern must come to count: well above the error of central differences, well below any other mistake.
    private const double Near = 1e-3;

    /// <summary>What is probably wrong, most likely first; empty where nothing is.</summary>
    public static IReadOnlyList<Diagnosis> Of(GradientEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        IEnumerable<Diagnosis> seen = evidence.Probes.Select(probe => new Diagnosis { Cause = probe.Mistake, Place = probe.Place, Confidence = 1, Evidence = probe.Evidence });
        IEnumerable<Diagnosis> guessed = evidence.Tensors.Where(tensor => tensor.IsWrong).Select(tensor => new Diagnosis
        {
            Cause = GradientMistake.Unknown,
            Place = tensor.Name,
            Confidence = 0.5,
            Evidence = Of([.. tensor.Claimed], [.. tensor.Numeric], [.. tensor.Shape], evidence.BatchSize) ?? "The gradient is wrong, without a pattern that says more.",
        });
        return [.. seen, .. guessed];
    }

    /// <summary>The likeliest cause, with its evidence; null where the pattern says nothing.</summary>
    /// <param name="analytic">The claimed gradient, row by row.</param>
    /// <param name="numeric">The gradient by central differences; not a number where an entry was not checked.</param>
    /// <param name="shape">The shape of both.</param>
    /// <param name="batch">The number of samples; null where it is not known.</param>
    public static string? Of(double[] analytic, double[] numeric, ReadOnlySpan<nint> shape, nint? batch)
    {
        int[] checkedEntries = [.. Enumerable.Range(0, numeric.Length).Where(i => !double.IsNaN(numeric[i]))];
        double[] a = [.. checkedEntries.Select(i => analytic[i])];
        double[] n = [.. checkedEntries.Select(i => numeric[i])];
        if (a.Any(value => !double.IsFinite(value)))
        {
            return $"Not finite: {a.Count(value => !double.IsFinite(value))} of {a.Length} entries are NaN or infinite. A division by 0, the logarithm of 0 or an exponential that overflows.";
        }

        if (a.All(value => value == 0))
        {
            return "Never reached: the backward pass leaves it at 0, and the loss does depend on it.";
        }

        double factor = Dot(a, n) / Dot(n, n);
        if (Distance(a, n, factor) <= Near * Norm(a))
        {
            return Factor(factor, batch);
        }

        bool isWhole = checkedEntries.Length == analytic.Length;
        if (isWhole && shape.Length == 2 && shape[0] > 1 && shape[1] > 1 && Distance(a, Transposed(n, (int)shape[0], (int)shape[1]), 1) <= Near * Norm(a))
        {
            return "Transposed: each entry has the value that belongs to (column, row).";
        }

        return isWhole ? Shifted(a, n) ?? Part(a, n, shape) : null;
    }

    private static string Factor(double factor, nint? batch)
    {
        string text = factor.ToString("G4", CultureInfo.InvariantCulture);
        bool Is(double value) => Math.Abs(factor - value) <= Near * Math.Abs(value);
        return Is(-1) ? "The sign is turned: every entry is the negative of what it should be."
            : batch > 1 && Is((double)batch) ? $"Every entry is {text} times too large, and the batch has {batch} samples: the mean over the batch is missing (a sum stands in its place)."
            : batch > 1 && Is(1.0 / (double)batch) ? $"Every entry is {text} times what it should be, and the batch has {batch} samples: the mean over the batch is taken twice."
            : Is(2) ? "Every entry is 2 times too large: a 2 from a square that another factor ½ cancels, or a gradient that is added up twice."
            : Is(0.5) ? "Every entry is half of what it should be: the 2 of the derivative of a square is missing."
            : $"Every entry is {text} times what it should be: one constant factor is wrong.";
    }

    /// <summary>Off by one along the entries.</summary>
    private static string? Shifted(double[] a, double[] n)
    {
        if (n.Length < 4)
        {
            return null;
        }

        double[] forward = [.. n[1..], n[0]];
        double[] backward = [n[^1], .. n[..^1]];
        return Distance(a, forward, 1) <= Near * Norm(a) || Distance(a, backward, 1) <= Near * Norm(a)
            ? "Off by one: each entry has the value of its neighbour."
            : null;
    }

    /// <summary>Whether the wrong entries are whole rows or whole columns.</summary>
    private static string? Part(double[] a, double[] n, ReadOnlySpan<nint> shape)
    {
        int columns = (int)shape[^1];
        int rows = a.Length / columns;
        double largest = n.Max(Math.Abs);
        int[] wrong = [.. Enumerable.Range(0, a.Length).Where(i => Math.Abs(a[i] - n[i]) > Near * largest)];
        int[] wrongRows = [.. wrong.Select(i => i / columns).Distinct()];
        int[] wrongColumns = [.. wrong.Select(i => i % columns).Distinct()];
        return shape.Length > 1 && wrongRows.Length < rows && wrongRows.Length <= wrongColumns.Length ? $"Only some rows are wrong: {string.Join(", ", wrongRows.Take(8))} of {rows}."
            : wrongColumns.Length < columns ? $"Only some {(shape.Length > 1 ? "columns" : "entries")} are wrong: {string.Join(", ", wrongColumns.Take(8))} of {columns}."
            : "The error differs from entry to entry: look for a factor that depends on the unit, an activation's derivative that is missing or taken at the wrong place, or cross terms of softmax.";
    }

    private static double[] Transposed(double[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, columns).SelectMany(j => Enumerable.Range(0, rows).Select(i => values[(i * columns) + j]))];

    private static double Dot(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum();

    private static double Norm(double[] x) => Math.Sqrt(Dot(x, x));

    private static double Distance(double[] x, double[] y, double factor) => Norm([.. x.Zip(y, (p, q) => p - (factor * q))]);
}
