using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Layers;

/// <summary>
/// What layers and losses hand to a gradient check that asks how far rounding carries. What they do not hand over it takes to be exact, and
/// calls a right gradient wrong.
/// </summary>
public class RoundingTests
{
    /// <summary>Of a smaller batch, no more than it has: what a larger one left behind it is no part of it.</summary>
    [Fact]
    public void Inner_values_are_those_of_the_last_batch()
    {
        var random = new NumPyRandom(1);
        (Layer<double> Layer, int[] Lengths)[] layers =
        [
            // Two sequences of three steps, four hidden values: sums before the gates, and states with those before the first step.
            (new Gru<double>(5, 4, random), [72, 72, 32]),
            (new Lstm<double>(5, 4, random), [96, 24, 32, 32]),

            // [Q K V], the probabilities of two heads, and the heads' outputs.
            (new MultiHeadAttention<double>(6, 2, random), [108, 36, 36]),
        ];
        foreach ((Layer<double> layer, int[] lengths) in layers)
        {
            int width = layer is MultiHeadAttention<double> ? 6 : 5;
            foreach (int batch in new[] { 7, 2 })
            {
                layer.Forward(random.Randn(batch, 3, width));
            }

            Assert.Equal(lengths, layer.InnerValues.Select(values => values.Length));
        }
    }

    /// <summary>
    /// Gates and sums that others are made of are shaken before that, each of them once and none twice: what is moved there may be moved
    /// back.
    /// </summary>
    [Fact]
    public void Values_in_the_middle_are_shaken_once()
    {
        var random = new NumPyRandom(1);
        Assert.Equal(2 * 3 * 3 * 4, Shaken(new Gru<double>(5, 4, random), random.Randn(2, 3, 5)));
        Assert.Equal(2 * 3 * 4 * 4, Shaken(new Lstm<double>(5, 4, random), random.Randn(2, 3, 5)));
        Assert.Equal(2, Shaken(new LogSoftmax<double>(), random.Randn(2, 5)));

        int inLoss = 0;
        var loss = new SoftmaxCrossEntropy<double> { Shake = values => inLoss += values.Length };
        loss.Forward(random.Randn(2, 5), Tensor.Create([1.0, 4.0]));
        Assert.Equal((2 * 5) + 2, inLoss); // the exponentials, and the sum of each row
    }

    private static int Shaken(Layer<double> layer, Tensor<double> input)
    {
        // Each value by itself: a value that comes a second time is found, because it was moved before.
        int count = 0;
        layer.Shake = values =>
        {
            foreach (ref double value in values)
            {
                Assert.NotEqual(Moved, value);
                value = Moved;
                count++;
            }
        };
        layer.Forward(input);
        layer.Shake = null;
        Assert.All(layer.InnerValues, values => Assert.DoesNotContain(Moved, values.ToArray()));
        return count;
    }

    private const double Moved = 0.123456789;
}
