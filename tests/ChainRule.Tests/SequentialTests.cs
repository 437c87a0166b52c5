using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests;

/// <summary>Names, order and the life of gradients in a network.</summary>
public class SequentialTests
{
    private readonly NumPyRandom random = new(0);

    [Fact]
    public void Names_count_the_layers_that_have_parameters()
    {
        var network = new Sequential<double>(
            new Linear<double>(2, 3, random), new ReLU<double>(),
            new Linear<double>(3, 3, random, hasBias: false), new ReLU<double>(),
            new Linear<double>(3, 1, random), new Sigmoid<double>());
        Assert.Equal(["layer1.weight", "layer1.bias", "layer2.weight", "layer3.weight", "layer3.bias"], network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["layer1", "relu1", "layer2", "relu2", "layer3", "sigmoid1"], network.Layers.Select(layer => layer.Name));
        Assert.Equal("Sequential(Linear(2, 3), ReLU, Linear(3, 3, no bias), ReLU, Linear(3, 1), Sigmoid)", network.ToString());
    }

    [Fact]
    public void A_network_in_a_network_puts_its_name_in_front()
    {
        var inner = new Sequential<double>(new Linear<double>(2, 2, random), new Tanh<double>());
        var network = new Sequential<double>(new Linear<double>(2, 2, random), inner);
        var outer = new Sequential<double>(new Tanh<double>(), network);
        Assert.Equal(["layer1.layer1.weight", "layer1.layer1.bias", "layer1.layer2.layer1.weight", "layer1.layer2.layer1.bias"], outer.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("layer1.layer2.tanh1", inner.Layers[1].Name);
    }

    [Fact]
    public void A_layer_has_one_place_in_one_network()
    {
        var relu = new ReLU<double>();
        Assert.Contains("Layer 2 of 2, ReLU, already belongs to a network", Assert.Throws<ArgumentException>(() => new Sequential<double>(relu, relu)).Message, StringComparison.Ordinal);
        _ = new Sequential<double>(relu);
        Assert.Contains("Layer 1 of 1, ReLU 'relu1', already belongs", Assert.Throws<ArgumentException>(() => new Sequential<double>(relu)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Sequential<double>());
    }

    /// <summary>Below whole numbers no gradient arrives: parameters there would stand still, silently.</summary>
    [Fact]
    public void A_layer_without_an_input_gradient_stands_below_all_parameters()
    {
        var error = Assert.Throws<ArgumentException>(() => new Sequential<double>(new Linear<double>(2, 3, random), new Embedding<double>(5, 4, random)));
        Assert.StartsWith("Layer 2 of 2, Embedding(5, 4), has no gradient for its input: the parameters of layer 1, Linear(2, 3), would never learn. Put it first.", error.Message, StringComparison.Ordinal);
        var network = new Sequential<double>(new Flatten<double>(), new Embedding<double>(5, 4, random), new Linear<double>(4, 2, random));
        network.Forward(Tensor.Create([0.0, 3, 1, 4], [2, 2]));
        Assert.False(network.HasInputGradient);
        Assert.Equal(0, network.Backward(Tensor.CreateFromShape<double>([2, 2, 2])).FlattenedLength);
        Assert.All(network.Parameters, parameter => Assert.True(parameter.HasGradient));
    }

    [Fact]
    public void Training_or_inferring_reaches_every_layer()
    {
        var network = new Sequential<double>(new Sequential<double>(new Tanh<double>()), new ReLU<double>());
        network.IsTraining = false;
        Assert.All(network.Layers, layer => Assert.False(layer.IsTraining));
        Assert.False(((Sequential<double>)network.Layers[0]).Layers[0].IsTraining);
    }

    /// <summary>Training leaves out the gradient of the data, and every parameter gets the same gradient as with it.</summary>
    [Fact]
    public void Without_the_gradient_of_the_input_the_others_are_the_same()
    {
        var network = new Sequential<double>(new Tanh<double>(), new Sequential<double>(new Linear<double>(3, 4, random), new ReLU<double>()), new Linear<double>(4, 2, random));
        Tensor<double> x = random.Randn(5, 3);
        Tensor<double> upstream = random.Randn(5, 2);
        network.Forward(x);
        Assert.Equal([5, 3], network.Backward(upstream).Lengths.ToArray());
        double[] expected = [.. network.Parameters.SelectMany(parameter => parameter.Gradient)];
        foreach (Parameter<double> parameter in network.Parameters)
        {
            parameter.DiscardGradient();
            parameter.Gradient.Fill(double.NaN);
        }

        network.NeedsInputGradient = false;
        network.Forward(x);
        Assert.True(network.Backward(upstream).IsEmpty);
        Assert.Equal(expected, network.Parameters.SelectMany(parameter => parameter.Gradient));
        GradientCheck.Run(network, x).ThrowIfFailed();
        Assert.False(network.NeedsInputGradient);
    }

    /// <summary>The rule of the engine: gradients add up until the optimizer steps, then the next Backward overwrites.</summary>
    [Fact]
    public void Gradients_add_up_until_the_step_and_start_anew_after_it()
    {
        var network = new Sequential<double>(new Linear<double>(2, 1, random));
        var optimizer = new Sgd<double>(network.Parameters, 0);
        Tensor<double> x = Tensor.Create([3.0, 5.0], [1, 2]);
        Tensor<double> one = Tensor.Create([1.0], [1, 1]);
        network.Forward(x);
        network.Backward(one);
        Assert.Equal([3.0, 5.0], network.Parameters[0].Gradient);
        network.Backward(one);
        Assert.Equal([6.0, 10.0], network.Parameters[0].Gradient);
        Assert.Equal([2.0], network.Parameters[1].Gradient);
        optimizer.Step();
        Assert.Equal([6.0, 10.0], network.Parameters[0].Gradient);
        network.Backward(one);
        Assert.Equal([3.0, 5.0], network.Parameters[0].Gradient);
        Assert.Equal([1.0], network.Parameters[1].Gradient);
        network.Parameters[0].DiscardGradient();
        network.Backward(one);
        Assert.Equal([3.0, 5.0], network.Parameters[0].Gradient);
        Assert.Equal([2.0], network.Parameters[1].Gradient);
    }

    /// <summary>A whole step: forward, loss, backward, update, with a smaller batch now and then.</summary>
    [Fact]
    public void A_warm_training_step_allocates_nothing()
    {
        var network = new Sequential<float>(new Linear<float>(5, 9, random), new Gelu<float>(), new Linear<float>(9, 4, random));
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new AdamW<float>(network.Parameters, amsgrad: true);
        (Tensor<float> X, Tensor<float> Y)[] batches = [.. new[] { 16, 5 }.Select(batch =>
            (Tensor.ConvertTruncating<double, float>(random.Randn(batch, 5)), Tensor.ConvertTruncating<long, float>(random.RandInt(0, 4, [batch]))))];
        void Epoch()
        {
            foreach ((Tensor<float> x, Tensor<float> y) in batches)
            {
                loss.Forward(network.Forward(x), y);
                network.Backward(loss.Backward());
                optimizer.Step();
            }
        }

        Assert.Equal(0, Allocation.OfHundredRuns(Epoch));
    }

    [Fact]
    public void Outputs_stay_valid_until_the_next_Forward_and_layers_share_no_memory()
    {
        var first = new Tanh<double>();
        var second = new Tanh<double>();
        Tensor<double> a = first.Forward(random.Randn(2, 3));
        double[] values = [.. a];
        second.Forward(random.Randn(2, 3));
        first.Backward(random.Randn(2, 3));
        Assert.Equal(values, a);
    }
}
