using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Mistakes that values do not show: each is planted into a layer, in double and in float, and the check says its name and its place.</summary>
public class ProbeTests
{
    [Theory]
    [InlineData(Fault.ForwardAtRandom, GradientMistake.NonDeterministic, "Two forward passes of the same input give other bits")]
    [InlineData(Fault.BackwardAtRandom, GradientMistake.NonDeterministic, "Two backward passes of the same values give other bits")]
    [InlineData(Fault.UpstreamIgnored, GradientMistake.UpstreamDropped, "The gradient from above is ")]
    [InlineData(Fault.UpstreamSquared, GradientMistake.UpstreamAppliedTwice, "four times as large")]
    [InlineData(Fault.OnlyTheSignOfUpstream, GradientMistake.UpstreamDropped, "only the sign counts")]
    [InlineData(Fault.UpstreamWithoutSign, GradientMistake.Unknown, "The sign of the gradient from above is lost")]
    [InlineData(Fault.SomethingAdded, GradientMistake.UpstreamDropped, "something is added that does not come from the loss")]
    [InlineData(Fault.InputChangedByForward, GradientMistake.ValuesChanged, "The forward pass changes the input")]
    [InlineData(Fault.InputChangedByBackward, GradientMistake.ValuesChanged, "The backward pass changes the input")]
    [InlineData(Fault.ParameterChangedByForward, GradientMistake.ValuesChanged, "The forward pass changes factor")]
    [InlineData(Fault.UpstreamChanged, GradientMistake.ValuesChanged, "The backward pass changes the gradient from above")]
    [InlineData(Fault.FirstBatchKept, GradientMistake.StaleCache, "wrong after another batch")]
    [InlineData(Fault.RowsOfALargerBatch, GradientMistake.StaleCache, "After a batch of 4 samples the gradient of one of 2 is wrong")]
    [InlineData(Fault.LastGradientOfTheInputAdded, GradientMistake.WrongAccumulation, "the gradient grows with every step")]
    [InlineData(Fault.GradientOverwritten, GradientMistake.WrongAccumulation, "A second backward pass overwrites the gradient of the first")]
    [InlineData(Fault.GradientNeverForgotten, GradientMistake.WrongAccumulation, "the gradient grows with every step")]
    [InlineData(Fault.GradientWrittenPastTheCounter, GradientMistake.NeverReached, "not through AccumulateGradient()")]
    [InlineData(Fault.ParameterNeverReached, GradientMistake.NeverReached, "0")]
    [InlineData(Fault.OutputNotFinite, GradientMistake.NotFinite, "1 of the 12 outputs are NaN or infinite")]
    [InlineData(Fault.GradientNotFinite, GradientMistake.NotFinite, "1 of 3 entries of the gradient are NaN or infinite")]
    [InlineData(Fault.WrongShape, GradientMistake.WrongShape, "The gradient of the input has the shape (12, 1), and the input (4, 3).")]
    [InlineData(Fault.StartRemembered, GradientMistake.WrongAfterTraining, "wrong once they have moved")]
    [InlineData(Fault.BatchOfOneOnly, GradientMistake.RightForOneSampleOnly, "With the first sample alone the gradient is right, with all 4 it is wrong")]
    public void A_planted_mistake_is_seen_and_named(Fault fault, GradientMistake cause, string evidence)
    {
        Check<double>(fault, cause, evidence);
        Check<float>(fault, cause, evidence);
    }

    /// <summary>The layer that the mistakes are planted into is right without them.</summary>
    [Fact]
    public void Without_a_mistake_nothing_is_said()
    {
        Assert.Empty(Run<double>(Fault.None).Diagnoses);
        Assert.Equal(GradientVerdict.Pass, Run<double>(Fault.None).Verdict);
        Assert.Empty(Run<float>(Fault.None).Diagnoses);
        Assert.Equal(GradientVerdict.Pass, Run<float>(Fault.None).Verdict);
    }

    /// <summary>Whatever a pass overwrites, the network and the batch are afterwards what they were.</summary>
    [Theory]
    [InlineData(Fault.InputChangedByForward)]
    [InlineData(Fault.InputChangedByBackward)]
    [InlineData(Fault.ParameterChangedByForward)]
    public void What_a_layer_changes_is_put_back(Fault fault)
    {
        var layer = new FaultyLayer<double>(fault, 3);
        Tensor<double> x = new NumPyRandom(2).Randn(4, 3);
        double[] before = [.. x, .. layer.Parameters[0].Value];
        GradientCheck.Run(layer, x);
        Assert.Equal(before, (double[])[.. x, .. layer.Parameters[0].Value]);
    }

    /// <summary>Inside a network the place is the layer's name there.</summary>
    [Fact]
    public void The_place_is_what_the_network_calls_the_layer()
    {
        var random = new NumPyRandom(2);
        var network = new Sequential<double>(new Linear<double>(2, 3, random), new FaultyLayer<double>(Fault.FirstBatchKept, 3), new Linear<double>(3, 2, random));
        GradientCheckReport report = GradientCheck.Run(network, new MeanSquaredError<double>(), random.Randn(4, 2), random.Randn(4, 2));
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.Equal(GradientMistake.StaleCache, report.Diagnoses[0].Cause);
        Assert.Equal("layer2", report.Diagnoses[0].Place);
        Assert.Contains("layer2", Assert.Throws<GradientCheckException>(report.ThrowIfFailed).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random", GradientMistake.NonDeterministic, "Two runs on the same predictions give other bits.")]
    [InlineData("changes", GradientMistake.ValuesChanged, "The loss changes the predictions")]
    [InlineData("changes targets", GradientMistake.ValuesChanged, "The loss changes the targets")]
    [InlineData("infinite", GradientMistake.NotFinite, "The loss itself is")]
    [InlineData("gradient not finite", GradientMistake.NotFinite, "1 of 6 entries of the gradient are NaN or infinite, and the loss is finite")]
    [InlineData("adds up", GradientMistake.WrongAccumulation, "must not add up")]
    [InlineData("stale", GradientMistake.StaleCache, "wrong after another batch")]
    public void A_mistake_of_a_loss_is_seen_and_named(string fault, GradientMistake cause, string evidence)
    {
        var random = new NumPyRandom(5);
        Tensor<double> p = random.Randn(3, 2);
        Tensor<double> y = random.Randn(3, 2);
        double[] before = [.. p, .. y];
        GradientCheckReport report = GradientCheck.Run(new FaultyLoss(fault), p, y);
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Diagnosis said = Assert.Single(report.Diagnoses, diagnosis => diagnosis.Cause == cause && diagnosis.Evidence.Contains(evidence, StringComparison.Ordinal));
        Assert.Equal("FaultyLoss", said.Place);
        Assert.Single(LossProbe.Run(new FaultyLoss(fault), p, y, new GradientCheckOptions()));
        Assert.Equal(before, (double[])[.. p, .. y]);
        Assert.Equal(GradientVerdict.Pass, GradientCheck.Run(new FaultyLoss(""), p, y).Verdict);
    }

    /// <summary>Another batch is like the first: its samples in the opposite order, a little nearer to 0, which leaves no domain.</summary>
    [Fact]
    public void Another_batch_of_a_loss_is_the_first_turned_round()
    {
        var loss = new FaultyLoss("");
        LossProbe.Run(loss, Tensor.Create([1.0, 2, 3, 4, 5, 6], [3, 2]), Tensor.Create([-1.0, -2, -3, -4, -5, -6], [3, 2]), new GradientCheckOptions());
        Assert.Contains(loss.Seen, seen => seen.SequenceEqual([0.75 * 5, 0.75 * 6, 0.75 * 3, 0.75 * 4, 0.75 * 1, 0.75 * 2, -5, -6, -3, -4, -1, -2]));
    }

    private static void Check<T>(Fault fault, GradientMistake cause, string evidence)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        GradientCheckReport report = Run<T>(fault);
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.True(
            report.Diagnoses.Any(diagnosis => diagnosis.Cause == cause && diagnosis.Evidence.Contains(evidence, StringComparison.Ordinal)),
            $"{typeof(T).Name}: {string.Join(" | ", report.Diagnoses.Select(diagnosis => $"{diagnosis.Cause} {diagnosis}"))}");
    }

    private static GradientCheckReport Run<T>(Fault fault)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        GradientCheck.Run(new FaultyLayer<T>(fault, 3), Tensor.ConvertTruncating<double, T>(new NumPyRandom(2).Randn(4, 3)));

    /// <summary>Half the squared distance, with a mistake.</summary>
    private sealed class FaultyLoss(string fault) : Loss<double>
    {
        private double[] first = [];
        private double[] sum = [];
        private int runs;

        /// <summary>The predictions and targets of every forward pass.</summary>
        public List<double[]> Seen { get; } = [];

        public override string ToString() => nameof(FaultyLoss);

        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
        {
            Seen.Add([.. prediction, .. target]);
            if (fault.StartsWith("changes", StringComparison.Ordinal))
            {
                ReadOnlySpan<double> changed = fault == "changes" ? prediction : target;
                MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(changed), changed.Length)[0] += 1;
            }

            double[] distance = Distance(prediction, target);
            first = first.Length == 0 ? distance : first;
            sum = new double[distance.Length];
            return fault == "infinite" ? double.PositiveInfinity : (0.5 * TensorPrimitives.SumOfSquares(distance)) + (fault == "random" ? 1e-9 * ++runs : 0);
        }

        protected override void Backward(Span<double> predictionGradient)
        {
            double[] distance = fault == "stale" ? first : Distance(Prediction, Target);
            TensorPrimitives.Add(sum, distance, sum);
            (fault == "adds up" ? sum : distance).CopyTo(predictionGradient);
            if (fault == "gradient not finite")
            {
                predictionGradient[1] = double.NaN;
            }
        }

        private static double[] Distance(ReadOnlySpan<double> p, ReadOnlySpan<double> y)
        {
            double[] distance = new double[p.Length];
            TensorPrimitives.Subtract(p, y, distance);
            return distance;
        }
    }

    /// <summary>Next to 0 a float cross-entropy has a few digits at most: the sum of its exponentials is next to 1. What rounding does there is no stale cache.</summary>
    [Fact]
    public void A_loss_with_few_digits_left_is_not_called_stale()
    {
        for (float logit = 8; logit < 20; logit += 0.125f)
        {
            GradientCheck.Run(new SoftmaxCrossEntropy<float>(), Tensor.Create([logit, 0, -logit, logit / 2], [2, 2]), Tensor.Create([0f, 1])).ThrowIfFailed();
        }
    }
}
