using ChainRule.Random;
using ChainRule.Training;
using CsCheck;
using Xunit;

namespace ChainRule.Data.Tests;

public sealed class ToyDataTests
{
    [Fact]
    public void Xor_without_noise_is_the_lessons()
    {
        DataSet<double> xor = ToyData.Xor<double>(4, 0, new NumPyRandom(0));
        Assert.Equal([0, 0, 0, 1, 1, 0, 1, 1], xor.Inputs);
        Assert.Equal([0, 1, 1, 0], xor.Targets);
    }

    [Fact]
    public void Every_set_has_the_samples_that_were_asked_for_in_balanced_classes() =>
        Gen.Select(Gen.Int[0, ToyData.Names.Count - 1], Gen.Int[2, 100], Gen.Double[0, 2], Gen.UInt).Sample((set, samples, noise, seed) =>
        {
            string name = ToyData.Names[set];
            DataSet<double> data = ToyData.Create<double>(name, samples, noise, new NumPyRandom(seed));
            Assert.Equal((name, samples, 2), (data.Name, data.Count, data.Features));
            Assert.All(data.Inputs, value => Assert.True(double.IsFinite(value)));
            if (data.IsClassification && name != "xor")
            {
                int[] counts = [.. Enumerable.Range(0, data.Outputs).Select(index => data.Targets.Count(target => target == index))];
                Assert.InRange(counts.Max() - counts.Min(), 0, 1);
            }

            Assert.Equal(data.Inputs, ToyData.Create<double>(name, samples, noise, new NumPyRandom(seed)).Inputs);
        });

    [Fact]
    public void Curves_are_where_their_formulas_say()
    {
        var random = new NumPyRandom(0);
        DataSet<double> circles = ToyData.Circles<double>(40, 0, random);
        DataSet<double> moons = ToyData.Moons<double>(40, 0, random);
        DataSet<double> plane = ToyData.Plane<double>(40, 0, random);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(circles.Targets[i] == 0 ? 1 : 0.5, double.Hypot(circles.Inputs[i, 0], circles.Inputs[i, 1]), 1e-14);
            (double x, double y) = moons.Targets[i] == 0 ? (0.0, 0.0) : (1, 0.5);
            Assert.Equal(1, double.Hypot(moons.Inputs[i, 0] - x, moons.Inputs[i, 1] - y), 1e-14);
            Assert.Equal((0.5 * plane.Inputs[i, 0]) - (0.25 * plane.Inputs[i, 1]) + 0.125, plane.Targets[i, 0], 1e-15);
        }
    }

    /// <summary>Two arms: the second is the first, seen in a mirror at the origin.</summary>
    [Fact]
    public void The_arms_of_the_spiral_lie_opposite()
    {
        DataSet<double> spirals = ToyData.Spirals<double>(20, 0, new NumPyRandom(0));
        for (int i = 0; i < 20; i += 2)
        {
            Assert.Equal(-spirals.Inputs[i, 0], spirals.Inputs[i + 1, 0], 1e-14);
            Assert.Equal(-spirals.Inputs[i, 1], spirals.Inputs[i + 1, 1], 1e-14);
        }
    }

    [Fact]
    public void Noise_has_the_standard_deviation_that_was_asked_for()
    {
        DataSet<double> noisy = ToyData.Xor<double>(20_000, 0.3, new NumPyRandom(1));
        double[] errors = [.. noisy.Inputs.Select((value, i) => value - (i % 2 == 0 ? i / 2 >> 1 & 1 : i / 2 & 1))];
        Assert.InRange(Math.Sqrt(errors.Average(error => error * error)), 0.295, 0.305);
    }

    [Fact]
    public void Rubbish_is_refused()
    {
        var random = new NumPyRandom(0);
        Assert.Contains("spirals", Assert.Throws<ArgumentException>(() => ToyData.Create<double>("spiral", 10, 0, random)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ToyData.Xor<double>(1, 0, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => ToyData.Xor<double>(10, -1, random));
        Assert.Throws<ArgumentOutOfRangeException>(() => ToyData.Xor<double>(10, double.NaN, random));
    }
}
