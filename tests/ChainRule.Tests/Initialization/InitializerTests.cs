using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Initialization;

/// <summary>Each scheme draws from the distribution that its paper gives.</summary>
public class InitializerTests
{
    private const int FanIn = 300;
    private const int FanOut = 200;

    public static TheoryData<string, double> StandardDeviations => new()
    {
        { nameof(Initializer.HeNormal), Math.Sqrt(2.0 / FanIn) },
        { nameof(Initializer.HeUniform), Math.Sqrt(2.0 / FanIn) },
        { nameof(Initializer.GlorotNormal), Math.Sqrt(2.0 / (FanIn + FanOut)) },
        { nameof(Initializer.GlorotUniform), Math.Sqrt(2.0 / (FanIn + FanOut)) },
        { nameof(Initializer.PyTorchDefault), Math.Sqrt(1.0 / (3 * FanIn)) },
    };

    /// <summary>60,000 draws: the mean and the standard deviation are known to about 0.4% and 0.3%; four of these are allowed.</summary>
    [Theory]
    [MemberData(nameof(StandardDeviations))]
    public void Mean_and_standard_deviation(string name, double expected)
    {
        double[] values = Draw(Get(name));
        double deviation = Math.Sqrt(values.Sum(value => value * value) / values.Length);
        Assert.Equal(1, deviation / expected, 0.012);
        Assert.Equal(0, values.Average() / expected, 0.016);
    }

    [Theory]
    [InlineData(nameof(Initializer.HeUniform), 6.0 / FanIn)]
    [InlineData(nameof(Initializer.GlorotUniform), 6.0 / (FanIn + FanOut))]
    [InlineData(nameof(Initializer.PyTorchDefault), 1.0 / FanIn)]
    public void Uniform_schemes_keep_within_their_limit_and_use_all_of_it(string name, double squaredLimit)
    {
        double[] values = Draw(Get(name));
        double limit = Math.Sqrt(squaredLimit);
        Assert.All(values, value => Assert.InRange(value, -limit, limit));
        Assert.InRange(values.Max(), 0.999 * limit, limit);
        Assert.InRange(values.Min(), -limit, -0.999 * limit);
    }

    [Fact]
    public void Normal_schemes_scale_NumPys_normal_numbers_in_order()
    {
        double factor = Math.Sqrt(2.0 / FanIn);
        Assert.Equal(new NumPyRandom(7).Randn(FanIn, FanOut).Select(value => value * factor), Draw(Initializer.HeNormal));
    }

    [Fact]
    public void A_normal_scheme_of_ones_own_ignores_the_fans()
    {
        Assert.Equal(new NumPyRandom(7).Randn(FanIn, FanOut).Select(value => value * 0.02), Draw(Initializer.Normal(0.02)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(double.NaN));
    }

    [Fact]
    public void Zeros_and_constants_draw_nothing()
    {
        var random = new NumPyRandom(7);
        Tensor<float> value = Tensor.Create([1f, 2f]);
        Initializer.Zeros.Fill(value, 1, 2, random);
        Assert.Equal([0f, 0f], value);
        Initializer.Constant(0.25).Fill(value, 1, 2, random);
        Assert.Equal([0.25f, 0.25f], value);
        Assert.Equal(new NumPyRandom(7).Rand(), random.Rand());
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Constant(double.NaN));
    }

    [Fact]
    public void Linear_starts_as_its_initializers_say()
    {
        var random = new NumPyRandom(1);
        Assert.Equal(Enumerable.Repeat(0.0, 5), new Linear<double>(3, 5, random).Bias!.Value);
        var pyTorch = new Linear<double>(4, 50, random, Initializer.PyTorchDefault, Initializer.PyTorchDefault);
        Assert.All(pyTorch.Weight.Value.Concat(pyTorch.Bias!.Value), value => Assert.InRange(value, -0.5, 0.5));
        Assert.DoesNotContain(0.0, pyTorch.Bias.Value);
    }

    [Fact]
    public void Networks_of_float_and_of_double_start_at_the_same_weights()
    {
        double[] wide = [.. new Linear<double>(3, 5, new NumPyRandom(9)).Weight.Value];
        Assert.Equal(wide.Select(value => (float)value), new Linear<float>(3, 5, new NumPyRandom(9)).Weight.Value);
    }

    private static double[] Draw(Initializer initializer)
    {
        Tensor<double> value = Tensor.CreateFromShape<double>([FanIn, FanOut]);
        initializer.Fill(value, FanIn, FanOut, new NumPyRandom(7));
        return [.. value];
    }

    private static Initializer Get(string name) => (Initializer)typeof(Initializer).GetProperty(name)!.GetValue(null)!;
}
