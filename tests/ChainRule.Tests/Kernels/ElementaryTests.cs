using ChainRule.Kernels;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>The stable forms keep their digits where the plain ones overflow or cancel; values from the C library's <c>exp</c> and <c>log1p</c>.</summary>
public class ElementaryTests
{
    [Theory]
    [InlineData(-745, 5.0e-324)]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(-1e-9, 0.49999999975)]
    [InlineData(0, 0.5)]
    [InlineData(40, 1)]
    [InlineData(1e4, 1)]
    [InlineData(-1e4, 0)]
    public void Sigmoid(double x, double expected) => Close(expected, Elementary.Sigmoid(x));

    [Theory]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(-20, 2.061153620314381e-09)]
    [InlineData(0, 0.6931471805599453)]
    [InlineData(20, 20.000000002061153)]
    [InlineData(1e4, 1e4)]
    [InlineData(-1e4, 0)]
    public void Softplus(double x, double expected) => Close(expected, Elementary.Softplus(x));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e-20, 1e-20)]
    [InlineData(1e-10, 9.999999999500001e-11)]
    [InlineData(1e-3, 0.0009995003330835331)]
    [InlineData(1, 0.6931471805599453)]
    [InlineData(-1e-20, -1e-20)]
    [InlineData(-0.5, -0.6931471805599453)]
    [InlineData(-1, double.NegativeInfinity)]
    public void LogOnePlus(double x, double expected) => Close(expected, Elementary.LogOnePlus(x));

    private static void Close(double expected, double actual) =>
        Assert.True(actual == expected || Math.Abs(actual - expected) <= 4e-16 * Math.Abs(expected) + double.Epsilon, $"expected {expected:R}, got {actual:R}");
}
