using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>How a report sums up what was found for the entries, and what it concludes from the order of the Taylor remainder.</summary>
public class ReportRuleTests
{
    /// <summary>
    /// Of two entries one is drawn, and passes; the loss adds |y − 1|ᵖ of the other, whose gradient is claimed to be 0: the remainder is of
    /// order p. Below 1.5 it is that of a wrong gradient, or of a corner that nobody tells of.
    /// </summary>
    [Theory]
    [InlineData(1.45, true)]
    [InlineData(1.55, false)]
    public void An_order_below_one_and_a_half_is_that_of_a_wrong_gradient(double order, bool isNoted)
    {
        var options = new GradientCheckOptions { Samples = 1 };
        int drawn = Comparison.Draw([1, 2], options)[0];
        GradientCheckReport report = Checked(order, drawn, options);
        Assert.Equal(order, report.TaylorOrder, 0.01);
        Assert.Equal((GradientVerdict.Pass, 1), (report.Verdict, report.Rows[0].Entries));
        Assert.Equal(isNoted, report.Notes.Any(note => note.Contains("Check more samples", StringComparison.Ordinal)));
    }

    /// <summary>Where every entry was looked at, or one failed, the entries themselves have told: nothing is to be said of those that were not drawn.</summary>
    [Fact]
    public void The_order_alone_is_doubted_only_where_entries_were_left_out()
    {
        var options = new GradientCheckOptions { Samples = 1 };
        int drawn = Comparison.Draw([1, 2], options)[0];
        Assert.NotEmpty(Checked(1.2, drawn, options).Notes);
        Assert.Empty(Checked(1.2, drawn, options, claim: 5).Notes);
        Assert.Equal(GradientVerdict.Fail, Checked(1.2, drawn, options, claim: 5).Verdict);
        Assert.Empty(Checked(1.2, drawn, options with { Samples = 2 }).Notes);
    }

    /// <summary>One tensor of several that was not drawn in full is enough for doubt; one of several that failed has told.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void One_tensor_with_entries_left_out_is_enough_for_doubt(double claim, bool isDoubted)
    {
        var options = new GradientCheckOptions { Samples = 1 };
        int drawn = Comparison.Draw([1, 2], options)[0];
        (Tensor<double> x, Tensor<double> y) = (Tensor.Create([1.0, 1], [1, 2]), Tensor.Create([5.0], [1, 1]));
        double[] claims = [0, 0];
        claims[drawn] = 2;
        GradientCheckReport report = GradientCheck.Run(
            () => (2 * x[0, drawn]) + y[0, 0] + Math.Pow(Math.Abs(x[0, 1 - drawn] - 1), 1.2),
            [new CheckedTensor<double>("y", y, Tensor.Create([claim], [1, 1])), new CheckedTensor<double>("x", x, Tensor.Create(claims, [1, 2]))],
            options);
        Assert.Equal([1, 1], report.Rows.Select(row => row.Entries));
        Assert.Equal(isDoubted, report.Notes.Any(note => note.Contains("Check more samples", StringComparison.Ordinal)));
    }

    /// <summary>What is wrong is said of the tensor that it is wrong of; of one without a diagnosis of its own the likeliest of all, and nothing of what is right.</summary>
    [Fact]
    public void Only_a_wrong_tensor_has_a_diagnosis()
    {
        (Tensor<double> x, Tensor<double> y, Tensor<double> z) = (new NumPyRandom(1).Randn(2, 3), new NumPyRandom(2).Randn(2, 3), new NumPyRandom(3).Randn(2, 3));
        Tensor<double> Times(Tensor<double> tensor, double factor) => Tensor.Multiply<double>(tensor, factor);
        GradientCheckReport report = GradientCheck.Run(
            () => 0.5 * (TensorPrimitives.SumOfSquares<double>([.. x]) + TensorPrimitives.SumOfSquares<double>([.. y]) + TensorPrimitives.SumOfSquares<double>([.. z])),
            [new CheckedTensor<double>("x", x, Times(x, 1)), new CheckedTensor<double>("y", y, Times(y, -1)), new CheckedTensor<double>("z", z, Times(z, 0))]);
        Assert.Null(report.Rows[0].Diagnosis);
        Assert.Contains("The gradient of z stays 0", report.Rows[2].Diagnosis, StringComparison.Ordinal);
        Assert.Equal(report.Diagnoses.FirstOrDefault(diagnosis => diagnosis.Place == "y", report.Diagnoses[0]).Evidence, report.Rows[1].Diagnosis);
    }

    /// <summary>Of four entries one is hidden by rounding: it counts for the norm, and not for the largest error.</summary>
    [Fact]
    public void A_row_sums_up_its_entries()
    {
        GradientCheckRow row = GradientCheckRow.Of(
            "w",
            [1, 4, 1e-9, 7, 9],
            [5],
            [Entry(0, 1, 2, GradientVerdict.Fail), Entry(1, 4, 5, GradientVerdict.Kink), Entry(2, 1e-9, 0, GradientVerdict.Noise), Entry(3, 7, 7, GradientVerdict.Pass)]);
        Assert.Equal((4, 1, 1, 1), (row.Entries, row.Failures, row.Kinks, row.Noise));
        Assert.Equal((GradientVerdict.Fail, 0.5), (row.Verdict, row.MaxRelativeError));
        Assert.Equal(Math.Sqrt(2), row.DifferenceNorm, 1e-12);
        Assert.Equal([0], row.Worst.Index);
        Assert.Equal([2, 5, 0, 7, double.NaN], row.Numeric.ToArray());
        Assert.Equal([1, 4, 1e-9, 7, 9], row.Analytic.ToArray());
    }

    /// <summary>The worst entry has the worst verdict, however large the error of a better one is; among equals the largest error is the worst.</summary>
    [Fact]
    public void The_worst_entry_has_the_worst_verdict()
    {
        CheckedEntry[] entries = [Entry(0, 1, 9, GradientVerdict.Kink), Entry(1, 1, 1.01, GradientVerdict.Fail), Entry(2, 1, 1.02, GradientVerdict.Fail)];
        Assert.Equal([2], GradientCheckRow.Of("w", [1, 1, 1], [3], entries).Worst.Index);
        GradientCheckRow noise = GradientCheckRow.Of("w", [1], [1], [Entry(0, 1, 9, GradientVerdict.Noise)]);
        Assert.Equal((0, 8), (noise.MaxRelativeError, noise.DifferenceNorm));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 2, 1, 0.5)]
    [InlineData(-2, 2, 4, 2)]
    [InlineData(4, 0, 4, 1)]
    [InlineData(double.NaN, 1, double.NaN, double.PositiveInfinity)]
    [InlineData(double.PositiveInfinity, 1, double.PositiveInfinity, double.PositiveInfinity)]
    public void Errors_are_relative_to_the_larger_of_both(double analytic, double numeric, double absolute, double relative)
    {
        CheckedEntry entry = Entry(0, analytic, numeric, GradientVerdict.Pass);
        Assert.Equal((absolute, relative), (entry.AbsoluteError, entry.RelativeError));
    }

    private static GradientCheckReport Checked(double order, int drawn, GradientCheckOptions options, double claim = 2)
    {
        Tensor<double> x = Tensor.Create([1.0, 1], [1, 2]);
        double[] claims = [0, 0];
        claims[drawn] = claim;
        return GradientCheck.Run(
            () => (2 * x[0, drawn]) + Math.Pow(Math.Abs(x[0, 1 - drawn] - 1), order), [new CheckedTensor<double>("x", x, Tensor.Create(claims, [1, 2]))], options);
    }

    private static CheckedEntry Entry(int index, double analytic, double numeric, GradientVerdict verdict) =>
        new() { Parameter = "w", Index = [index], Analytic = analytic, Numeric = numeric, Step = 1e-5, Resolution = 0, Verdict = verdict };
}
