using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Layers;

/// <summary>What is particular to layers over sequences; the rest is proved with all layers together.</summary>
public class SequenceLayerTests
{
    private readonly NumPyRandom random = new(0);

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Embedding_says_which_input_names_no_row(double index)
    {
        var layer = new Embedding<double>(5, 2, random);
        Tensor<double> x = Tensor.Create([0.0, 4, 2, index], [2, 2]);
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(x));
        Assert.Equal(string.Create(CultureInfo.CurrentCulture, $"Embedding(5, 2): expected whole numbers from 0 to 4, got {index} at [1, 1]."), error.Message);
    }

    /// <summary>The layer checks before it keeps anything: Backward still belongs to the last batch that was right.</summary>
    [Fact]
    public void Embedding_keeps_the_last_batch_when_it_refuses_one()
    {
        var layer = new Embedding<double>(5, 1, random);
        layer.Forward(Tensor.Create([3.0, 3], [1, 2]));
        Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.Create([1.0, 9], [1, 2])));
        layer.Backward(Tensor.Create([1.0, 10], [1, 2, 1]));
        Assert.Equal([0, 0, 0, 11, 0], layer.Weight.Gradient);
    }

    [Fact]
    public void Embedding_has_room_for_one_more_dimension()
    {
        var error = Assert.Throws<ArgumentException>(() => new Embedding<double>(5, 2, random).Forward(Tensor.CreateFromShape<double>([1, 1, 1, 1, 1, 1, 1, 1])));
        Assert.Contains("expected an input of at most 7 dimensions", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows beyond the end of the sequences must not keep the gradient of an earlier, longer batch.</summary>
    [Fact]
    public void Positions_beyond_the_end_have_no_gradient()
    {
        var layer = new PositionEmbedding<double>(3, 1, random);
        Step(3);
        layer.Weight.DiscardGradient();
        Step(2);
        Assert.Equal([2, 2, 0], layer.Weight.Gradient);
        Step(3);
        Assert.Equal([4, 4, 2], layer.Weight.Gradient);

        void Step(int time)
        {
            layer.Forward(Tensor.CreateFromShape<double>([2, time, 1]));
            layer.Backward(Tensor.Create(Enumerable.Repeat(1.0, 2 * time).ToArray(), [2, time, 1]));
        }
    }

    [Theory]
    [InlineData("PositionEmbedding(4, 6): expected an input of shape (batch, time, 6) of at most 4 time steps, got (1, 5, 6).", 1, 5, 6)]
    [InlineData("PositionEmbedding(4, 6): expected an input of shape (batch, time, 6) of at most 4 time steps, got (2, 6).", 2, 6)]
    [InlineData("MultiHeadAttention(6, 2 heads, causal): expected an input of shape (batch, time, 6), got (1, 5, 5).", 1, 5, 5)]
    [InlineData("MultiHeadAttention(6, 2 heads, causal): expected an input of shape (batch, time, 6), got (5, 6).", 5, 6)]
    [InlineData("Lstm(6, 3, no bias): expected an input of shape (batch, time, 6), got (5, 6).", 5, 6)]
    [InlineData("Gru(6, 3, last state): expected an input of shape (batch, time, 6), got (1, 2, 3, 6).", 1, 2, 3, 6)]
    public void Shapes_that_are_no_sequences(string message, params int[] shape)
    {
        Layer<double>[] layers =
        [
            new PositionEmbedding<double>(4, 6, random), new MultiHeadAttention<double>(6, 2, random, isCausal: true),
            new Lstm<double>(6, 3, random, hasBias: false), new Gru<double>(6, 3, random, lastOnly: true),
        ];
        Layer<double> layer = layers.Single(layer => message.StartsWith($"{layer}:", StringComparison.Ordinal));
        var error = Assert.Throws<ArgumentException>(() => layer.Forward(Tensor.CreateFromShape<double>([.. shape.Select(length => (nint)length)])));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Settings_out_of_range()
    {
        var error = Assert.Throws<ArgumentException>(() => new MultiHeadAttention<double>(8, 3, random));
        Assert.StartsWith("MultiHeadAttention: expected a number of heads that divides the width of 8, got 3.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiHeadAttention<double>(8, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiHeadAttention<double>(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding<double>(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding<double>(1, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PositionEmbedding<double>(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PositionEmbedding<double>(1, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm<double>(0, 1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gru<double>(1, 0, random));
    }

    /// <summary>A language model that sees the next character learns nothing: no output may change with a later input.</summary>
    [Fact]
    public void A_causal_layer_does_not_look_ahead()
    {
        var layer = new MultiHeadAttention<double>(6, 2, random, isCausal: true);
        Tensor<double> x = random.Randn(1, 5, 6);
        double[] before = [.. layer.Forward(x)];
        x[0, 3, 2] = 7;
        double[] after = [.. layer.Forward(x)];
        Assert.Equal(before[..18], after[..18]);
        Assert.NotEqual(before[18..24], after[18..24]);
        Assert.NotEqual(before[24..], after[24..]);
    }

    /// <summary>Large enough that threads are used, in the heads and in the products.</summary>
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        ThreadsAgree(Tensor.ConvertTruncating<double, float>(random.Randn(5, 64, 60)), () => new MultiHeadAttention<float>(60, 5, new NumPyRandom(1), isCausal: true));
        ThreadsAgree(Tensor.ConvertTruncating<double, float>(random.Randn(33, 6, 40)), () => new Lstm<float>(40, 100, new NumPyRandom(1)));
        ThreadsAgree(Tensor.ConvertTruncating<double, float>(random.Randn(33, 6, 40)), () => new Gru<float>(40, 100, new NumPyRandom(1)));
    }

    private static void ThreadsAgree<T>(Tensor<T> x, Func<Layer<T>> create)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int threads = Parallelism.Threads;
        try
        {
            T[][] results = [.. new[] { 1, 2, 3, 7 }.Select(count =>
            {
                Parallelism.Threads = count;
                Layer<T> layer = create();
                Tensor<T> a = layer.Forward(x);
                Tensor<T> dx = layer.Backward(a);
                return (T[])[.. a, .. dx, .. layer.Parameters.SelectMany(parameter => parameter.Gradient)];
            })];
            Assert.All(results, result => Assert.True(result.AsSpan().SequenceEqual(results[0])));
            Assert.DoesNotContain(results[0], T.IsNaN);
        }
        finally
        {
            Parallelism.Threads = threads;
        }
    }
}
