using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Lessons.Tests.BugLab;

/// <summary>Bugs can be planted into a network that is there already, and taken out again.</summary>
public sealed class PlantedBugTests
{
    public static TheoryData<string> Names => [.. BugCatalogue.All.Select(bug => bug.Name)];

    public static TheoryData<string> Plantable => [.. BugCatalogue.All.Where(bug => Hosts().Any(host => bug.CanPlantIn(host.Network, host.Loss))).Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_bug_has_a_name_lines_and_a_story_in_both_languages(string name)
    {
        PlantedBug bug = BugCatalogue.Find(name)!;
        Assert.Single(BugCatalogue.All, other => other.Name == name);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name);
        foreach (string line in new[] { bug.Code.Forward, bug.Code.Wrong, bug.Code.Right })
        {
            Assert.DoesNotContain("=>", line.Split('\n')[0], StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(line));
        }

        Assert.NotEqual(bug.Code.Wrong, bug.Code.Right);
        BugText english = bug.In(Language.English);
        BugText korean = bug.In(Language.Korean);
        Assert.All(new[] { english.Title, english.Story, english.Seen, english.Mended }, text => Assert.Matches("^[^가-힣]+$", text));
        Assert.All(new[] { korean.Title, korean.Story, korean.Seen, korean.Mended }, text => Assert.Matches("[가-힣]", text));
        Assert.All(new[] { english.Story, english.Seen, english.Mended, korean.Story, korean.Seen, korean.Mended }, text => Assert.EndsWith(".", text, StringComparison.Ordinal));
    }

    /// <summary>Same predictions and loss, wrong gradient; with the right line in its place the gradient is right.</summary>
    [Theory]
    [MemberData(nameof(Plantable))]
    public void A_planted_bug_spoils_the_gradient_and_nothing_else(string name)
    {
        PlantedBug bug = BugCatalogue.Find(name)!;
        foreach ((Sequential<double> network, Loss<double> loss) in Hosts().Where(host => bug.CanPlantIn(host.Network, host.Loss)))
        {
            var random = new NumPyRandom(5);
            Tensor<double> x = random.Randn(6, 3);
            Tensor<double> y = loss is SoftmaxCrossEntropy<double> ? Tensor.Create([0.0, 1, 3, 2, 1, 0], [6]) : random.Rand(6, 4);
            double right = loss.Forward(network.Forward(x), y);
            PlantedNetwork planted = bug.Plant(network, loss);
            Assert.Equal(right, planted.Loss.Forward(planted.Network.Forward(x), y), 1e-12);
            Assert.Equal(network.Parameters.Select(parameter => parameter.Name), planted.Network.Parameters.Select(parameter => parameter.Name));
            Assert.All(network.Parameters.Zip(planted.Network.Parameters), pair => Assert.Same(pair.First.Value, pair.Second.Value));
            Assert.NotEmpty(planted.Place);
            Assert.Equal(GradientVerdict.Fail, GradientCheck.Run(planted.Network, planted.Loss, x, y).Verdict);
            PlantedNetwork mended = bug.Plant(network, loss, mended: true);
            GradientCheck.Run(mended.Network, mended.Loss, x, y).ThrowIfFailed();
            GradientCheck.Run(network, loss, x, y).ThrowIfFailed();
        }
    }

    [Fact]
    public void Training_the_copy_moves_the_original()
    {
        (Sequential<double> network, Loss<double> loss) = Hosts().First();
        PlantedNetwork planted = BugCatalogue.Find("bias-not-summed")!.Plant(network, loss);
        var random = new NumPyRandom(1);
        Tensor<double> x = random.Randn(6, 3);
        double[] before = [.. network.Parameters[0].Value];
        planted.Loss.Forward(planted.Network.Forward(x), random.Rand(6, 4));
        planted.Network.Backward(planted.Loss.Backward());
        new Sgd<double>(planted.Network.Parameters, 0.1).Step();
        Assert.NotEqual(before, network.Parameters[0].Value);
        Assert.Equal(network.Forward(x).ToArray(), planted.Network.Forward(x).ToArray());
    }

    /// <summary>Of one output the transpose is a reshape: the mistake makes no difference there, so it goes where it does.</summary>
    [Fact]
    public void A_bug_that_does_not_show_with_one_output_is_planted_where_it_does()
    {
        var random = new NumPyRandom(2);
        PlantedBug bug = BugCatalogue.Find("weight-gradient-reshaped")!;
        var loss = new MeanSquaredError<double>();
        Assert.False(bug.CanPlantIn(new Sequential<double>(new Linear<double>(3, 1, random)), loss));
        PlantedNetwork planted = bug.Plant(new Sequential<double>(new Linear<double>(3, 5, random), new Tanh<double>(), new Linear<double>(5, 1, random)), loss);
        Assert.Equal("layer1", planted.Place);
        GradientCheckReport report = GradientCheck.Run(planted.Network, planted.Loss, random.Randn(6, 3), random.Rand(6, 1));
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.Equal(GradientMistake.Transposed, report.Diagnoses[0].Cause);
    }

    [Fact]
    public void A_network_without_a_place_for_the_bug_is_refused()
    {
        var network = new Sequential<double>(new Linear<double>(2, 2, new NumPyRandom(1), hasBias: false));
        PlantedBug bug = BugCatalogue.Find("bias-not-summed")!;
        Assert.False(bug.CanPlantIn(network, new MeanSquaredError<double>()));
        var error = Assert.Throws<ArgumentException>(() => bug.Plant(network, new MeanSquaredError<double>()));
        Assert.StartsWith("The bug 'bias-not-summed' has no place in Sequential(Linear(2, 2, no bias)) with MeanSquaredError.", error.Message, StringComparison.Ordinal);
        Assert.Null(BugCatalogue.Find("none"));
    }

    private static IEnumerable<(Sequential<double> Network, Loss<double> Loss)> Hosts()
    {
        var random = new NumPyRandom(3);
        Linear<double> First() => new(3, 5, random);
        Linear<double> Second() => new(5, 4, random);
        yield return (new Sequential<double>(First(), new Tanh<double>(), Second(), new Sigmoid<double>()), new MeanSquaredError<double>());
        yield return (new Sequential<double>(First(), new ReLU<double>(), Second(), new Softmax<double>()), new MeanSquaredError<double>());
        yield return (new Sequential<double>(First(), new LeakyReLU<double>(0.1), Second(), new Sigmoid<double>()), new BinaryCrossEntropy<double>());
        yield return (new Sequential<double>(First(), new Silu<double>(), Second()), new BinaryCrossEntropyWithLogits<double>());
        yield return (new Sequential<double>(First(), new Tanh<double>(), Second()), new SoftmaxCrossEntropy<double>());
    }
}
