using System.Numerics;
using ChainRule.Kernels;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>erf and erfc against the GNU C library's (Python's <c>math.erf</c> and <c>math.erfc</c>).</summary>
public class ErrorFunctionTests
{
    public static TheoryData<double, double, double> Values => new()
    {
        { 0.0, 0.0, 1.0 },
        { 1e-300, 1.1283791670955126e-300, 1.0 },
        { 1e-08, 1.1283791670955126e-08, 0.9999999887162083 },
        { 0.1, 0.1124629160182849, 0.8875370839817152 },
        { 0.5, 0.5204998778130465, 0.4795001221869535 },
        { 1.0, 0.8427007929497149, 0.15729920705028513 },
        { 1.4999, 0.9660932516622953, 0.03390674833770473 },
        { 1.5, 0.9661051464753108, 0.033894853524689274 },
        { 2.0, 0.9953222650189527, 0.004677734981047265 },
        { 2.4999, 0.9995928300996666, 0.0004071699003334514 },
        { 2.5, 0.999593047982555, 0.0004069520174449589 },
        { 3.0, 0.9999779095030014, 2.2090496998585438e-05 },
        { 4.0, 0.9999999845827421, 1.541725790028002e-08 },
        { 5.5, 0.9999999999999927, 7.357847917974398e-15 },
        { 8.0, 1.0, 1.1224297172982928e-29 },
        { 15.0, 1.0, 7.212994172451206e-100 },
        { 26.0, 1.0, 5.663192408856143e-296 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Agrees_with_the_C_library(double x, double erf, double erfc)
    {
        AssertRelative(erf, ErrorFunction.Erf(x), 4e-15);
        AssertRelative(-erf, ErrorFunction.Erf(-x), 4e-15);

        // Just below 1.5 erfc is 1 − erf and has lost two digits.
        AssertRelative(erfc, ErrorFunction.Erfc(x), 3e-14);
        AssertRelative(2 - erfc, ErrorFunction.Erfc(-x), 4e-15);
    }

    [Fact]
    public void Extremes()
    {
        Assert.Equal(1, ErrorFunction.Erf(1e4));
        Assert.Equal(-1, ErrorFunction.Erf(double.NegativeInfinity));
        Assert.Equal(0, ErrorFunction.Erfc(1e4));
        Assert.Equal(2, ErrorFunction.Erfc(-1e4));
        Assert.True(double.IsNaN(ErrorFunction.Erf(double.NaN)));
        Assert.True(double.IsNaN(ErrorFunction.Erfc(double.NaN)));
        Assert.Equal(0, ErrorFunction.NormalCumulative(-1e4));
        Assert.Equal(1, ErrorFunction.NormalCumulative(1e4));
        Assert.Equal(0.5, ErrorFunction.NormalCumulative(0));
    }

    /// <summary>Registers full of numbers give what single numbers do, on both sides and at their borders.</summary>
    [Fact]
    public void Registers_agree_with_single_numbers()
    {
        for (double x = -37.5; x <= 10; x += 0.0137)
        {
            // The exponent x²/2 has the error of its rounding, and the exponential as many times that.
            AssertRelative(ErrorFunction.NormalCumulative(x), VectorElementary.NormalCumulative(Vector.Create(x))[0], 2e-14 + (x * x * 2e-16));
            VectorElementary.NormalCumulative(Vector.Create(x), out Vector<double> density);
            AssertRelative(ErrorFunction.NormalDensity(x), density[0], 1e-15 + (x * x * 2e-16));
            float single = (float)x;
            if (x > -13)
            {
                AssertRelative(ErrorFunction.NormalCumulative(single), VectorElementary.NormalCumulative(Vector.Create(single))[0], 5e-7 + (x * x * 1e-7));
            }
        }

        double[] extremes = [0, -0.0, 1e4, -1e4, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        Assert.Equal([0.5, 0.5, 1, 0, 1, 0, 1, 0, double.NaN], extremes.Select(x => VectorElementary.NormalCumulative(Vector.Create(x))[0]));
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
