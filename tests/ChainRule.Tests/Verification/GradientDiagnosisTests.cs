using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Mistakes are called by their names, from the pattern of the errors alone.</summary>
public class GradientDiagnosisTests
{
    private const int Batch = 5;
    private const int Outputs = 7;

    public static TheoryData<string, GradientMistake> Mistakes => new()
    {
        { "sign", GradientMistake.SignTurned },
        { "batch", GradientMistake.SummedInsteadOfAveraged },
        { "batch and outputs", GradientMistake.SummedInsteadOfAveraged },
        { "batch twice", GradientMistake.AveragedInsteadOfSummed },
        { "double", GradientMistake.FactorOfTwo },
        { "half", GradientMistake.FactorOfTwo },
        { "outputs", GradientMistake.FactorOfUnits },
        { "factor", GradientMistake.ConstantFactor },
        { "zero", GradientMistake.NeverReached },
        { "not a number", GradientMistake.NotFinite },
        { "transposed", GradientMistake.Transposed },
        { "next row", GradientMistake.OffByOne },
        { "previous column", GradientMistake.OffByOne },
        { "last column", GradientMistake.OffByOne },
        { "upside down", GradientMistake.Reordered },
        { "halves exchanged", GradientMistake.Reordered },
        { "shuffled", GradientMistake.Reordered },
        { "row", GradientMistake.PartWrong },
        { "columns", GradientMistake.PartWrong },
        { "weight decay", GradientMistake.PenaltyMissing },
        { "absolute penalty", GradientMistake.PenaltyMissing },
        { "everywhere", GradientMistake.Unknown },
    };

    /// <summary>Where only numbers are known, their pattern has to do.</summary>
    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_pattern_is_named(string mistake, GradientMistake cause)
    {
        var random = new NumPyRandom(3);
        double[] n = [.. random.Randn(12)];
        double[] value = [.. random.Randn(12)];
        double[] claimed = mistake switch
        {
            "sign" => [.. n.Select(x => -x)],
            "batch" => [.. n.Select(x => Batch * x)],
            "batch and outputs" => [.. n.Select(x => Batch * Outputs * x)],
            "batch twice" => [.. n.Select(x => x / Batch)],
            "double" => [.. n.Select(x => 2 * x)],
            "half" => [.. n.Select(x => x / 2)],
            "outputs" => [.. n.Select(x => Outputs * x)],
            "factor" => [.. n.Select(x => 0.9 * x)],
            "zero" => new double[12],
            "not a number" => [double.NaN, .. n[1..]],
            "transposed" => [.. from j in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 3) select n[(i * 4) + j]],
            "next row" => [.. n[4..], 7, 7, 7, 7],
            "previous column" => [.. n.Select((_, e) => e % 4 == 0 ? 7 : n[e - 1])],
            "last column" => [.. n.Select((x, e) => e % 4 == 3 ? 0 : x)],
            "upside down" => [.. n.Reverse()],
            "halves exchanged" => [.. n.Select((_, e) => n[(e / 4 * 4) + ((e + 2) % 4)])],
            "shuffled" => [.. n.OrderBy(x => x * x)],
            "row" => [.. n.Select((x, e) => e / 4 == 1 ? x * x : x)],
            "columns" => [.. n.Select((x, e) => e % 4 >= 2 ? x * x : x)],
            "weight decay" => [.. n.Zip(value, (x, theta) => x - (0.01 * theta))],
            "absolute penalty" => [.. n.Zip(value, (x, theta) => x - (0.01 * Math.Sign(theta)))],
            _ => [.. n.Select(x => x * x)],
        };
        Assert.Equal(cause, GradientDiagnosis.Of(Evidence(claimed, n, value))[0].Cause);
    }

    /// <summary>Entries that were not drawn, or lie on a kink, are not numbers: what is known has to do.</summary>
    [Theory]
    [InlineData(2.0, GradientMistake.FactorOfTwo)]
    [InlineData(Batch, GradientMistake.SummedInsteadOfAveraged)]
    public void Entries_that_are_not_known_do_not_count(double factor, GradientMistake cause)
    {
        double[] n = [.. new NumPyRandom(3).Randn(12).Select((x, e) => e % 3 == 1 ? double.NaN : x)];
        double[] claimed = [.. n.Select(x => double.IsNaN(x) ? 5 : factor * x)];
        Assert.Equal(cause, GradientDiagnosis.Of(Evidence(claimed, n, []))[0].Cause);
    }

    /// <summary>All tensors together say more than one: only biases, only what lies below a layer, everything alike.</summary>
    [Theory]
    [InlineData("W1 b1", GradientMistake.ActivationDerivativeMissing, "look at the derivative of the activation")]
    [InlineData("b2", GradientMistake.NotSummed, "summed over the batch")]
    [InlineData("W2", GradientMistake.WrongValueUsed, "which values of the forward pass")]
    [InlineData("W1 b1 W2 b2", GradientMistake.Unknown, "W1, b1, W2, b2")]
    public void Which_tensors_are_wrong_together_says_where_to_look(string wrong, GradientMistake cause, string words)
    {
        TensorEvidence[] tensors = [.. new[] { "W1", "b1", "W2", "b2" }.Select((name, i) =>
        {
            double[] n = [.. new NumPyRandom((uint)i).Randn(name[0] == 'W' ? 12 : 4)];
            bool isWrong = wrong.Split(' ').Contains(name);
            return new TensorEvidence { Name = name, Shape = name[0] == 'W' ? [3, 4] : [4], Claimed = isWrong ? [.. n.Select(x => x * x)] : n, Numeric = n, IsWrong = isWrong };
        })];
        Diagnosis first = GradientDiagnosis.Of(new GradientEvidence { Tensors = tensors, BatchSize = Batch, OutputCount = Outputs })[0];
        Assert.Equal(cause, first.Cause);
        Assert.Contains(words, first.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_probes_saw_comes_first_and_causes_come_before_their_effects()
    {
        double[] n = [.. new NumPyRandom(3).Randn(12)];
        GradientEvidence evidence = Evidence([.. n.Select(x => 2 * x)], n, []) with
        {
            Probes = [new(GradientMistake.StaleCache, "layer1", "stale"), new(GradientMistake.NonDeterministic, "layer1", "random"), new(GradientMistake.UpstreamDropped, "layer1", "dropped")],
        };
        Assert.Equal([GradientMistake.NonDeterministic, GradientMistake.StaleCache, GradientMistake.FactorOfTwo, GradientMistake.UpstreamDropped], GradientDiagnosis.Of(evidence).Take(4).Select(diagnosis => diagnosis.Cause));
    }

    [Fact]
    public void Where_nothing_is_wrong_nothing_is_said()
    {
        double[] n = [1, 2, 3];
        Assert.Empty(GradientDiagnosis.Of(new GradientEvidence { Tensors = [new TensorEvidence { Name = "w", Shape = [3], Claimed = n, Numeric = n, IsWrong = false }] }));
    }

    /// <summary>A layer is not accused where the check found its gradients right, whatever an experiment would say.</summary>
    [Fact]
    public void Without_a_wrong_entry_no_experiment_is_made()
    {
        double[] n = [1, 2, 3];
        TensorEvidence tensor = new() { Name = "w", Shape = [3], Claimed = n, Numeric = n, IsWrong = false };
        GradientEvidence evidence = new() { Tensors = [tensor], Network = new CheckedNetwork(new TurnedTanh(), null, new NumPyRandom(1).Randn(Batch, 3), null) };
        Assert.Empty(GradientDiagnosis.Of(evidence));
        Assert.Equal(GradientMistake.SignTurned, GradientDiagnosis.Of(evidence with { Tensors = [tensor with { IsWrong = true }] })[0].Cause);
    }

    /// <summary>Experiments with the layers say more than the numbers of the whole network: of w (2, 2), where (column, row) have changed places, 0.9·0.95 is left, and half of that.</summary>
    [Theory]
    [InlineData(false, 0.855)]
    [InlineData(true, 0.4275)]
    public void The_pattern_counts_half_where_a_layer_was_found_wrong(bool isExamined, double confidence)
    {
        TensorEvidence tensor = new() { Name = "w", Shape = [2, 2], Claimed = [1, 3, 2, 7], Numeric = [1, 2, 3, 7], IsWrong = true };
        GradientEvidence evidence = new() { Tensors = [tensor], Network = isExamined ? new CheckedNetwork(new TurnedTanh(), null, new NumPyRandom(1).Randn(Batch, 3), null) : null };
        Assert.Equal(confidence, GradientDiagnosis.Of(evidence).Single(diagnosis => diagnosis.Cause == GradientMistake.Transposed).Confidence, 1e-12);
    }

    /// <summary>b alone is claimed twice as large as it is, by somebody for a network that is right.</summary>
    [Fact]
    public void Claims_for_a_right_network_are_examined_where_one_of_several_is_wrong()
    {
        var random = new NumPyRandom(1);
        var network = new Linear<double>(3, 2, random);
        (Tensor<double> x, Tensor<double> y) = (random.Randn(Batch, 3), random.Randn(Batch, 2));
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(x), y);
        network.Backward(loss.Backward());
        double[] w = [.. network.Weight.Gradient];
        double[] b = [.. network.Bias!.Gradient];
        Diagnosis first = GradientDiagnosis.Of(new GradientEvidence
        {
            Tensors =
            [
                new() { Name = network.Weight.Name, Shape = [3, 2], Claimed = w, Numeric = w, IsWrong = false },
                new() { Name = network.Bias.Name, Shape = [2], Claimed = [.. b.Select(value => 2 * value)], Numeric = b, IsWrong = true },
            ],
            Network = new CheckedNetwork(network, loss, x, y),
        })[0];
        Assert.Equal((GradientMistake.FactorOfTwo, network.Bias.Name, 0.96), (first.Cause, first.Place, first.Confidence));
    }

    [Fact]
    public void The_report_says_it_for_a_loss_that_forgets_the_mean()
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Linear<double>(3, 2, random), new Tanh<double>());
        var loss = new ForgetfulLoss();
        GradientCheckReport report = GradientCheck.Run(network, loss, random.Randn(Batch, 3), random.Randn(Batch, 2));
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.All(report.Rows, row => Assert.Contains("10 times", row.Diagnosis, StringComparison.Ordinal));
    }

    [Fact]
    public void So_many_entries_are_checked_as_were_asked_for_and_always_the_same_ones()
    {
        var random = new NumPyRandom(1);
        var layer = new Linear<double>(30, 20, random);
        Tensor<double> x = random.Randn(2, 30);
        GradientCheckReport Run() => GradientCheck.Run(layer, x, new GradientCheckOptions { Samples = 25, Seed = 4 });
        Assert.Equal([25, 20, 25], Run().Rows.Select(row => row.Entries));
        Assert.Equal(25, Run().Rows[0].Numeric.Count(value => !double.IsNaN(value)));
        Assert.Equal(Run().Rows[0].Numeric, Run().Rows[0].Numeric);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Samples = 0 });
    }

    private static GradientEvidence Evidence(double[] claimed, double[] numeric, double[] value) => new()
    {
        Tensors = [new TensorEvidence { Name = "w", Shape = [3, 4], Value = value, Claimed = claimed, Numeric = numeric, IsWrong = true }],
        BatchSize = Batch,
        OutputCount = Outputs,
    };

    /// <summary>tanh whose gradient has the wrong sign.</summary>
    private sealed class TurnedTanh : BufferedLayer<double>
    {
        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) => TensorPrimitives.Tanh(input, output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            for (int i = 0; i < outputGradient.Length; i++)
            {
                inputGradient[i] = -outputGradient[i] * (1 - (Output[i] * Output[i]));
            }
        }
    }

    /// <summary>The mean squared error whose derivative lacks the division by the number of values.</summary>
    private sealed class ForgetfulLoss : Loss<double>
    {
        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
        {
            double sum = 0;
            for (int i = 0; i < prediction.Length; i++)
            {
                sum += (prediction[i] - target[i]) * (prediction[i] - target[i]);
            }

            return sum / prediction.Length;
        }

        protected override void Backward(Span<double> predictionGradient)
        {
            for (int i = 0; i < predictionGradient.Length; i++)
            {
                predictionGradient[i] = 2 * (Prediction[i] - Target[i]);
            }
        }
    }
}
