using System.Globalization;
using Xunit;

namespace ChainRule.Tests;

/// <summary>Comparison of numbers that says where, what and how far apart.</summary>
internal static class Near
{
    /// <summary>
    /// Asserts |actual − expected| ≤ tolerance · max |expected| + cancelled over the whole array: sums cancel, and rounding is relative to
    /// what was added up, not to what is left. Where even the largest number may be such a rest, <paramref name="cancelled"/> is what the
    /// rounding of the numbers that cancel leaves.
    /// </summary>
    public static void Equal(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what, double cancelled = 0)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = double.Epsilon;
        foreach (double value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(actual[i] - expected[i]) <= (tolerance * scale) + cancelled))
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}; off by {Math.Abs(actual[i] - expected[i]) / scale:E2} of the largest value, allowed {tolerance + (cancelled / scale):E2}."));
            }
        }
    }

    /// <summary>The same for two numbers.</summary>
    public static void Equal(double expected, double actual, double tolerance, string what, double cancelled = 0) => Equal([expected], [actual], tolerance, what, cancelled);
}
