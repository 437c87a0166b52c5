using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class NetworkHealthTests
{
    private readonly NumPyRandom random = new(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_fresh_network_is_healthy(uint seed)
    {
        var fresh = new NumPyRandom(seed);
        Sequential<double> network = Backpropagated(new Linear<double>(4, 16, fresh), new ReLU<double>(), new Linear<double>(16, 16, fresh), new Tanh<double>(), new Linear<double>(16, 2, fresh));
        Assert.Empty(NetworkHealth.Examine(network, fresh.Randn(50, 4)));
    }

    [Fact]
    public void Dead_relus_are_found_with_their_share()
    {
        var linear = new Linear<double>(4, 8, random);
        Tensor<double> bias = linear.Bias!.Value;
        for (int unit = 0; unit < 6; unit++)
        {
            bias[unit] = -1000;
        }

        Sequential<double> network = Backpropagated(linear, new ReLU<double>(), new Linear<double>(8, 2, random));
        Assert.Equal(new HealthWarning(HealthProblem.DeadUnits, "relu1", 0.75), Assert.Single(NetworkHealth.Examine(network, random.Randn(50, 4))));
    }

    [Fact]
    public void Saturated_hidden_units_are_found_and_a_sure_answer_is_none()
    {
        var wide = Initializer.Constant(50);
        Sequential<double> network = Backpropagated(new Linear<double>(4, 8, random, wide), new Sigmoid<double>(), new Linear<double>(8, 1, random, wide), new Sigmoid<double>());
        IReadOnlyList<HealthWarning> warnings = NetworkHealth.Examine(network, random.Uniform(0.5, 1, 50, 4));
        Assert.Equal((HealthProblem.SaturatedUnits, "sigmoid1", 1.0), Assert.Single(warnings.Select(warning => (warning.Problem, warning.Place, warning.Extent))));
    }

    /// <summary>Ten sigmoids with small weights: each leaves at most a quarter of the gradient.</summary>
    [Fact]
    public void A_gradient_that_vanishes_on_its_way_is_found()
    {
        var layers = new List<Layer<double>>();
        for (int i = 0; i < 10; i++)
        {
            layers.Add(new Linear<double>(4, 4, random, Initializer.GlorotUniform));
            layers.Add(new Sigmoid<double>());
        }

        HealthWarning warning = Assert.Single(NetworkHealth.Examine(Backpropagated([.. layers]), random.Randn(50, 4)));
        Assert.Equal((HealthProblem.VanishingGradient, "layer1.weight"), (warning.Problem, warning.Place));
    }

    [Fact]
    public void A_gradient_that_explodes_on_its_way_is_found()
    {
        var large = Initializer.Constant(100);
        HealthWarning warning = Assert.Single(NetworkHealth.Examine(
            Backpropagated(new Linear<double>(4, 4, random, Initializer.Constant(1e-6)), new Linear<double>(4, 4, random, large), new Linear<double>(4, 4, random, large), new Linear<double>(4, 4, random, large), new Linear<double>(4, 2, random)),
            random.Randn(50, 4)));
        Assert.Equal(HealthProblem.ExplodingGradient, warning.Problem);
    }

    private Sequential<double> Backpropagated(params Layer<double>[] layers)
    {
        var network = new Sequential<double>(layers);
        var loss = new MeanSquaredError<double>();
        Tensor<double> a = network.Forward(random.Randn(50, 4));
        loss.Forward(a, random.Rand(a.Lengths));
        network.Backward(loss.Backward());
        return network;
    }
}
