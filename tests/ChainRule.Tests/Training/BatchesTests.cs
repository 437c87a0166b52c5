using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Training;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class BatchesTests
{
    /// <summary>Every sample comes once an epoch, with its own target; only the last batch is smaller.</summary>
    [Fact]
    public void Every_sample_comes_once_with_its_own_target() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 50], Gen.Bool).Sample((samples, size, shuffled) =>
        {
            Tensor<double> x = Tensor.Create([.. Enumerable.Range(0, samples * 2).Select(i => (double)(i / 2))], [samples, 2]);
            Tensor<double> y = Tensor.Create([.. Enumerable.Range(0, samples).Select(i => 10.0 * i)], [samples]);
            var batches = new Batches<double>(x, y, size);
            if (shuffled)
            {
                batches.Shuffle(new NumPyRandom(1));
            }

            var seen = new List<double>();
            for (int i = 0; i < batches.Count; i++)
            {
                (Tensor<double> inputs, Tensor<double> targets) = batches[i];
                Assert.Equal(i < batches.Count - 1 ? Math.Min(size, samples) : samples - (size * (batches.Count - 1)), (int)inputs.Lengths[0]);
                Assert.Equal(2, inputs.Lengths[1]);
                Assert.Equal(1, targets.Rank);
                seen.AddRange(targets);
                Assert.Equal(inputs.Select(value => 10 * value).Where((_, j) => j % 2 == 0), targets);
            }

            Assert.Equal(Enumerable.Range(0, samples).Select(i => 10.0 * i), shuffled ? seen.Order() : seen);
        });

    [Fact]
    public void The_order_is_that_of_NumPys_shuffle_and_goes_on_from_epoch_to_epoch()
    {
        int[] order = [.. Enumerable.Range(0, 9)];
        var random = new NumPyRandom(5);
        Tensor<double> values = Tensor.Create([.. order.Select(i => (double)i)], [9, 1]);
        var batches = new Batches<double>(values, values, 9);
        var other = new NumPyRandom(5);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            random.Shuffle(order.AsSpan());
            batches.Shuffle(other);
            Assert.Equal(order.Select(i => (double)i), batches[0].Inputs);
        }
    }

    [Fact]
    public void Going_through_the_data_allocates_nothing()
    {
        var random = new NumPyRandom(1);
        var batches = new Batches<double>(random.Randn(50, 7), random.Randn(50, 1), 16);
        Assert.Equal(0, Allocation.OfHundredRuns(() =>
        {
            batches.Shuffle(random);
            for (int i = 0; i < batches.Count; i++)
            {
                _ = batches[i];
            }
        }));
    }

    [Fact]
    public void Samples_without_targets_and_empty_batches_are_refused()
    {
        Tensor<double> x = Tensor.CreateFromShape<double>([3, 2]);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new Batches<double>(x, Tensor.CreateFromShape<double>([2]), 4));
        Assert.Contains("(3, 2)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("(2,)", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches<double>(x, x, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Batches<double>(x, x, 4)[1]);
    }
}
