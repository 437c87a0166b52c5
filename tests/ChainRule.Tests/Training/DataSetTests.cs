using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class DataSetTests
{
    private static readonly Tensor<double> inputs = Tensor.Create([.. Enumerable.Range(0, 20).Select(i => (double)i)], [10, 2]);
    private static readonly Tensor<double> targets = Tensor.Create([.. Enumerable.Range(0, 10).Select(i => (double)(i % 3))], [10]);
    private readonly DataSet<double> data = new("test", inputs, targets, ["a", "b", "c"]);

    [Fact]
    public void A_split_gives_every_sample_to_one_part()
    {
        (DataSet<double> kept, DataSet<double> heldOut) = data.Split(0.3, new NumPyRandom(1));
        Assert.Equal((7, 3), (kept.Count, heldOut.Count));
        Assert.Equal(inputs, kept.Inputs.Concat(heldOut.Inputs).Order());
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(heldOut.Inputs[i, 0] / 2 % 3, heldOut.Targets[i]));
        Assert.Equal(data.ClassNames, heldOut.ClassNames);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_fraction_that_leaves_a_part_empty_is_refused(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(fraction, new NumPyRandom(1)));

    [Fact]
    public void Shapes_labels_and_names_must_belong_together()
    {
        Assert.Contains("(10,)", Assert.Throws<ArgumentException>(() => new DataSet<double>("x", inputs, targets)).Message, StringComparison.Ordinal);
        Assert.Contains("got 2", Assert.Throws<ArgumentException>(() => new DataSet<double>("x", inputs, targets, ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DataSet<double>("x", inputs, targets, ["a", "b", "c"], ["one"]));
        Assert.Throws<ArgumentException>(() => new DataSet<double>("x", inputs, Tensor.Create([1.0], [1]), ["a", "b"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Select([10]));
    }
}
