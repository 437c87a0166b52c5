using System.Numerics;
using ChainRule.Kernels;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>
/// The exponential that browsers compute with, and the hyperbolic tangent of all platforms, are as near to the C library's as
/// their formulas promise, over the whole range and at its ends. (The library's own values are right to half a unit in the last place.)
/// </summary>
public class QuotientExponentialTests
{
    // Units in the last place: the quotient's two sums, two products and a division, each rounded once, and the remainder.
    private const double Units = 4;

    [Fact]
    public void Exponentials_of_doubles() => Compare<double>(QuotientExponential.Exp, Math.Exp, -707.9, 709.4, 2.220446049250313e-16);

    [Fact]
    public void Exponentials_of_floats() => Compare<float>(QuotientExponential.Exp, Math.Exp, -87.2, 88.3, 1.1920929e-7);

    [Fact]
    public void Tangents_of_doubles() => Compare<double>(QuotientExponential.Tanh, Math.Tanh, -25, 25, 2.220446049250313e-16);

    [Fact]
    public void Tangents_of_floats() => Compare<float>(QuotientExponential.Tanh, Math.Tanh, -25, 25, 1.1920929e-7);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-709, 0)]
    [InlineData(-1e300, 0)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(711, double.PositiveInfinity)]
    [InlineData(1e300, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Ends_of_the_exponential(double x, double expected)
    {
        Assert.Equal(expected, QuotientExponential.Exp(new Vector<double>(x))[0]);
        Assert.Equal((float)expected, QuotientExponential.Exp(new Vector<float>((float)x))[0]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e-30, 1e-30)]
    [InlineData(-1e-9, -1e-9)]
    [InlineData(30, 1)]
    [InlineData(-1e300, -1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, -1)]
    [InlineData(double.NaN, double.NaN)]
    public void Ends_of_the_tangent(double x, double expected)
    {
        Assert.Equal(expected, QuotientExponential.Tanh(new Vector<double>(x))[0]);
        Assert.Equal((float)expected, QuotientExponential.Tanh(new Vector<float>((float)x))[0]);
    }

    /// <summary>Values from end to end, and as many near 0, where relative errors show.</summary>
    private static void Compare<T>(Func<Vector<T>, Vector<T>> function, Func<double, double> expected, double low, double high, double unit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int steps = 20_000;
        for (int i = 0; i <= steps; i++)
        {
            double share = (double)i / steps;
            foreach (double at in new[] { low + (share * (high - low)), Math.Pow(10, -12 * share), -Math.Pow(10, -12 * share) })
            {
                T x = T.CreateTruncating(at);
                double right = expected(double.CreateTruncating(x));
                double got = double.CreateTruncating(function(new Vector<T>(x))[0]);
                Assert.True(Math.Abs(got - right) <= Units * unit * Math.Abs(right), $"at {x}: expected {right:R}, got {got:R}");
            }
        }
    }
}
