using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>
/// The V-curve of L = w³, which is known on paper: the central difference is 3w² + h², so that its relative error is h²/3w² wherever
/// rounding is small, and its absolute error h² at w = 0.
/// </summary>
public class ErrorCurveTests
{
    [Fact]
    public void The_error_of_a_cube_is_the_square_of_the_step()
    {
        ErrorCurve curve = Measure(2.0);
        Assert.Equal(("layer1.weight", 12.0), (curve.Parameter, curve.Derivative));
        Assert.Equal([0, 0], curve.Index);
        Assert.All(curve.InDouble, (point, i) => Assert.Equal(Math.Pow(10, -i / 4.0), point.Step, 1e-12 * point.Step));
        Assert.All(curve.InDouble.Where(point => point.Step > 1e-3), point => Assert.Equal(point.Step * point.Step / 12, point.Error, 1e-10));
    }

    /// <summary>Nothing can be divided by a derivative of 0: then the error is the absolute one.</summary>
    [Fact]
    public void Where_the_derivative_is_0_the_error_is_absolute()
    {
        ErrorCurve curve = Measure(0.0);
        Assert.Equal(0, curve.Derivative);
        Assert.All(curve.InDouble, point => Assert.Equal(point.Step * point.Step, point.Error, 1e-12 * point.Step * point.Step));
    }

    /// <summary>A loss that nobody can copy is measured in its own precision alone. Steps that do not move a float at all see no slope: all of it is missing.</summary>
    [Fact]
    public void What_has_no_copy_is_measured_in_its_own_precision()
    {
        Assert.Empty(Measure(2.0).InSingle);
        ErrorCurve curve = Measure(2f);
        Assert.Empty(curve.InDouble);
        Assert.Equal(49, curve.InSingle.Count);
        Assert.Equal(12, curve.Derivative);
        Assert.Equal(1.0 / 12, curve.InSingle[0].Error, 1e-6);
        Assert.All(curve.InSingle.Where(point => point.Step < 1e-8), point => Assert.Equal(1, point.Error));
    }

    [Fact]
    public void Where_the_loss_is_not_defined_there_is_no_error()
    {
        ErrorCurve curve = Measure(2.0, largest: 2.5);
        Assert.All(curve.InDouble, point => Assert.Equal(point.Step > 0.5, double.IsNaN(point.Error)));
    }

    /// <summary>A softmax of (30, 0) is 1 − 9·10⁻¹⁴, which float rounds to 1, and its derivative to 0: the error in float is that against the derivative in double, and all of it is missing.</summary>
    [Fact]
    public void Both_curves_are_measured_against_the_derivative_in_double()
    {
        var network = new Sequential<float>(new Linear<float>(1, 2, new NumPyRandom(1), hasBias: false), new Softmax<float>());
        Tensor.Create([30f, 0], [1, 2]).CopyTo(network.Parameters[0].Value);
        var curve = ErrorCurve.Measure(network, new MeanSquaredError<float>(), Tensor.Create([1f], [1, 1]), Tensor.Create([0f, 0], [1, 2]), "layer1.weight", [0, 0]);
        Assert.InRange(curve.Derivative, 0.9 * Math.Exp(-30), 1.1 * Math.Exp(-30));
        Assert.Equal(1, curve.InSingle[^1].Error);
    }

    /// <summary>What dropout draws is drawn once, for both precisions.</summary>
    [Fact]
    public void Both_precisions_have_the_same_dropout()
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<float>(new Linear<float>(3, 16, random), new Dropout<float>(0.5, random), new Linear<float>(16, 1, random));
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(4, 3));
        var curve = ErrorCurve.Measure(network, new MeanSquaredError<float>(), x, Tensor.Create([1f, 2, 3, 4], [4, 1]), "input", [0, 0]);
        Assert.InRange(curve.InDouble.Min(point => point.Error), 0, 1e-8);
        Assert.InRange(curve.InSingle.Min(point => point.Error), 0, 1e-3);
    }

    [Fact]
    public void The_network_is_left_as_it_was()
    {
        var network = new Sequential<double>(new Linear<double>(1, 1, new NumPyRandom(1), hasBias: false));
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        double before = network.Parameters[0].Value[0, 0];
        network.NeedsInputGradient = false;
        ErrorCurve.Measure(network, new Cube<double>(double.PositiveInfinity), x, x, "layer1.weight", [0, 0]);
        Assert.Equal((before, false, false, 1), (network.Parameters[0].Value[0, 0], network.Parameters[0].HasGradient, network.NeedsInputGradient, x[0, 0]));
    }

    private static ErrorCurve Measure<T>(T w, double largest = double.PositiveInfinity)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var network = new Sequential<T>(new Linear<T>(1, 1, new NumPyRandom(1), hasBias: false));
        network.Parameters[0].Value[0, 0] = w;
        Tensor<T> one = Tensor.Create([T.One], [1, 1]);
        return ErrorCurve.Measure(network, new Cube<T>(largest), one, one, "layer1.weight", [0, 0]);
    }

    /// <summary>L = p³.</summary>
    private sealed class Cube<T>(double largest) : Loss<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target) =>
            double.CreateTruncating(prediction[0]) <= largest ? prediction[0] * prediction[0] * prediction[0] : throw new ArgumentException("Too large.");

        protected override void Backward(Span<T> predictionGradient) => predictionGradient[0] = T.CreateTruncating(3) * Prediction[0] * Prediction[0];
    }
}
