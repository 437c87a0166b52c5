using System.Numerics.Tensors;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What the slopes of single outputs tell, by small matrices of right and claimed slopes ∂a/∂x with a row for each output.</summary>
public class PathDiagnosisTests
{
    /// <summary>Two samples of two numbers; the second output of each depends on its first input alone.</summary>
    private const string TwoSamples = "1 2 0 0, 3 0 0 0, 0 0 5 6, 0 0 7 0";

    /// <summary>Two samples of three outputs and two inputs, and a fourth output that depends on nothing.</summary>
    private const string ThreeOutputs = "1 2 0 0, 3 4 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 3 4, 0 0 5 6, 0 0 0 0";

    /// <summary>Only where an output of one sample does not depend on another may no gradient of it arrive there: statistics of a batch do mix.</summary>
    [Theory]
    [InlineData(TwoSamples, "1 2 0 9, 3 0 0 0, 0 0 5 6, 0 0 7 0", true)]
    [InlineData(TwoSamples, "1 2 0 0, 3 0 0 0, 0 0 5 6, 9 0 7 0", true)]
    [InlineData(TwoSamples, "1 2 0 0, 3 9 0 0, 0 0 5 6, 0 0 7 0", false)]
    [InlineData(TwoSamples, "1 2 0 0, 3 0 0 0, 0 0 5 6, 0 0 7 9", false)]
    [InlineData("1 2 3 4, 5 6 7 8, 9 1 2 3, 4 5 6 8", "1 2 3 4, 5 6 7 9, 9 1 2 3, 4 5 6 8", false)]
    public void Samples_mix_where_a_gradient_reaches_what_its_output_does_not_depend_on(string right, string claimed, bool mix) =>
        Assert.Equal(mix ? ["SamplesMixed"] : [], Causes(right, claimed, 2));

    [Theory]
    [InlineData("1 2 3, 4 5 6, 7 8 9", "1 0 0, 0 5 0, 0 0 9", 1, true)]
    [InlineData("1 2 0 0, 3 4 0 0, 0 0 5 6, 0 0 7 8", "9 0 0 0, 0 4 0 0, 0 0 5 0, 0 0 0 8", 2, true)]
    [InlineData("1 2 3, 4 5 6, 7 8 9", "1 0 0, 4 5 0, 0 0 9", 1, false)]
    [InlineData("1 0 0, 0 5 0, 0 0 9", "2 0 0, 0 7 0, 0 0 8", 1, false)]
    [InlineData("1 2 3, 4 5 6", "1 0 0, 0 5 0", 1, false)]
    public void Own_terms_alone_are_no_gradient_of_what_depends_on_others(string right, string claimed, int batch, bool isOwn)
    {
        Diagnosis? only = Said(right, claimed, batch).SingleOrDefault();
        Assert.Equal(isOwn ? GradientMistake.CrossTermsMissing : null, only?.Cause);
        Assert.True(!isOwn || only!.Evidence.StartsWith("Only the own terms", StringComparison.Ordinal));
    }

    /// <summary>Each sample has a number that all of its values share: what is missing is u·vᵀ. A part of the values may not use it, up to half of the terms.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    public void A_term_that_a_row_shares_is_missing(double scale)
    {
        double[][] error = new double[8][];
        for (int o = 0; o < 8; o++)
        {
            double[] u = o < 4 ? [0, 0, 1, 2] : [3, 0, 1, 2];
            double[] v = o < 4 ? [1, 2, 3, -4] : [0, 1, 2, 5];
            error[o] = [.. Enumerable.Range(0, 8).Select(i => i / 4 == o / 4 ? u[o % 4] * v[i % 4] : 0)];
        }

        Assert.Equal(["row"], Shared(error, scale, batch: 2));
    }

    /// <summary>Each feature has a number that all samples share, as the mean of a batch.</summary>
    [Fact]
    public void A_term_that_a_column_shares_is_missing()
    {
        double[] u = [0, 1, 2, 3];
        double[] v = [2, 1, 1, -5];
        Assert.Equal(["column"], Shared([.. Enumerable.Range(0, 8).Select(o => Enumerable.Range(0, 8).Select(i => i % 2 == o % 2 ? u[o / 2] * v[i / 2] : 0).ToArray())], 1, batch: 4));
    }

    /// <summary>The slopes of the other sample are all right: measured with a little rounding, or without any because they are 0.</summary>
    [Theory]
    [InlineData("3 1 1, 1 3 1, 1 1 3")]
    [InlineData("0 0 0, 0 0 0, 0 0 0")]
    public void A_sample_in_which_nothing_is_wrong_does_not_hide_what_a_row_shares(string slopes)
    {
        double[][] right = [.. Matrix("3 1 1, 1 3 1, 1 1 3").Select(row => (double[])[.. row, 0, 0, 0]), .. Matrix(slopes).Select(row => (double[])[0, 0, 0, .. row])];
        double[][] claimed = [.. Matrix("4 3 4, 3 7 7, 4 7 12").Select(row => (double[])[.. row, 0, 0, 0]), .. right[3..]];
        Assert.Contains("of a row", Assert.Single(Said(new GivenSlopes(right, claimed, 2), GivenSlopes.Ones([2, 3]))).Evidence, StringComparison.Ordinal);
    }

    /// <summary>What is not a product of two vectors in each sample, one wrong row or column alone, and what two values alone share.</summary>
    [Theory]
    [InlineData("1 2 3, 2 4 6, 3 6 10", 1)]
    [InlineData("0 0 0, 2 4 6, 0 0 0", 1)]
    [InlineData("0 2 0, 0 4 0, 0 6 0", 1)]
    [InlineData("1 2 3 1 2 3, 2 4 6 2 4 6, 3 6 9 3 6 9, 1 2 3 1 2 3, 2 4 6 2 4 6, 3 6 9 3 6 9", 2)]
    [InlineData("1 2, 2 4", 1)]
    public void Nothing_is_shared_by(string error, int batch) => Assert.Empty(Shared(Matrix(error), 1, batch));

    /// <summary>A path is a feature of the outputs, in all samples, beside which a value has others. What the output that depends on nothing claims is of no meaning.</summary>
    [Theory]
    [InlineData(ThreeOutputs, "1 2 0 0, 0 0 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 0 0, 0 0 5 6, 0 0 0 0", "PathMissing: 1 of 4")]
    [InlineData(ThreeOutputs, "0 0 0 0, 3 4 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 3 4, 0 0 0 0, 0 0 0 0", "PathMissing: 0, 2 of 4")]
    [InlineData(ThreeOutputs, "1 2 0 0, 6 8 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 6 8, 0 0 5 6, 0 0 0 0", "PathCountedTwice: 1 of 4")]
    [InlineData(ThreeOutputs, "2 4 0 0, 3 4 0 0, 10 12 0 0, 0 0 0 0, 0 0 2 4, 0 0 3 4, 0 0 10 12, 0 0 0 0", "PathCountedTwice: 0, 2 of 4")]
    public void A_path_is_missing_or_counts_twice(string right, string claimed, string said) => Assert.Equal([said], Paths(Said(right, claimed, 2)));

    /// <summary>In one sample only; in all outputs; with another wrong output; by another factor; where a value has no other path.</summary>
    [Theory]
    [InlineData(ThreeOutputs, "1 2 0 0, 0 0 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 3 4, 0 0 5 6, 0 0 0 0")]
    [InlineData(ThreeOutputs, "1 2 0 0, 6 8 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 3 4, 0 0 5 6, 0 0 0 0")]
    [InlineData(ThreeOutputs, "0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0, 0 0 0 0")]
    [InlineData(ThreeOutputs, "2 4 0 0, 6 8 0 0, 10 12 0 0, 0 0 0 0, 0 0 2 4, 0 0 6 8, 0 0 10 12, 0 0 0 0")]
    [InlineData(ThreeOutputs, "1 9 0 0, 0 0 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 9, 0 0 0 0, 0 0 5 6, 0 0 0 0")]
    [InlineData(ThreeOutputs, "1 2 0 0, 9 12 0 0, 5 6 0 0, 0 0 0 0, 0 0 1 2, 0 0 9 12, 0 0 5 6, 0 0 0 0")]
    [InlineData("1 0 0 0, 0 1 0 0, 0 1 0 0, 0 0 1 0, 0 0 0 1, 0 0 0 1", "0 0 0 0, 0 1 0 0, 0 1 0 0, 0 0 0 0, 0 0 0 1, 0 0 0 1")]
    [InlineData("1 0 0 0, 0 1 0 0, 0 1 0 0, 0 0 1 0, 0 0 0 1, 0 0 0 1", "2 0 0 0, 0 1 0 0, 0 1 0 0, 0 0 2 0, 0 0 0 1, 0 0 0 1")]
    public void What_is_no_path_of_several_is_not_called_one(string right, string claimed) => Assert.Empty(Paths(Said(right, claimed, 2)));

    /// <summary>Other paths are enough for one of the values: x₀ reaches the first output and the third, x₁ the second alone.</summary>
    [Fact]
    public void One_value_with_another_path_is_enough() =>
        Assert.Equal(["PathMissing: 0, 1 of 3"], Paths(Said("1 0, 0 1, 1 0", "0 0, 0 0, 1 0", 1)));

    /// <summary>Where the last value sits on a corner any claim for it is right, and an output that it alone reaches says nothing.</summary>
    [Theory]
    [InlineData("1 2 0, 3 4 0, 0 0 5", "1 2 0, 0 0 0, 0 0 7", "PathMissing: 1 of 3")]
    [InlineData("1 0 0, 0 1 0, 0 0 5", "0 0 0, 0 1 0, 0 0 7", "")]
    public void A_corner_is_no_path(string right, string claimed, string said) =>
        Assert.Equal(said, string.Join("; ", Paths(Said(new GivenSlopes(Matrix(right), Matrix(claimed), 1), Tensor.Create([1.0, 1, 0], [1, 3])))));

    /// <summary>What samples share, and what several outputs depend on, is no sign of a mistake in a parameter; its paths are told as those of the input.</summary>
    [Theory]
    [InlineData("1 0, 2 3", "1 9, 2 3", 2, "")]
    [InlineData("1 2, 3 4", "1 0, 0 4", 1, "")]
    [InlineData("6 7 8, 7 9 8, 8 9 9", "5 5 5, 5 5 2, 5 3 0", 1, "")]
    [InlineData("1 2, 3 4", "1 2, 0 0", 1, "PathMissing: 1 of 2")]
    [InlineData("1 2, 3 4", "2 4, 3 4", 1, "PathCountedTwice: 0 of 2")]
    public void Of_a_parameter_only_paths_are_told(string right, string claimed, int batch, string said)
    {
        Diagnosis[] all = Said(new GivenSlopes(Matrix(right), Matrix(claimed), batch, ofAParameter: true), GivenSlopes.Ones([batch, 3]));
        Assert.Equal(said, string.Join("; ", Paths(all)));
        Assert.Equal(said.Length > 0 ? 1 : 0, all.Length);
    }

    [Fact]
    public void Eight_paths_are_named_at_most()
    {
        double[][] right = [.. Enumerable.Repeat(new[] { 1.0 }, 10)];
        Assert.Equal(["PathMissing: 0, 1, 2, 3, 4, 5, 6, 7 of 10"], Paths(Said(new GivenSlopes(right, [.. right.Select((row, o) => o < 9 ? [0.0] : row)], 1), GivenSlopes.Ones([1, 1]))));
    }

    /// <summary>Each output costs a backward pass.</summary>
    [Theory]
    [InlineData(600, 1)]
    [InlineData(601, 0)]
    public void Up_to_600_outputs_are_followed(int outputs, int said)
    {
        double[][] right = [.. Enumerable.Repeat(new[] { 1.0 }, outputs)];
        Assert.Equal(said, Said(new GivenSlopes(right, [[0.0], .. right[1..]], 1), GivenSlopes.Ones([1, 1])).Length);
    }

    /// <summary>The groups that are said to share a term, where slopes of all outputs by all inputs are wrong by an error.</summary>
    private static string[] Shared(double[][] error, double scale, int batch)
    {
        double[][] right = [.. error.Select((row, o) => row.Select((_, i) => scale * (i == o ? 30 : 20)).ToArray())];
        double[][] claimed = [.. right.Zip(error, (row, wrong) => row.Zip(wrong, (x, y) => x + (scale * y)).ToArray())];
        return [.. Said(new GivenSlopes(right, claimed, batch), GivenSlopes.Ones([batch, error.Length / batch]))
            .Where(diagnosis => diagnosis.Cause == GradientMistake.CrossTermsMissing)
            .Select(diagnosis => diagnosis.Evidence.Contains("of a row", StringComparison.Ordinal) ? "row" : diagnosis.Evidence.Contains("of a column", StringComparison.Ordinal) ? "column" : diagnosis.Evidence)];
    }

    private static string[] Causes(string right, string claimed, int batch) => [.. Said(right, claimed, batch).Select(diagnosis => diagnosis.Cause.ToString())];

    /// <summary>The paths that are missing or count twice, and the numbers that the sentence says of them.</summary>
    private static string[] Paths(IEnumerable<Diagnosis> said) =>
        [.. said.Where(diagnosis => diagnosis.Cause is GradientMistake.PathMissing or GradientMistake.PathCountedTwice).Select(diagnosis => $"{diagnosis.Cause}: {diagnosis.Evidence.Split(": ")[1].TrimEnd('.').Split(';')[0]}")];

    private static Diagnosis[] Said(string right, string claimed, int batch) =>
        Said(new GivenSlopes(Matrix(right), Matrix(claimed), batch), GivenSlopes.Ones([batch, Matrix(right)[0].Length / batch]));

    private static Diagnosis[] Said(Layer<double> layer, Tensor<double> x) =>
        [.. PathExperiments.Of(Examination.Of(Piece.Of(new CheckedNetwork(layer, null, x, null))[0])!)];

    private static double[][] Matrix(string rows) =>
        [.. rows.Split(", ").Select(row => row.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
}
