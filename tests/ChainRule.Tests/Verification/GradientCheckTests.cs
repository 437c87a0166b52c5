using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The checker proves right gradients right, wrong ones wrong, and calls a corner a corner.</summary>
public class GradientCheckTests
{
    private static readonly Tensor<double> Inputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
    private static readonly Tensor<double> Targets = Tensor.Create([0.0, 1, 1, 0], [4, 1]);

    /// <summary>The sample [0, 0] puts z1 = b1 = 0 on ReLU's corner: the slopes to both sides differ, and no value is right.</summary>
    [Fact]
    public void The_reference_network_passes_but_for_the_kink_in_its_first_bias()
    {
        GradientCheckReport report = GradientCheck.Run(ReferenceNetwork(), new MeanSquaredError<double>(), Inputs, Targets);
        Assert.Equal(["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias", "input"], report.Rows.Select(row => row.Parameter));
        Assert.Equal([GradientVerdict.Pass, GradientVerdict.Kink, GradientVerdict.Pass, GradientVerdict.Pass, GradientVerdict.Kink], report.Rows.Select(row => row.Verdict));
        Assert.InRange(report.Rows[0].DifferenceNorm, 0, 1e-10);
        Assert.Equal(0.0336, report.Rows[1].DifferenceNorm, 1e-4);
        Assert.InRange(report.Rows[2].DifferenceNorm, 0, 1e-10);
        Assert.InRange(report.Rows[3].DifferenceNorm, 0, 1e-10);
        Assert.Equal(GradientVerdict.Kink, report.Verdict);
        report.ThrowIfFailed();
    }

    [Fact]
    public void Everything_is_put_back_bit_for_bit()
    {
        Sequential<double> network = ReferenceNetwork();
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value), .. Inputs];
        GradientCheck.Run(network, new MeanSquaredError<double>(), Inputs, Targets);
        Assert.Equal(before.Select(BitConverter.DoubleToInt64Bits), network.Parameters.SelectMany(parameter => parameter.Value).Concat(Inputs).Select(BitConverter.DoubleToInt64Bits));
        Assert.All(network.Parameters, parameter => Assert.False(parameter.HasGradient));
    }

    [Fact]
    public void A_float_network_passes()
    {
        var random = new NumPyRandom(4);
        var network = new Sequential<float>(new Linear<float>(3, 6, random), new Tanh<float>(), new Linear<float>(6, 2, random));
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 3));
        Tensor<float> y = Tensor.ConvertTruncating<double, float>(random.Randn(5, 2));
        GradientCheck.Run(network, new MeanSquaredError<float>(), x, y).ThrowIfFailed();
    }

    /// <summary>At ±1e4 a fixed step of 1e-5 would be lost in the rounding of the inputs.</summary>
    [Fact]
    public void Large_values_raise_no_false_alarm()
    {
        var random = new NumPyRandom(4);
        Tensor<double> x = Tensor.Multiply<double>(random.Randn(5, 3), 1e4);
        GradientCheck.Run(new Linear<double>(3, 4, random), x).ThrowIfFailed();
        GradientCheck.Run(new LeakyReLU<double>(), x).ThrowIfFailed();
    }

    /// <summary>A corner that the step crosses but θ is not on: the gradient exists and is right.</summary>
    [Fact]
    public void A_corner_within_the_step_is_no_error()
    {
        GradientCheckReport report = GradientCheck.Run(new ReLU<double>(), Tensor.Create([3e-6, -3e-6, 4e-7], [1, 3]));
        Assert.Equal(GradientVerdict.Pass, report.Verdict);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(-1.0)]
    [InlineData(0.0)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void A_wrong_factor_fails(double factor)
    {
        var network = new Sequential<double>(new Linear<double>(2, 3, new NumPyRandom(1)), new WrongByAFactor(factor));
        GradientCheckReport report = GradientCheck.Run(network, new NumPyRandom(2).Randn(4, 2));
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.All(report.Rows, row => Assert.Equal(GradientVerdict.Fail, row.Verdict));
    }

    /// <summary>A wrong gradient exactly on a corner, outside the slopes of both sides, is not excused as a kink.</summary>
    [Fact]
    public void A_corner_does_not_excuse_a_wrong_value()
    {
        Tensor<double> theta = Tensor.Create([0.0]);
        double AbsoluteValue() => Math.Abs(theta[0]);
        Assert.Equal(GradientVerdict.Kink, GradientCheck.Run(AbsoluteValue, [new("θ", theta, Tensor.Create([0.5]))]).Verdict);
        Assert.Equal(GradientVerdict.Fail, GradientCheck.Run(AbsoluteValue, [new("θ", theta, Tensor.Create([1.5]))]).Verdict);
    }

    [Fact]
    public void The_message_of_a_failure_names_the_worst_entry_and_both_values()
    {
        Tensor<double> theta = Tensor.Create([1.0, 2, 3, 4], [2, 2]);
        Tensor<double> claim = Tensor.Create([2.0, 4, 6, 9], [2, 2]);
        GradientCheckReport report = GradientCheck.Run(() => TensorPrimitives.SumOfSquares<double>([.. theta]), [new("theta", theta, claim)]);
        GradientCheckRow row = Assert.Single(report.Rows);
        Assert.Equal([1, 1], row.Worst.Index);
        Assert.Equal(9, row.Worst.Analytic);
        Assert.Equal(8, row.Worst.Numeric, 1e-6);
        Assert.Equal(1, row.Failures);
        Assert.Equal(1.0 / 9, row.MaxRelativeError, 1e-6);
        var error = Assert.Throws<GradientCheckException>(report.ThrowIfFailed);
        Assert.Contains("theta: 1 of 4 entries, worst at theta[1, 1], analytic 9 but numeric 8", error.Message, StringComparison.Ordinal);
        Assert.Contains("FAIL", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_zero_passes_with_no_error()
    {
        GradientCheckRow row = Assert.Single(GradientCheck.Run(() => 3.0, [new CheckedTensor<double>("unused", Tensor.Create([1.0]), Tensor.Create([0.0]))]).Rows);
        Assert.Equal(GradientVerdict.Pass, row.Verdict);
        Assert.Equal(0, row.MaxRelativeError);
    }

    [Fact]
    public void Mistakes_are_explained()
    {
        Tensor<double> theta = Tensor.Create([1.0, 2]);
        Assert.Throws<ArgumentException>(() => GradientCheck.Run(() => 0.0, []));
        var error = Assert.Throws<ArgumentException>(() => GradientCheck.Run(() => 0.0, [new CheckedTensor<double>("w", theta, Tensor.Create([1.0]))]));
        Assert.StartsWith("'w': expected a gradient in the shape of the value, (2,), got (1,).", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Step = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Tolerance = double.NaN });
    }

    private static Sequential<double> ReferenceNetwork()
    {
        var random = new NumPyRandom(0);
        return new Sequential<double>(new Linear<double>(2, 4, random), new ReLU<double>(), new Linear<double>(4, 1, random), new Sigmoid<double>());
    }

    /// <summary>a = x, with ∂L/∂x wrong by a factor.</summary>
    private sealed class WrongByAFactor(double factor) : BufferedLayer<double>
    {
        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) => input.CopyTo(output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient) =>
            TensorPrimitives.Multiply(outputGradient, factor, inputGradient);
    }
}
