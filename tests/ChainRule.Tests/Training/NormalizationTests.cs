using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class NormalizationTests
{
    private readonly Tensor<double> samples = new NumPyRandom(3).Uniform(-5, 20, 50, 3);

    [Fact]
    public void The_unit_interval_is_filled()
    {
        double[] result = [.. Normalization.ToUnitInterval(samples).Apply(samples)];
        for (int j = 0; j < 3; j++)
        {
            double[] column = [.. result.Where((_, i) => i % 3 == j)];
            Near.Equal([0, 1], [column.Min(), column.Max()], 1e-15, "range");
        }
    }

    [Fact]
    public void Standard_scores_have_mean_0_and_deviation_1()
    {
        double[] result = [.. Normalization.ToStandardScore(samples).Apply(samples)];
        for (int j = 0; j < 3; j++)
        {
            double[] column = [.. result.Where((_, i) => i % 3 == j)];
            Assert.Equal(0, column.Average(), 1e-14);
            Assert.Equal(1, column.Average(value => value * value), 1e-14);
        }
    }

    [Fact]
    public void A_feature_that_never_changes_becomes_zero_and_other_shapes_are_refused()
    {
        Tensor<double> same = Tensor.Create([7.0, 7, 7], [3, 1]);
        Assert.All(Normalization.ToStandardScore(same).Apply(same), value => Assert.Equal(0, value));
        Assert.Contains("(50, 3)", Assert.Throws<ArgumentException>(() => Normalization.ToUnitInterval(same).Apply(samples)).Message, StringComparison.Ordinal);
    }
}
