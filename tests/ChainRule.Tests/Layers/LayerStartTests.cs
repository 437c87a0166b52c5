using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Layers;

/// <summary>What a layer is before its first step, what it calls itself, and what it does not keep from an earlier batch.</summary>
public class LayerStartTests
{
    public static TheoryData<string> Layers => [.. LayerCatalogue.All.Select(layer => layer.Name)];

    /// <summary>A network that starts from zeros, or from another scheme than the one that was asked for, learns other things and says nothing.</summary>
    [Fact]
    public void Weights_start_as_the_initializer_says()
    {
        var random = new NumPyRandom(1);
        Func<Initializer?, Layer<double>>[] layers =
        [
            weight => new Linear<double>(3, 4, random, weight),
            weight => new Conv2d<double>(2, 4, 3, random, weight: weight),
            weight => new Embedding<double>(5, 3, random, weight),
            weight => new PositionEmbedding<double>(4, 3, random, weight),
            weight => new MultiHeadAttention<double>(4, 2, random, weight: weight),
            weight => new Lstm<double>(3, 4, random, initializer: weight),
            weight => new Gru<double>(3, 4, random, initializer: weight),
        ];
        Assert.All(layers, make =>
        {
            IEnumerable<Parameter<double>> Weights(Initializer? weight) => make(weight).Parameters.Where(parameter => parameter.Value.Rank > 1);
            Assert.All(Weights(null), weight => Assert.DoesNotContain(0.0, weight.Value));
            Assert.All(Weights(Initializer.Zeros), weight => Assert.All(weight.Value, value => Assert.Equal(0, value)));
        });
    }

    [Fact]
    public void Biases_start_at_0_or_as_the_initializer_says()
    {
        var random = new NumPyRandom(1);
        Assert.All(new Linear<double>(3, 4, random).Bias!.Value, value => Assert.Equal(0, value));
        Assert.All(new Conv2d<double>(2, 4, 3, random).Bias!.Value, value => Assert.Equal(0, value));
        Assert.DoesNotContain(0.0, new Linear<double>(3, 4, random, bias: Initializer.HeNormal).Bias!.Value);
        Assert.DoesNotContain(0.0, new Conv2d<double>(2, 4, 3, random, bias: Initializer.HeNormal).Bias!.Value);
    }

    /// <summary>Normalisation starts as normalisation: scaled by 1, moved by 0, with the statistics of numbers that are normal already.</summary>
    [Fact]
    public void Normalization_starts_without_a_scale()
    {
        var batch = new BatchNorm1d<double>(2);
        Assert.Equal([1, 1, 0, 0], batch.Parameters.SelectMany(parameter => parameter.Value));
        Assert.Equal([0, 0, 1, 1], batch.Statistics.SelectMany(statistic => statistic.Value));
        Assert.Equal([1, 1, 0, 0], new LayerNorm<double>([2]).Parameters.SelectMany(parameter => parameter.Value));
        Assert.Equal([1, 1], new RmsNorm<double>([2]).Parameters.SelectMany(parameter => parameter.Value));
    }

    /// <summary>
    /// A large batch, a small one and one in between: each gives the bits that a new layer gives. In the memory of the large one, what is
    /// left of the small one lies where the third begins.
    /// </summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Nothing_is_left_of_a_batch_of_another_size(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        Layer<double> used = Create();
        foreach (int batch in new[] { 5, 2, 3 })
        {
            Tensor<double> x = Batch(batch);
            Assert.Equal(Pass(Create(), x), Pass(used, x));
        }

        Tensor<double> Batch(int samples) => layerCase.Input(samples, 4, new NumPyRandom(7));

        Layer<double> Create()
        {
            Layer<double> layer = layerCase.Create<double>(Batch(5).Lengths, new NumPyRandom(8));
            layer.IsTraining = false; // no numbers drawn anew, no statistics that move
            return layer;
        }

        static double[] Pass(Layer<double> layer, Tensor<double> x)
        {
            double[] output = [.. layer.Forward(x)];
            foreach (Parameter<double> parameter in layer.Parameters)
            {
                parameter.DiscardGradient();
            }

            double[] inputGradient = layer.Backward(new NumPyRandom(9).Randn(layer.Forward(x).Lengths)).AsSpan().ToArray();
            return [.. output, .. inputGradient, .. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
        }
    }

    /// <summary>Images of another size after the first ones: higher and narrower, with as many pixels, so that no length tells them apart.</summary>
    [Fact]
    public void Nothing_is_left_of_images_of_another_size()
    {
        Func<Layer<double>>[] layers =
        [
            () => new Conv2d<double>(2, 3, 3, new NumPyRandom(5), padding: 1),
            () => new MaxPool2d<double>(2, stride: 1),
            () => new AveragePool2d<double>(2, stride: 1, padding: 1, countsPadding: false),
        ];
        Assert.All(layers, make =>
        {
            Layer<double> used = make();
            foreach ((int height, int width) in new[] { (4, 6), (6, 4), (3, 5) })
            {
                Tensor<double> x = new NumPyRandom(6).Randn(2, 2, height, width);
                Layer<double> fresh = make();
                Tensor<double> upstream = new NumPyRandom(7).Randn(fresh.Forward(x).Lengths);
                double[] expected = [.. fresh.Forward(x), .. fresh.Backward(upstream)];
                Assert.Equal(expected, (double[])[.. used.Forward(x), .. used.Backward(upstream)]);
            }
        });
    }

    /// <summary>The first layer of a network need not say what nobody asks for; its parameters learn the same.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void Without_the_gradient_of_the_input_those_of_the_parameters_are_the_same(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        double[] Gradients(bool needed, out nint inputGradient)
        {
            var random = new NumPyRandom(3);
            Tensor<double> x = layerCase.Input(3, 4, random);
            Layer<double> layer = layerCase.Create<double>(x.Lengths, random);
            layer.NeedsInputGradient = needed;
            inputGradient = layer.Backward(new NumPyRandom(4).Randn(layer.Forward(x).Lengths)).FlattenedLength;
            return [.. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
        }

        double[] expected = Gradients(true, out nint whole);
        Assert.Equal(expected, Gradients(false, out nint skipped));
        Assert.Contains(skipped, new[] { 0, whole });
        if (expected.Length > 0 && !name.Contains("Norm", StringComparison.Ordinal))
        {
            Assert.Equal(0, skipped);
        }
    }

    /// <summary>Pooling in front of everything else, and branches: nobody asks for what they say of their input, and nobody computes it.</summary>
    [Fact]
    public void What_nobody_needs_is_not_computed()
    {
        Tensor<double> images = new NumPyRandom(1).Randn(2, 1, 4, 4);
        Layer<double>[] branches = [new MaxPool2d<double>(2), new AveragePool2d<double>(2)];
        Layer<double>[] layers = [new MaxPool2d<double>(2), new AveragePool2d<double>(2), new Concatenate<double>(branches)];
        Assert.All(layers, layer =>
        {
            layer.NeedsInputGradient = false;
            Assert.Equal(0, layer.Backward(layer.Forward(images).ToDenseTensor()).FlattenedLength);
        });
        Assert.All(branches, branch => Assert.False(branch.NeedsInputGradient));
    }

    [Fact]
    public void Null_is_refused_by_name()
    {
        Assert.Throws<ArgumentNullException>("random", () => new Linear<double>(1, 1, null!));
        Assert.Throws<ArgumentNullException>("random", () => new Conv2d<double>(1, 1, 3, null!));
        Assert.Throws<ArgumentNullException>("random", () => new Embedding<double>(1, 1, null!));
        Assert.Throws<ArgumentNullException>("random", () => new PositionEmbedding<double>(1, 1, null!));
        Assert.Throws<ArgumentNullException>("random", () => new MultiHeadAttention<double>(1, 1, null!));
        Assert.Throws<ArgumentNullException>("random", () => new Lstm<double>(1, 1, null!));
        Assert.Throws<ArgumentNullException>("random", () => new Dropout<double>(0.5, null!));
        Assert.Throws<ArgumentNullException>("shape", () => new Reshape<double>(null!));
        Assert.Throws<ArgumentNullException>("order", () => new Transpose<double>(null!));
        Assert.Throws<ArgumentNullException>("dimensions", () => new LayerNorm<double>(null!));
        Assert.Throws<ArgumentNullException>("parameters", () => new Penalty<double>(null!, 1, 1));
        Assert.Throws<ArgumentNullException>("network", () => Penalty<double>.WeightsOf(null!));
    }

    /// <summary>Settings at the border: what is just inside is taken, what is just outside is refused.</summary>
    [Fact]
    public void Settings_at_their_borders()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm<double>([3], epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm<double>([3], epsilon: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsNorm<double>([3], epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hinge<double>(0));
        Assert.Throws<ArgumentOutOfRangeException>("outputs", () => new Linear<double>(1, 0, new NumPyRandom(0)));
        Assert.Throws<ArgumentOutOfRangeException>("groups", () => new Conv2d<double>(1, 1, 3, new NumPyRandom(0), groups: 0));
        Assert.Equal(0, new Dropout<double>(0, new NumPyRandom(0)).Probability);
        int[] seven = [1, 1, 1, 1, 1, 1, 1];
        int[] eight = [.. seven, 1];
        Assert.Equal(7, new Reshape<double>(seven).SampleShape.Count);
        Assert.Equal(2, new LayerNorm<double>(seven).Parameters.Count);
        Assert.NotNull(new Transpose<double>(1, 2, 3, 4, 5, 6, 7));
        Assert.NotNull(new Concatenate<double>(7, new ReLU<double>()));
        Assert.Contains("from 1 to 7", Assert.Throws<ArgumentException>(() => new Reshape<double>(eight)).Message, StringComparison.Ordinal);
        Assert.Contains("from 1 to 7", Assert.Throws<ArgumentException>(() => new LayerNorm<double>(eight)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 7", Assert.Throws<ArgumentException>(() => new Transpose<double>(1, 2, 3, 4, 5, 6, 7, 8)).Message, StringComparison.Ordinal);
        Assert.Contains("from 1 to 7", Assert.Throws<ArgumentOutOfRangeException>(() => new Concatenate<double>(8, new ReLU<double>())).Message, StringComparison.Ordinal);
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => new LayerNorm<double>([0, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("samples of 6 values, got 12", Assert.Throws<ArgumentException>(() => new Reshape<double>(2, 3).Forward(Tensor.CreateFromShape<double>([2, 12]))).Message, StringComparison.Ordinal);
    }

    /// <summary>Reports and messages name a layer with all that sets it apart.</summary>
    [Fact]
    public void Layers_name_their_settings()
    {
        var random = new NumPyRandom(0);
        Assert.Equal("Linear(2, 3)", new Linear<double>(2, 3, random).ToString());
        Assert.Equal("Linear(2, 3, no bias)", new Linear<double>(2, 3, random, hasBias: false).ToString());
        Assert.Equal("Conv2d(2, 4, kernel 3)", new Conv2d<double>(2, 4, 3, random).ToString());
        Assert.Equal("Conv2d(2, 4, kernel 3, groups 2, no bias)", new Conv2d<double>(2, 4, 3, random, groups: 2, hasBias: false).ToString());
        Assert.Equal("AveragePool2d(kernel 2, padding 1)", new AveragePool2d<double>(2, padding: 1).ToString());
        Assert.Equal("AveragePool2d(kernel 2, padding 1, padding not counted)", new AveragePool2d<double>(2, padding: 1, countsPadding: false).ToString());
        Assert.Equal("BatchNorm1d(3)", new BatchNorm1d<double>(3).ToString());
        Assert.Equal("BatchNorm1d(3, not affine, no running statistics)", new BatchNorm1d<double>(3, affine: false, tracksStatistics: false).ToString());
        Assert.Equal("LayerNorm(3)", new LayerNorm<double>([3]).ToString());
        Assert.Equal("LayerNorm(3, not affine)", new LayerNorm<double>([3], affine: false).ToString());
        Assert.Equal("RmsNorm(3)", new RmsNorm<double>([3]).ToString());
        Assert.Equal("Gelu", new Gelu<double>().ToString());
        Assert.Equal("Gelu(Tanh)", new Gelu<double>(GeluForm.Tanh).ToString());
        Assert.Equal("MultiHeadAttention(4, 1 head)", new MultiHeadAttention<double>(4, 1, random).ToString());
        Assert.Equal("MultiHeadAttention(4, 2 heads, causal, no bias)", new MultiHeadAttention<double>(4, 2, random, isCausal: true, hasBias: false).ToString());
    }

    [Fact]
    public void A_penalty_is_usually_on_matrices_and_more()
    {
        var network = new Sequential<double>(new Linear<double>(2, 3, new NumPyRandom(0)), new BatchNorm1d<double>(3));
        Assert.Equal(["layer1.weight"], Penalty<double>.WeightsOf(network).Select(parameter => parameter.Name));
        Assert.Equal(["weight"], Penalty<double>.WeightsOf(new Conv2d<double>(1, 1, 3, new NumPyRandom(0))).Select(parameter => parameter.Name));
    }
}
