using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>
/// Near 0 and 1 the binary cross-entropy gives a bound in the place of its derivative, as PyTorch does. That is no mistake of anybody;
/// and it hides no mistake of the layers below, nor that of a loss which bounds without saying so.
/// </summary>
public class BoundedGradientTests
{
    private const string Note = "BinaryCrossEntropy bounds its gradient at 2 of 6 predictions: there it is not the derivative of what the loss computes. The derivative was checked in its place.";

    [Theory]
    [InlineData(-35)]
    [InlineData(-80)]
    [InlineData(-95)] // a float p here is so small that 1/p is infinite
    [InlineData(-300)]
    [InlineData(30)]
    [InlineData(34)]
    [InlineData(60)]
    public void A_saturated_probability_is_not_called_wrong(double logit)
    {
        CheckNetwork<double>(logit, new Sigmoid<double>()).ThrowIfFailed();
        CheckNetwork<float>(logit, new Sigmoid<float>()).ThrowIfFailed();
    }

    [Fact]
    public void The_report_says_so() => Assert.Contains(Note, CheckNetwork<double>(-35, new Sigmoid<double>()).Notes);

    [Fact]
    public void Nothing_is_said_where_nothing_is_bounded() => Assert.Empty(CheckNetwork<double>(-20, new Sigmoid<double>()).Notes);

    [Fact]
    public void The_layers_below_are_proved_by_what_the_bound_leaves_out()
    {
        GradientCheckReport report = CheckNetwork<double>(-35, new Sigmoid<double>());
        Assert.Equal(GradientVerdict.Pass, report.Rows[0].Verdict);
        Assert.Equal(0, report.Rows[0].Noise);
        Assert.Equal(GradientVerdict.Fail, CheckNetwork<double>(-35, new HalfSigmoid<double>()).Verdict);
    }

    [Fact]
    public void The_loss_alone_passes_too()
    {
        var loss = new BinaryCrossEntropy<double>();
        GradientCheckReport report = GradientCheck.Run(loss, Tensor.Create([1e-20, 0.5, 1e-13], [3]), Tensor.Create([0.25, 0.5, 1], [3]));
        report.ThrowIfFailed();
        Assert.Equal(0, report.Rows[0].Noise);
        Assert.Contains("at 2 of 3 predictions", Assert.Single(report.Notes), StringComparison.Ordinal);
    }

    /// <summary>What training gets stays PyTorch's number.</summary>
    [Fact]
    public void The_gradient_itself_keeps_its_bound()
    {
        var loss = new BinaryCrossEntropy<double>();
        loss.Forward(Tensor.Create([1e-20, 0, 1, 0.5]), Tensor.Create([1.0, 1, 0, 0]));
        Assert.Equal([-0.25e12, -0.25e12, 0.25e12, 0.5], loss.Backward().ToArray().Select(value => Math.Round(value, 6)));
        Assert.Equal([-0.25e20, 0, 0, 0.5], loss.Derivative().ToArray().Select(value => Math.Round(value, 6)));
        Assert.Equal(3, loss.BoundCount);
    }

    [Fact]
    public void A_loss_of_ones_own_that_bounds_and_does_not_say_so_is_wrong() =>
        Assert.Equal(GradientVerdict.Fail, GradientCheck.Run(new Silent(), Tensor.Create([1e-20, 0.5, 1e-13], [3]), Tensor.Create([0.25, 0.5, 1], [3])).Verdict);

    [Fact]
    public void The_clamps_of_the_logarithms_are_branches()
    {
        var loss = new BinaryCrossEntropy<double>();
        loss.Forward(Tensor.Create([0, 1e-44, 1e-43, 0.5, 1 - 1e-16, 1]), Tensor.Create([1.0, 1, 1, 1, 1, 1]));
        Assert.Equal([1, 1, 0, 0, 0, 2], Enumerable.Range(0, loss.BranchCount).Select(loss.Branch));
        var single = new BinaryCrossEntropy<float>();
        single.Forward(Tensor.Create([0, 1e-39f, 1e-38f, 0.5f, 1]), Tensor.Create([1f, 1, 1, 1, 1]));
        Assert.Equal([1, 3, 0, 0, 2], Enumerable.Range(0, single.BranchCount).Select(single.Branch));
    }

    /// <summary>Three samples of two outputs; the first output of two of them has about the logit, all others are near 0.</summary>
    private static GradientCheckReport CheckNetwork<T>(double logit, Layer<T> sigmoid)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var linear = new Linear<T>(2, 2, new NumPyRandom(1), bias: ChainRule.Initialization.Initializer.PyTorchDefault);
        Write(linear.Weight.Value, [logit, 0.25, 0.5, -0.5]);
        Tensor<T> x = Tensor.CreateFromShape<T>([3, 2]);
        Write(x, [1, 0.5, 1.01, -0.75, 0, 0.375]);
        Tensor<T> y = Tensor.CreateFromShape<T>([3, 2]);
        Write(y, [0.25, 0.5, 0.75, 0.125, 0.5, 0.625]);
        return GradientCheck.Run(new Sequential<T>(linear, sigmoid), new BinaryCrossEntropy<T>(), x, y);
    }

    private static void Write<T>(Tensor<T> tensor, double[] values)
        where T : unmanaged, IFloatingPointIeee754<T> => values.Select(T.CreateChecked).ToArray().CopyTo(tensor.AsSpan());

    /// <summary>A sigmoid whose backward pass has lost half of its gradient.</summary>
    private sealed class HalfSigmoid<T> : BufferedLayer<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
        {
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = T.One / (T.One + T.Exp(-input[i]));
            }
        }

        protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        {
            for (int i = 0; i < outputGradient.Length; i++)
            {
                inputGradient[i] = outputGradient[i] * Output[i] * (T.One - Output[i]) / T.CreateChecked(2);
            }
        }
    }

    /// <summary>The binary cross-entropy with its bound, by somebody else.</summary>
    private sealed class Silent : Loss<double>
    {
        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
        {
            double sum = 0;
            for (int i = 0; i < prediction.Length; i++)
            {
                sum -= (target[i] * Math.Log(prediction[i])) + ((1 - target[i]) * Math.Log(1 - prediction[i]));
            }

            return sum / prediction.Length;
        }

        protected override void Backward(Span<double> predictionGradient)
        {
            for (int i = 0; i < predictionGradient.Length; i++)
            {
                predictionGradient[i] = (Prediction[i] - Target[i]) / Math.Max(Prediction[i] * (1 - Prediction[i]), 1e-12) / Prediction.Length;
            }
        }
    }
}
