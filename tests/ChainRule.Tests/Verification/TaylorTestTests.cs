using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The step-free proof: second order for a right gradient, first order for a wrong one.</summary>
public class TaylorTestTests
{
    [Fact]
    public void The_reference_network_has_order_2_and_its_values_come_back()
    {
        (Sequential<double> network, Func<double> loss, CheckedTensor<double>[] tensors) = Reference();
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        Assert.InRange(TaylorTest.Order(loss, tensors), 1.99, 2.01);
        Assert.Equal(before, network.Parameters.SelectMany(parameter => parameter.Value));
    }

    [Theory]
    [InlineData(1.03)]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_wrong_factor_in_one_parameter_has_order_1(double factor)
    {
        (_, Func<double> loss, CheckedTensor<double>[] tensors) = Reference();
        tensors[1] = tensors[1] with { Gradient = Tensor.Multiply<double>(tensors[1].Gradient, factor) };
        Assert.InRange(TaylorTest.Order(loss, tensors), 0.9, 1.2);
    }

    /// <summary>A linear loss leaves no remainder: then L + L²/2|L(θ)| is looked at, with a gradient that is right where that of L is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-200)]
    public void A_linear_function_has_an_order_too(double scale)
    {
        Tensor<double> x = Tensor.Create([1.0, 3], [1, 2]);
        double Order(double slope) => TaylorTest.Order(() => scale * (x[0, 0] - x[0, 1]), [new CheckedTensor<double>("x", x, Tensor.Create([scale, scale * slope], [1, 2]))]);
        Assert.InRange(Order(-1), 1.99, 2.01);
        Assert.InRange(Order(-1.03), 0.9, 1.2);
    }

    [Fact]
    public void A_constant_has_no_order()
    {
        Tensor<double> x = Tensor.Create([1.0, 2], [1, 2]);
        Assert.Equal(double.NaN, TaylorTest.Order(() => 3, [new CheckedTensor<double>("x", x, Tensor.Create([0.0, 0], [1, 2]))]));
        Assert.Equal(double.NaN, TaylorTest.Order(() => 3, []));
    }

    /// <summary>The lesson's network, without the bias that sits on corners.</summary>
    private static (Sequential<double> Network, Func<double> Loss, CheckedTensor<double>[] Tensors) Reference()
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
        Tensor<double> x = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        Tensor<double> y = Tensor.Create([0.0, 1, 1, 0], [4, 1]);
        var loss = new MeanSquaredError<double>();
        double Loss() => loss.Forward(network.Forward(x), y);
        Loss();
        network.Backward(loss.Backward());
        return (network, Loss, [.. network.Parameters.Where(parameter => parameter.Name != "layer1.bias").Select(parameter => new CheckedTensor<double>(parameter.Name, parameter.Value, Tensor.Create(parameter.Gradient.ToArray(), parameter.Gradient.Lengths)))]);
    }
}
