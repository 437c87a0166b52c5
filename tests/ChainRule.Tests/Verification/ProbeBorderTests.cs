using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The constants of the probes, each from both sides: half of it or twice as much turns a test red.</summary>
public class ProbeBorderTests
{
    // Two passes that ought to be multiples of each other may differ by √ε of the largest value.
    private static readonly double near = Math.Sqrt(Math.Pow(2, -52));

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.1, true)]
    public void Out_of_proportion_is_more_than_rounding(double share, bool isFound)
    {
        double first = 0;
        var layer = new Identity
        {
            Pass = (gradient, _) =>
            {
                double size = gradient.Max(Math.Abs);
                first = first == 0 ? size : first;
                return [.. gradient.Select(value => size > 1.5 * first ? value * (1 + (share * near)) : value)];
            },
        };
        Assert.Equal(isFound, Findings(layer).Any(finding => finding.Mistake == GradientMistake.Unknown && finding.Evidence.StartsWith("The result is not in proportion", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.1, true)]
    public void Nothing_from_above_gives_nothing_but_rounding(double share, bool isFound)
    {
        double first = 0;
        var layer = new Identity
        {
            Pass = (gradient, _) =>
            {
                double size = gradient.Max(Math.Abs);
                first = first == 0 ? size : first;
                return size == 0 ? [.. gradient.Select(_ => share * near * first)] : gradient;
            },
        };
        Assert.Equal(isFound, Mistakes(layer).Contains(GradientMistake.UpstreamDropped));
    }

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1.1, true)]
    public void A_lost_sign_is_more_than_rounding(double share, bool isFound)
    {
        double[] first = [];
        var layer = new Identity
        {
            Pass = (gradient, _) =>
            {
                first = first.Length == 0 ? gradient : first;
                return gradient[0] == -first[0] ? [.. gradient.Select(value => value * (1 + (share * near)))] : gradient;
            },
        };
        Assert.Equal(isFound, Mistakes(layer).Contains(GradientMistake.Unknown));
    }

    /// <summary>What grows by the same amount with every pass adds up, if it is ten times more than rounding; less is only not the same bits.</summary>
    [Theory]
    [InlineData(9, GradientMistake.NonDeterministic)]
    [InlineData(11, GradientMistake.WrongAccumulation)]
    public void What_grows_clearly_adds_up(double share, GradientMistake cause)
    {
        var layer = new Identity { Pass = (gradient, passes) => [.. gradient.Select(value => value * (1 + (share * near * passes)))] };
        Assert.All(Mistakes(layer).Where(found => found is GradientMistake.NonDeterministic or GradientMistake.WrongAccumulation), found => Assert.Equal(cause, found));
        Assert.Contains(cause, Mistakes(layer));
    }

    /// <summary>Growing means by the same amount each time, up to rounding; here the second time by more.</summary>
    [Theory]
    [InlineData(0.9, GradientMistake.WrongAccumulation)]
    [InlineData(1.1, GradientMistake.NonDeterministic)]
    public void What_grows_unevenly_does_not_add_up(double share, GradientMistake cause)
    {
        // The third pass of the probe is the second of its repetition.
        var layer = new Identity { Pass = (gradient, passes) => [.. gradient.Select(value => value * (1 + (1000 * near * passes) + (passes == 3 ? share * near : 0)))] };
        Assert.Contains(cause, Mistakes(layer));
    }

    /// <summary>A second pass must double a parameter's gradient, and leave that of the input.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.9, false)]
    [InlineData(1.1, true)]
    public void Twice_is_up_to_rounding(double share, bool isFound)
    {
        var parameter = new Identity { Bias = (added, isSecond) => isSecond ? added * (1 + (share * near)) : added };
        Assert.Equal(isFound, Says(parameter, "Two backward passes do not add up to twice"));
        var input = new Identity { IsSecond = gradient => [.. gradient.Select(value => value * (1 + (share * near)))] };
        Assert.Equal(isFound, Says(input, "A second backward pass returns another gradient for the input"));

        static bool Says(Identity layer, string evidence) =>
            Findings(layer).Any(finding => finding.Mistake == GradientMistake.WrongAccumulation && finding.Evidence.StartsWith(evidence, StringComparison.Ordinal));
    }

    /// <summary>A first pass that gives 0 is no excuse for a second that does not.</summary>
    [Fact]
    public void A_second_pass_must_not_give_what_the_first_did_not()
    {
        var layer = new Identity { Pass = (gradient, _) => new double[gradient.Length], IsSecond = gradient => [.. gradient.Select(_ => 1.0)] };
        Assert.Contains(GradientMistake.WrongAccumulation, Mistakes(layer));
    }

    [Theory]
    [InlineData(0.9, "overwrites")]
    [InlineData(1.1, "do not add up to twice")]
    public void Overwritten_is_up_to_rounding(double share, string evidence)
    {
        var layer = new Identity { Bias = (added, isSecond) => isSecond ? added * share * near : added };
        Assert.Contains(Findings(layer), finding => finding.Mistake == GradientMistake.WrongAccumulation && finding.Evidence.Contains(evidence, StringComparison.Ordinal));
    }

    /// <summary>The other batch is like the first: no value beyond those that the layer was given, and yet others.</summary>
    [Fact]
    public void Another_batch_leaves_no_domain()
    {
        var layer = new Identity();
        Findings(layer);
        double largest = Batch().Max(Math.Abs);
        Assert.InRange(layer.Seen.Max(), largest, 1.01 * largest); // the steps of a numeric slope go a little beyond
        Assert.Contains(layer.Firsts, first => first / Batch()[3, 0] is > 0.5 and < 0.9); // the last sample comes first, and nearer to 0
    }

    /// <summary>Away from the start means by a third of a parameter's size or so: enough for what hides there to show, and no other parameter.</summary>
    [Fact]
    public void Away_from_the_start_is_a_third_of_a_parameters_size()
    {
        var layer = new Identity(600, 2);
        Findings(layer, new NumPyRandom(1).Randn(2, 600));
        Assert.InRange(layer.FarthestBias, 0.2, 0.45);
    }

    private static Tensor<double> Batch() => new NumPyRandom(2).Randn(4, 3);

    private static IReadOnlyList<ProbeFinding> Findings(Identity layer, Tensor<double>? batch = null) =>
        new LayerProbe<double>(layer, batch ?? Batch(), new GradientCheckOptions()).Run();

    private static GradientMistake[] Mistakes(Identity layer) => [.. Findings(layer).Select(finding => finding.Mistake)];

    /// <summary>a = x + b, with a little mistake in its backward pass.</summary>
    private sealed class Identity(int features = 3, double bias = 1) : Layer<double>
    {
        private readonly Parameter<double> offset = new("offset", Tensor.Create(Enumerable.Repeat(bias, features).ToArray()));
        private int passes;
        private bool isSecond;

        /// <summary>Changes ∂L/∂x; is told how many passes there were.</summary>
        public Func<double[], int, double[]> Pass { get; init; } = (gradient, _) => gradient;

        /// <summary>Changes ∂L/∂x in a second pass after one forward pass.</summary>
        public Func<double[], double[]> IsSecond { get; init; } = gradient => gradient;

        /// <summary>Changes what is added to ∂L/∂b.</summary>
        public Func<double, bool, double> Bias { get; init; } = (added, _) => added;

        /// <summary>The largest value of every input.</summary>
        public List<double> Seen { get; } = [];

        /// <summary>The first value of every input.</summary>
        public List<double> Firsts { get; } = [];

        /// <summary>The root mean square of the way that the offset went, in its size.</summary>
        public double FarthestBias { get; private set; }

        public override IReadOnlyList<Parameter<double>> Parameters => [offset];

        public override Tensor<double> Forward(Tensor<double> input)
        {
            isSecond = false;
            Seen.Add(input.Max(Math.Abs));
            Firsts.Add(input.AsSpan()[0]);
            FarthestBias = Math.Max(FarthestBias, Math.Sqrt(offset.Value.Select(value => Math.Pow((value / bias) - 1, 2)).Average()));
            var output = Tensor.CreateFromShape<double>(input.Lengths);
            for (int i = 0; i < input.FlattenedLength; i++)
            {
                output.AsSpan()[i] = input.AsSpan()[i] + offset.Value.AsSpan()[i % features];
            }

            return output;
        }

        public override Tensor<double> Backward(Tensor<double> outputGradient)
        {
            passes++;
            double[] gradient = outputGradient.AsSpan().ToArray();
            double[] sums = new double[features];
            for (int i = 0; i < gradient.Length; i++)
            {
                sums[i % features] += gradient[i];
            }

            Span<double> into = offset.AccumulateGradient();
            for (int j = 0; j < features; j++)
            {
                into[j] += Bias(sums[j], isSecond);
            }

            double[] result = Pass(gradient, passes);
            result = isSecond ? IsSecond(result) : result;
            isSecond = true;
            return Tensor.Create(result, outputGradient.Lengths);
        }
    }
}
