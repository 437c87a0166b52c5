using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Layers;

public sealed class DropoutTests
{
    private readonly Tensor<double> x = new NumPyRandom(1).Uniform(1, 2, 200, 50);

    [Fact]
    public void Training_drops_the_share_p_scales_the_rest_and_draws_anew_each_time()
    {
        var dropout = new Dropout<double>(0.3, new NumPyRandom(2));
        double[] first = [.. dropout.Forward(x)];
        Assert.InRange(first.Count(a => a == 0) / 10_000.0, 0.28, 0.32);
        Assert.All(first.Zip(x), pair => Assert.True(pair.First == 0 || Math.Abs((pair.First / pair.Second) - (1 / 0.7)) < 1e-14));
        Assert.NotEqual(first, dropout.Forward(x));
    }

    [Fact]
    public void Inference_passes_everything_forward_and_backward()
    {
        var dropout = new Dropout<double>(0.3, new NumPyRandom(2)) { IsTraining = false };
        Assert.Equal(x, dropout.Forward(x));
        Assert.Equal(x, dropout.Backward(x));
    }

    /// <summary>∂L/∂x passes where x passed, with the same scale: for a = x ∘ r and upstream x, ∂L/∂x = a.</summary>
    [Fact]
    public void Backward_uses_the_mask_of_the_last_forward()
    {
        var dropout = new Dropout<double>(0.5, new NumPyRandom(3));
        double[] a = [.. dropout.Forward(x)];
        Assert.Equal(a, dropout.Backward(x));
    }

    [Fact]
    public void With_a_kept_mask_the_gradient_is_proved_numerically()
    {
        var random = new NumPyRandom(4);
        var dropout = new Dropout<double>(0.4, random) { KeepsMask = true };
        GradientCheck.Run(new Sequential<double>(new Linear<double>(3, 5, random), dropout, new Tanh<double>()), random.Randn(4, 3)).ThrowIfFailed();
    }

    [Fact]
    public void A_warm_step_allocates_nothing()
    {
        var dropout = new Dropout<double>(0.5, new NumPyRandom(3));
        Assert.Equal(0, Allocation.OfHundredRuns(() => dropout.Backward(dropout.Forward(x))));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_probability_that_is_none_is_refused(double probability) =>
        Assert.Contains("less than 1", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout<double>(probability, new NumPyRandom(1))).Message, StringComparison.Ordinal);
}
