using System.Buffers;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Layers;

/// <summary>Mistakes get a message that names the layer and both shapes.</summary>
public class LayerErrorTests
{
    public static TheoryData<string> Layers => [.. LayerCatalogue.All.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_before_Forward(string name)
    {
        Layer<double> layer = Make(name, out _);
        var error = Assert.Throws<InvalidOperationException>(() => layer.Backward(Tensor.CreateFromShape<double>([1, 3])));
        Assert.StartsWith($"{layer}: Backward was called before Forward.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Empty_batch(string name)
    {
        Layer<double> layer = Make(name, out _);
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>([0, 3])));
        Assert.StartsWith($"{layer}: the input is empty: expected at least one sample and one value, got the shape (0, 3).", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void No_dimensions_at_all_and_too_many(string name)
    {
        Layer<double> layer = Make(name, out _);
        Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>([])));
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>([1, 1, 1, 1, 1, 1, 1, 1, 3])));
        Assert.Contains("expected from 1 to 8 dimensions", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Strided_input(string name)
    {
        Layer<double> layer = Make(name, out Tensor<double> x);
        nint[] twiceAsWide = [.. x.Lengths[..^1], 2 * x.Lengths[^1]];
        NRange[] part = [.. x.Lengths.ToArray().Select(length => new NRange(0, length))];
        Tensor<double> columns = Tensor.CreateFromShape<double>(twiceAsWide).Slice(part);
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(columns));
        Assert.StartsWith($"{layer}: the input is a strided view of shape {Shape.Describe(x.Lengths)}", error.Message, StringComparison.Ordinal);
        layer.Forward(columns.ToDenseTensor());
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Output_gradient_of_another_shape(string name)
    {
        Layer<double> layer = Make(name, out Tensor<double> x);
        string shape = Shape.Describe(layer.Forward(x).Lengths);
        var error = Assert.Throws<ArgumentException>(() => layer.Backward(Tensor.CreateFromShape<double>([3, 3, 7])));
        Assert.StartsWith($"{layer}: expected an output gradient in the shape of the last output, {shape}, got (3, 3, 7).", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A wrong batch must leave the layer as the last right one left it.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_refused_batch_changes_nothing(string name)
    {
        Layer<double> layer = Make(name, out Tensor<double> x);
        Tensor<double> upstream = new NumPyRandom(6).Randn(layer.Forward(x).Lengths);
        double[] expected = layer.Backward(upstream).AsSpan().ToArray();
        Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>([0, 3])));
        Assert.Equal(expected, layer.Backward(upstream).AsSpan().ToArray());
    }

    [Theory]
    [InlineData("(4, 3)", 4, 3)]
    [InlineData("(2,)", 2)]
    [InlineData("(1, 2, 3)", 1, 2, 3)]
    public void Linear_names_itself_and_both_shapes(string given, params int[] shape)
    {
        var random = new NumPyRandom(0);
        var first = new Linear<double>(2, 8, random);
        var network = new Sequential<double>(first, new ReLU<double>());
        nint[] lengths = [.. shape.Select(length => (nint)length)];
        var error = Assert.Throws<ArgumentException>(() => network.Forward(Tensor.CreateFromShape<double>(lengths)));
        Assert.Equal($"Linear(2, 8) 'layer1': expected an input of shape (batch, …, 2), got {given}.", error.Message);
    }

    [Theory]
    [InlineData("Conv2d(2, 4, kernel (3, 2), stride 2): expected an input of shape (batch, 2, height, width), got (5, 2, 9).", 5, 2, 9)]
    [InlineData("Conv2d(2, 4, kernel (3, 2), stride 2): expected an input of shape (batch, 2, height, width), got (5, 1, 9, 9).", 5, 1, 9, 9)]
    [InlineData("Conv2d(2, 4, kernel (3, 2), stride 2): no window fits on an input of shape (5, 2, 2, 9). Make the images larger, the window smaller, or the padding wider.", 5, 2, 2, 9)]
    public void Conv2d_names_itself_and_both_shapes(string message, params int[] shape)
    {
        var layer = new Conv2d<double>(2, 4, new(3, 2), new NumPyRandom(0), stride: 2);
        nint[] lengths = [.. shape.Select(length => (nint)length)];
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>(lengths)));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Softmax_needs_classes()
    {
        var error = Assert.Throws<ArgumentException>(() => new Softmax<double>().Forward(Tensor.CreateFromShape<double>([3])));
        Assert.Equal("Softmax: expected an input of shape (batch, …, classes), got (3,).", error.Message);
    }

    [Fact]
    public void Settings_out_of_range()
    {
        var random = new NumPyRandom(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear<double>(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear<double>(1, -1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeakyReLU<double>(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gelu<double>((GeluForm)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(0, 1, 3, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(1, 0, 3, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(1, 1, new(0, 3), random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(1, 1, 3, random, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(1, 1, 3, random, padding: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(1, 1, 3, random, dilation: new(1, 0)));
        var groups = Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2d<double>(4, 6, 3, random, groups: 4));
        Assert.StartsWith("Conv2d: cannot divide 4 inputs and 6 outputs into 4 groups: expected a number that divides both.", groups.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d<double>(new(2, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d<double>(2, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2d<double>(2, dilation: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2d<double>(2, padding: -1));
        var padding = Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2d<double>(3, padding: new(1, 2)));
        Assert.StartsWith("AveragePool2d: expected a padding of at most half the kernel 3, got (1, 2).", padding.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Elu<double>(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hardtanh<double>(1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hardtanh<double>(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d<double>(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d<double>(1, epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d<double>(1, epsilon: double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm2d<double>(1, momentum: 1.5));
        Assert.StartsWith("LayerNorm: expected from 1 to 7 dimensions", Assert.Throws<ArgumentException>(() => new LayerNorm<double>([])).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new LayerNorm<double>([3, 0]));
        Assert.ThrowsAny<ArgumentException>(() => new LayerNorm<double>([3], epsilon: double.NaN));
        Assert.ThrowsAny<ArgumentException>(() => new RmsNorm<double>([65_536, 65_536], affine: false));
        Assert.ThrowsAny<ArgumentException>(() => new RmsNorm<double>([3], epsilon: -1));
        Assert.ThrowsAny<ArgumentException>(() => new Reshape<double>());
        Assert.ThrowsAny<ArgumentException>(() => new Reshape<double>(-1, -1));
        Assert.ThrowsAny<ArgumentException>(() => new Reshape<double>(2, 0));
        Assert.ThrowsAny<ArgumentException>(() => new Transpose<double>(0, 1));
        Assert.ThrowsAny<ArgumentException>(() => new Transpose<double>());
        Assert.ThrowsAny<ArgumentException>(() => new Residual<double>());
        Assert.ThrowsAny<ArgumentException>(() => new Concatenate<double>());
        Assert.ThrowsAny<ArgumentException>(() => new Concatenate<double>(0, new ReLU<double>()));
    }

    [Fact]
    public void Shapes_that_a_layer_does_not_take()
    {
        AssertRefused(new BatchNorm1d<double>(3), "BatchNorm1d(3): expected an input of shape (batch, 3) or (batch, 3, length), got (2, 4).", 2, 4);
        AssertRefused(new BatchNorm2d<double>(3), "BatchNorm2d(3): expected an input of shape (batch, 3, height, width), got (2, 3, 4).", 2, 3, 4);
        AssertRefused(new BatchNorm1d<double>(3), "BatchNorm1d(3): in training expected more than one value for each channel, got the shape (1, 3)", 1, 3);
        AssertRefused(new LayerNorm<double>([3, 4]), "LayerNorm(3, 4): expected an input of shape (batch, …, 3, 4), got (2, 4, 3).", 2, 4, 3);
        AssertRefused(new LayerNorm<double>([3, 4]), "LayerNorm(3, 4): expected an input of shape (batch, …, 3, 4), got (3, 4).", 3, 4);
        AssertRefused(new RmsNorm<double>([3], affine: false), "RmsNorm(3, not affine): expected an input of shape (batch, …, 3), got (2, 4).", 2, 4);
        AssertRefused(new LogSoftmax<double>(), "LogSoftmax: expected an input of shape (batch, …, classes), got (3,).", 3);
        AssertRefused(new Reshape<double>(2, 3), "Reshape(2, 3): expected samples of 6 values, got 8 in the shape (2, 8).", 2, 8);
        AssertRefused(new Reshape<double>(-1, 3), "Reshape(-1, 3): expected samples of a multiple of 3 values, got 8 in the shape (2, 8).", 2, 8);
        AssertRefused(new Transpose<double>(2, 1), "Transpose(2, 1): expected an input of 2 dimensions beside the batch, got (2, 8).", 2, 8);
        AssertRefused(new Residual<double>(new Flatten<double>()), "Residual(Flatten): expected layers that keep the shape of their input, (2, 3, 4), got (2, 12) from them.", 2, 3, 4);
        AssertRefused(new Concatenate<double>(new Flatten<double>(), new ReLU<double>()), "Concatenate(Flatten, ReLU): expected outputs that are alike but for the last dimension, got (2, 12), (2, 3, 4) from the branches.", 2, 3, 4);
        AssertRefused(new Concatenate<double>(3, new ReLU<double>(), new Tanh<double>()), "Concatenate(dimension 3, ReLU, Tanh): expected outputs that are alike but for dimension 3, got (2, 3, 4), (2, 3, 4) from the branches.", 2, 3, 4);
        AssertRefused(new Concatenate<double>(new Transpose<double>(2, 1), new ReLU<double>()), "Concatenate(Transpose(2, 1), ReLU): expected outputs that are alike but for the last dimension, got (2, 4, 3), (2, 3, 4) from the branches.", 2, 3, 4);
        AssertRefused(new Concatenate<double>(new ReLU<double>(), new Tanh<double>()), "Concatenate(ReLU, Tanh): expected outputs that are alike but for the last dimension, got (3,), (3,) from the branches.", 3);
        AssertRefused(new AveragePool2d<double>(2), "AveragePool2d(kernel 2): expected an input of shape (batch, channels, height, width), got (2, 3, 4).", 2, 3, 4);
        AssertRefused(new MaxPool2d<double>(3, stride: 1), "MaxPool2d(kernel 3, stride 1): no window fits on an input of shape (1, 2, 2, 5).", 1, 2, 2, 5);
        AssertRefused(new MaxPool2d<double>(2, padding: 1, dilation: 2), "MaxPool2d(kernel 2, padding 1, dilation 2): a window on an input of shape (1, 2, 1, 5) shows nothing of it.", 1, 2, 1, 5);
        Assert.Equal([1, 3], new BatchNorm1d<double>(3) { IsTraining = false }.Forward(Tensor.CreateFromShape<double>([1, 3])).Lengths.ToArray());
    }

    private static void AssertRefused(Layer<double> layer, string message, params nint[] shape) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>(shape))).Message, StringComparison.Ordinal);

    /// <summary>Images and sequences have more than two dimensions: elementwise layers take them, Flatten makes rows.</summary>
    [Fact]
    public void More_dimensions()
    {
        Tensor<double> x = new NumPyRandom(1).Randn(2, 3, 4);
        Assert.Equal([2, 3, 4], new Tanh<double>().Forward(x).Lengths.ToArray());
        var flatten = new Flatten<double>();
        Assert.Equal([2, 12], flatten.Forward(x).Lengths.ToArray());
        Assert.Equal([2, 3, 4], flatten.Backward(Tensor.CreateFromShape<double>([2, 12])).Lengths.ToArray());
        Tensor<double> probabilities = new Softmax<double>().Forward(x);
        Assert.Equal(1, Enumerable.Range(0, 4).Sum(j => probabilities[1, 2, j]), 1e-15);
    }

    private static Layer<double> Make(string name, out Tensor<double> x)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        var random = new NumPyRandom(0);
        x = layerCase.Input(2, 3, random);
        return layerCase.Create<double>(x.Lengths, random);
    }
}
