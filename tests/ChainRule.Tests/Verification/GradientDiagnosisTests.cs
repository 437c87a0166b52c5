using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Each planted mistake is called by its name.</summary>
public class GradientDiagnosisTests
{
    private const int Batch = 5;

    public static TheoryData<string, string> Mistakes => new()
    {
        { "sign", "sign is turned" },
        { "batch", "mean over the batch is missing" },
        { "batch twice", "taken twice" },
        { "double", "2 times too large" },
        { "half", "half of what it should be" },
        { "factor", "0.9 times" },
        { "zero", "Never reached" },
        { "not a number", "Not finite: 1 of 12" },
        { "transposed", "Transposed" },
        { "neighbour", "Off by one" },
        { "row", "Only some rows are wrong: 1 of 3" },
        { "column", "Only some columns are wrong: 2 of 4" },
        { "everywhere", "differs from entry to entry" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named(string mistake, string diagnosis)
    {
        double[] numeric = [.. new NumPyRandom(3).Randn(12)];
        double[] analytic = mistake switch
        {
            "sign" => [.. numeric.Select(n => -n)],
            "batch" => [.. numeric.Select(n => Batch * n)],
            "batch twice" => [.. numeric.Select(n => n / Batch)],
            "double" => [.. numeric.Select(n => 2 * n)],
            "half" => [.. numeric.Select(n => n / 2)],
            "factor" => [.. numeric.Select(n => 0.9 * n)],
            "zero" => new double[12],
            "not a number" => [double.NaN, .. numeric[1..]],
            "transposed" => [.. from j in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 3) select numeric[(i * 4) + j]],
            "neighbour" => [.. numeric[1..], numeric[0]],
            "row" => [.. numeric.Select((n, i) => i / 4 == 1 ? n * n : n)],
            "column" => [.. numeric.Select((n, i) => i % 4 == 2 ? n * n : n)],
            _ => [.. numeric.Select(n => n * n)],
        };
        Assert.Contains(diagnosis, GradientDiagnosis.Of(analytic, numeric, [3, 4], Batch), StringComparison.Ordinal);
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
