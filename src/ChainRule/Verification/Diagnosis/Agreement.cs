namespace ChainRule.Verification;

/// <summary>When two lists of numbers count as the same.</summary>
internal static class Agreement
{
    // Well above what central differences get wrong, well below what any mistake does.
    private const double Near = 1e-4;
    private const double Floor = 1e-6;

    /// <summary>Whether a claim is what was predicted. Entries that the prediction leaves open (not a number) do not count.</summary>
    /// <param name="claim">The claimed gradient.</param>
    /// <param name="prediction">What it is compared with.</param>
    public static bool Same(ReadOnlySpan<double> claim, ReadOnlySpan<double> prediction)
    {
        double floor = Floor * Largest(prediction);
        int known = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            if (double.IsNaN(prediction[i]))
            {
                continue;
            }

            known++;
            if (!IsNear(claim[i], prediction[i], floor))
            {
                return false;
            }
        }

        return known > 0;
    }

    /// <summary>The entries of a claim that are wrong.</summary>
    public static int[] Wrong(double[] claim, double[] right)
    {
        double floor = Floor * Largest(right);
        return [.. Enumerable.Range(0, right.Length).Where(i => !double.IsNaN(right[i]) && !IsNear(claim[i], right[i], floor))];
    }

    /// <summary>Whether all entries are 0.</summary>
    public static bool IsZero(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(0.0);

    /// <summary>The factor k for which claim = k·right; null where there is none.</summary>
    public static double? Factor(double[] claim, double[] right)
    {
        double product = 0;
        double square = 0;
        for (int i = 0; i < right.Length; i++)
        {
            if (!double.IsNaN(right[i]))
            {
                product += claim[i] * right[i];
                square += right[i] * right[i];
            }
        }

        double factor = product / square;
        return double.IsFinite(factor) && factor != 0 && Same(claim, [.. right.Select(value => factor * value)]) ? factor : null;
    }

    /// <summary>Whether two numbers are the same to the same precision.</summary>
    public static bool Same(double x, double y) => IsNear(x, y, 0);

    // Infinity is near nothing: it would allow any difference.
    private static bool IsNear(double x, double y, double floor) => double.IsFinite(x - y) && Math.Abs(x - y) <= floor + (Near * Math.Max(Math.Abs(x), Math.Abs(y)));

    private static double Largest(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, double.IsNaN(value) ? 0 : Math.Abs(value));
        }

        return largest;
    }
}
