using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What the probes say of a mistake: one sentence, of the pass that makes it, with the place and the count.</summary>
public class ProbeReportTests
{
    /// <summary>A mistake that spoils what other probes look at is not told again by each of them.</summary>
    [Theory]
    [InlineData(Fault.InputChangedByForward, "The forward pass changes the input: ")]
    [InlineData(Fault.ParameterChangedByForward, "The forward pass changes factor: ")]
    [InlineData(Fault.InputChangedByBackward, "The backward pass changes the input: ")]
    [InlineData(Fault.UpstreamChanged, "The backward pass changes the gradient from above: ")]
    [InlineData(Fault.ForwardAtRandom, "Two forward passes of the same input give other bits: ")]
    [InlineData(Fault.OutputNotFinite, "1 of the 12 outputs are NaN or infinite, and the input is finite.")]
    [InlineData(Fault.GradientNotFinite, "1 of 3 entries of the gradient are NaN or infinite, ")]
    [InlineData(Fault.WrongShape, "The gradient of the input has the shape (12, 1), and the input (4, 3).")]
    [InlineData(Fault.BackwardAtRandom, "Two backward passes of the same values give other bits.")]
    [InlineData(Fault.LastGradientOfTheInputAdded, "A backward pass adds to what the one before left, ")]
    [InlineData(Fault.FirstBatchKept, "The gradient of a batch is wrong after another batch: ")]
    [InlineData(Fault.StartRemembered, "The gradient is right with the parameters as they are, and wrong once they have moved: ")]
    public void One_mistake_is_one_finding(Fault fault, string evidence) =>
        Assert.StartsWith(evidence, Assert.Single(Findings(new FaultyLayer<double>(fault, 3))).Evidence, StringComparison.Ordinal);

    /// <summary>The place is the parameter whose gradient it is; for the input's, the layer, by its name in a network or else by what it is.</summary>
    [Fact]
    public void The_place_is_the_parameter_or_the_layer()
    {
        var layer = new FaultyLayer<double>(Fault.LastGradientOfTheInputAdded, 3);
        Assert.Equal("FaultyLayer", Assert.Single(Findings(layer)).Place);
        Assert.Equal("factor", Assert.Single(Findings(new FaultyLayer<double>(Fault.GradientNeverForgotten, 3))).Place);
        layer = new FaultyLayer<double>(Fault.LastGradientOfTheInputAdded, 3);
        _ = new Sequential<double>(layer);
        Assert.Equal("layer1", Assert.Single(Findings(layer)).Place);
    }

    /// <summary>Parameters that a backward pass overwrites are put back by the probe itself: what comes after it sees them as they were.</summary>
    [Fact]
    public void Parameters_come_back()
    {
        var layer = new Scale { Backwards = (gradient, scale) => { scale.Value.AsSpan()[0] = 7; return gradient; } };
        Assert.StartsWith("The backward pass changes scale: ", Assert.Single(Findings(layer)).Evidence, StringComparison.Ordinal);
        Assert.Equal(2, layer.Parameters[0].Value[0]);
    }

    /// <summary>Of two gradients one is enough: here the parameter's is right after another batch, and the input's is not.</summary>
    [Fact]
    public void One_gradient_of_several_may_be_stale()
    {
        Scale layer = null!;
        layer = new Scale { Backwards = (gradient, _) => layer.IsAnotherBatch ? [.. gradient.Select(value => 2 * value)] : gradient };
        Assert.Equal(GradientMistake.StaleCache, Assert.Single(Findings(layer)).Mistake);
    }

    /// <summary>A batch that the layer cannot take, because its outputs are no numbers, says nothing of its gradient.</summary>
    [Fact]
    public void Another_batch_without_an_output_proves_nothing()
    {
        double first = Batch()[0, 0];
        Assert.Empty(Findings(new Scale { Forwards = x => Math.Abs(x[0] - first) > 0.01 ? double.NaN : 1 }));
    }

    /// <summary>Numbers next to the smallest there are have few digits: twice as much of them is not twice the bits, and no mistake.</summary>
    [Fact]
    public void Gradients_next_to_nothing_are_not_compared() =>
        Assert.Empty(Findings(new Scale { Forwards = _ => 1e-320, Backwards = (gradient, _) => [.. gradient.Select(value => 1e-320 * value)] }));

    /// <summary>What is neither four times nor as much, with twice as much from above, is only not in proportion.</summary>
    [Fact]
    public void Out_of_proportion_is_said_as_it_is()
    {
        var layer = new Scale { Backwards = (gradient, _) => [.. gradient.Select(value => value * Math.Abs(value) * Math.Abs(value))] };
        Assert.Contains(Findings(layer), finding => finding.Evidence.StartsWith("The result is not in proportion to the gradient from above", StringComparison.Ordinal));
    }

    private static Tensor<double> Batch() => new NumPyRandom(2).Randn(4, 3);

    private static IReadOnlyList<ProbeFinding> Findings(Layer<double> layer) => new LayerProbe<double>(layer, Batch(), new GradientCheckOptions()).Run();

    /// <summary>a = s·x with one number s, and with something done to either pass.</summary>
    private sealed class Scale : Layer<double>
    {
        private readonly Parameter<double> scale = new("scale", Tensor.Create([2.0]));
        private double[] last = [];
        private Tensor<double> x = Tensor<double>.Empty;

        /// <summary>A factor of the outputs, from the input.</summary>
        public Func<double[], double> Forwards { get; init; } = _ => 1;

        /// <summary>What becomes of ∂L/∂x.</summary>
        public Func<double[], Parameter<double>, double[]> Backwards { get; init; } = (gradient, _) => gradient;

        /// <summary>Whether the input was another one in the forward pass before the last: by more than a step of a numeric slope.</summary>
        public bool IsAnotherBatch { get; private set; }

        public override IReadOnlyList<Parameter<double>> Parameters => [scale];

        public override Tensor<double> Forward(Tensor<double> input)
        {
            x = input;
            double[] values = [.. input.AsSpan()];
            IsAnotherBatch = last.Length > 0 && Math.Abs(last[0] - values[0]) > 0.01;
            last = values;
            double factor = scale.Value[0] * Forwards(values);
            return Tensor.Create([.. values.Select(value => factor * value)], input.Lengths);
        }

        public override Tensor<double> Backward(Tensor<double> outputGradient)
        {
            double factor = Forwards(last);
            scale.AccumulateGradient()[0] += factor * TensorPrimitives.Dot(outputGradient.AsSpan(), x.AsSpan());
            double[] result = Backwards([.. outputGradient.AsSpan()], scale);
            return Tensor.Create([.. result.Select(value => scale.Value[0] * value)], x.Lengths);
        }
    }
}
