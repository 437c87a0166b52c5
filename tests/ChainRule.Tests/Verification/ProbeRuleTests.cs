using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What probes keep silent about, because it follows from a mistake that was named, or is none.</summary>
public class ProbeRuleTests
{
    /// <summary>A gradient that is written past the counter counts as none: nothing is said of what it does there.</summary>
    [Fact]
    public void A_gradient_past_the_counter_is_said_once() =>
        Assert.Equal(GradientMistake.NeverReached, Assert.Single(Findings(new FaultyLayer<double>(Fault.GradientWrittenPastTheCounter, 3))).Mistake);

    /// <summary>One entry that is no number, with more than one sample: not that it is right for one sample, nor that anything else is wrong.</summary>
    [Fact]
    public void What_is_not_finite_is_said_once()
    {
        var layer = new Square { Pass = (x, g) => [.. x.Select((value, i) => i == 1 && x.Length > 3 ? double.NaN : 2 * g[i] * value)] };
        ProbeFinding finding = Assert.Single(Findings(layer));
        Assert.Equal(GradientMistake.NotFinite, finding.Mistake);
        Assert.StartsWith("1 of 12 entries", finding.Evidence, StringComparison.Ordinal);
    }

    /// <summary>With twice as much from above the result is the same, and with nothing it is another: that is not ignoring it.</summary>
    [Fact]
    public void Something_added_is_told_from_ignoring_what_comes_from_above()
    {
        var layer = new Square { Pass = (x, g) => [.. x.Select(value => g.All(above => above == 0) ? 1 : 2 * value)] };
        ProbeFinding finding = Assert.Single(Findings(layer), finding => finding.Mistake == GradientMistake.UpstreamDropped);
        Assert.StartsWith("With a gradient of 0 from above the result is not 0", finding.Evidence, StringComparison.Ordinal);
    }

    /// <summary>A layer whose input has no gradient may return what it likes for it.</summary>
    [Fact]
    public void What_stands_for_the_gradient_of_an_input_without_one_is_not_looked_at() =>
        Assert.Empty(Findings(new Square { TakesIndices = true, Pass = (x, _) => [.. x.Select(_ => double.NaN)] }));

    private static IReadOnlyList<ProbeFinding> Findings(Layer<double> layer) => new LayerProbe<double>(layer, new NumPyRandom(2).Randn(4, 3), new GradientCheckOptions()).Run();

    /// <summary>a = x² + b, with ∂L/∂x as one likes.</summary>
    private sealed class Square : Layer<double>
    {
        private readonly Parameter<double> offset = new("offset", Tensor.Create([1.0, 2, 3]));
        private double[] x = [];

        /// <summary>∂L/∂x from x and ∂L/∂a.</summary>
        public required Func<double[], double[], double[]> Pass { get; init; }

        public bool TakesIndices { get; init; }

        public override bool HasInputGradient => !TakesIndices;

        public override IReadOnlyList<Parameter<double>> Parameters => [offset];

        public override Tensor<double> Forward(Tensor<double> input)
        {
            x = input.AsSpan().ToArray();
            return Tensor.Create([.. x.Select((value, i) => (value * value) + offset.Value[i % 3])], input.Lengths);
        }

        public override Tensor<double> Backward(Tensor<double> outputGradient)
        {
            double[] g = outputGradient.AsSpan().ToArray();
            Span<double> sums = offset.AccumulateGradient();
            for (int i = 0; i < g.Length; i++)
            {
                sums[i % 3] += g[i];
            }

            return Tensor.Create(Pass(x, g), outputGradient.Lengths);
        }
    }
}
