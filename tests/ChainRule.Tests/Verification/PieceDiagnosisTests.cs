using System.Numerics.Tensors;
using ChainRule.Verification;
using Xunit;
using static ChainRule.Verification.GradientMistake;

namespace ChainRule.Tests.Verification;

/// <summary>What is said of one piece of a network, on pieces of a few numbers: a = w∘x, or a = x², with one mistake in what they claim.</summary>
public class PieceDiagnosisTests
{
    private static readonly Tensor<double> two = Tensor.Create([1.0, 2], [1, 2]);
    private static readonly Tensor<double> twoSigns = Tensor.Create([1.0, -2], [1, 2]);
    private static readonly Tensor<double> threeSamples = Tensor.Create([1.0, 2, -0.5, 4, 0.7, -3], [3, 2]);

    [Fact]
    public void Of_a_right_piece_nothing_is_said() => Assert.Empty(Of(TinyPiece.Product(threeSamples, Same, Same)));

    /// <summary>w has 2 entries and x has 6.</summary>
    [Theory]
    [InlineData("1 of 8 gradients of tiny are NaN or infinite", double.NaN, 1.0)]
    [InlineData("2 of 8 gradients of tiny are NaN or infinite", double.NaN, double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_counted_over_all_gradients(string words, double forW, double forX)
    {
        Diagnosis diagnosis = Assert.Single(Of(TinyPiece.Product(threeSamples, right => [forW, .. right[1..]], right => [forX * right[0], .. right[1..]])));
        Assert.Equal((NotFinite, "tiny", 1), (diagnosis.Cause, diagnosis.Place, diagnosis.Confidence));
        Assert.StartsWith(words, diagnosis.Evidence, StringComparison.Ordinal);
    }

    /// <summary>One factor that all gradients of a piece have is the piece's, and as sure as all of their entries make it.</summary>
    [Fact]
    public void A_factor_of_all_gradients_is_told_of_the_piece()
    {
        Diagnosis first = Likeliest(TinyPiece.Product(twoSigns, Times(1.3), Times(1.3)));
        Assert.Equal((ConstantFactor, "tiny", 0.9), (first.Cause, first.Place, first.Confidence));
        Assert.StartsWith("Every gradient that tiny gives is 1.3 times", first.Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(Of(TinyPiece.Product(twoSigns, Times(1.3), Times(1.7))), diagnosis => diagnosis.Evidence.StartsWith("Every gradient", StringComparison.Ordinal));
    }

    [Fact]
    public void A_factor_of_one_gradient_is_told_of_that_one()
    {
        Diagnosis ofW = Likeliest(TinyPiece.Product(threeSamples, Times(-1), Same));
        Assert.Equal((SignTurned, "w"), (ofW.Cause, ofW.Place));
        Assert.StartsWith("Every entry of the gradient of w is the negative", ofW.Evidence, StringComparison.Ordinal);
        Diagnosis ofX = Likeliest(TinyPiece.Product(threeSamples, Same, Times(-1)));
        Assert.Equal((SignTurned, "tiny"), (ofX.Cause, ofX.Place));
        Assert.StartsWith("Every entry of the gradient of the input of tiny is the negative", ofX.Evidence, StringComparison.Ordinal);
    }

    /// <summary>3 inputs, 5 outputs x₀, x₁, x₂, x₀, x₁.</summary>
    [Theory]
    [InlineData(3, FactorOfUnits)]
    [InlineData(5, FactorOfUnits)]
    [InlineData(4, ConstantFactor)]
    public void A_factor_may_be_the_number_of_inputs_or_of_outputs(double factor, GradientMistake cause)
    {
        var piece = new TinyPiece(
            Tensor.Create([1.0, 2, 4], [1, 3]), null, (_, x) => [.. x, x[0], x[1]], (_, _, g) => [[factor * (g[0] + g[3]), factor * (g[1] + g[4]), factor * g[2]]]);
        Assert.Equal((cause, "tiny"), (Likeliest(piece).Cause, Likeliest(piece).Place));
    }

    /// <summary>A factor is the number of samples if it is another one for fewer samples: one experiment tells.</summary>
    [Theory]
    [InlineData(3, true, SummedInsteadOfAveraged, 0.97)]
    [InlineData(3, false, ConstantFactor, 0.9)]
    public void A_factor_is_measured_with_one_sample_fewer(int batch, bool growsWithTheBatch, GradientMistake cause, double confidence) => AssertFactor(batch, growsWithTheBatch, cause, confidence);

    /// <summary>With two samples the factor 2 may be the batch or the 2 of a square: with one sample the batch is 1.</summary>
    [Theory]
    [InlineData(true, SummedInsteadOfAveraged, 0.97)]
    [InlineData(false, FactorOfTwo, 0.96)]
    public void Two_samples_are_told_from_a_factor_of_two(bool growsWithTheBatch, GradientMistake cause, double confidence) => AssertFactor(2, growsWithTheBatch, cause, confidence);

    /// <summary>The right gradient of w has a 0 where x has one; what is said is not that only some entries are wrong.</summary>
    [Fact]
    public void A_gradient_that_stays_0_was_not_reached()
    {
        TinyPiece piece = TinyPiece.Product(Tensor.Create([1.0, 0, 2], [1, 3]), right => new double[right.Length], Same);
        Assert.Equal([(NeverReached, "w", 0.97), (WrongValueUsed, "tiny", 0.4), (PathMissing, "tiny", 0.35), (Unknown, "tiny", 0.2)], Causes(Of(piece)));
    }

    /// <summary>g + 1 in the place of g: answers to single gradients from above would say that the samples mix.</summary>
    [Fact]
    public void What_is_not_linear_in_the_gradient_from_above_has_no_paths_to_compare()
    {
        var piece = new TinyPiece(threeSamples, null, (_, x) => Squares(x), (_, x, g) => [[.. x.Select((value, i) => 2 * value * (g[i] + 1))]]);
        Assert.Equal([Unknown, ActivationDerivativeWrong, Unknown], Of(piece).Select(diagnosis => diagnosis.Cause));
        Assert.Contains("not linear in the gradient from above", Of(piece)[0].Evidence, StringComparison.Ordinal);
    }

    /// <summary>a = x², whose slope is wrong in a batch, in the second sample, or always.</summary>
    [Theory]
    [InlineData(2, "in a batch", true)]
    [InlineData(3, "in a batch", true)]
    [InlineData(3, "in the second sample", false)]
    [InlineData(3, "always", false)]
    [InlineData(1, "always", false)]
    public void Right_for_every_sample_and_wrong_for_the_batch(int batch, string wrong, bool isTold)
    {
        double Slope(double x, int count) => (2 * x) + ((wrong == "in a batch" && count > 2) || (wrong == "in the second sample" && x is -0.5 or 4) || wrong == "always" ? 1 + (x * x) : 0);
        var piece = (TinyPiece)new TinyPiece(threeSamples, null, (_, x) => Squares(x), (_, x, g) => [[.. x.Select((value, i) => g[i] * Slope(value, x.Length))]]).Take([.. Enumerable.Range(0, batch)]);
        Assert.Equal(isTold, Causes(Of(piece)).Contains((RightForOneSampleOnly, "tiny", 0.6)));
        Assert.Contains((ActivationDerivativeWrong, "tiny", 0.7), Causes(Of(piece)));
    }

    /// <summary>The piece itself is right then, for a sample as for a batch: that says nothing of the claims.</summary>
    [Fact]
    public void What_somebody_else_claims_is_not_told_by_the_batch()
    {
        TinyPiece piece = TinyPiece.Product(threeSamples, Same, Same);
        Examination e = Examination.OfClaims(piece, [1, 10, 100, 1, 2, 3], [[7, 77], []])!;
        Assert.Equal([WrongValueUsed, PathMissing, Unknown], PieceDiagnosis.Of(e).Select(diagnosis => diagnosis.Cause));
    }

    /// <summary>x² at −1, 0, 2, 3 has a wrong slope on one side of 0; at 0 itself it is right.</summary>
    [Theory]
    [InlineData("negative", -1.0)]
    [InlineData("positive", 2.0, 3.0)]
    [InlineData("", 2.0)]
    [InlineData("", -1.0, 3.0)]
    [InlineData("", -1.0, 2.0, 3.0)]
    public void A_branch_of_an_activation_is_told_by_the_sign_of_its_input(string sign, params double[] wrong)
    {
        var piece = new TinyPiece(
            Tensor.Create([-1.0, 0.0, 2, 3], [1, 4]), null, (_, x) => [.. x.Select(value => value + (value * value))], (_, x, g) => [[.. x.Select((value, i) => g[i] * (1 + (2 * value) + (wrong.Contains(value) ? value * value : 0)))]]);
        Diagnosis[] told = [.. Of(piece).Where(diagnosis => diagnosis.Evidence.Contains("wrong exactly where its input is", StringComparison.Ordinal))];
        Assert.Equal(sign.Length > 0, told.Length == 1);
        Assert.All(told, diagnosis => Assert.Contains($"where its input is {sign}", diagnosis.Evidence, StringComparison.Ordinal));
    }

    /// <summary>What comes from a sigmoid is positive throughout: that all of it is wrong says nothing of a branch.</summary>
    [Fact]
    public void Inputs_of_one_sign_tell_of_no_branch()
    {
        var piece = new TinyPiece(two, null, (_, x) => Squares(x), (_, x, g) => [[.. x.Select((value, i) => 1.3 * 2 * value * g[i])]]);
        Assert.DoesNotContain(Of(piece), diagnosis => diagnosis.Evidence.Contains("exactly where", StringComparison.Ordinal));
    }

    /// <summary>Beside a slope of 0 everything that is divided by the slope is infinite, which a finite claim does not come from.</summary>
    [Fact]
    public void What_would_be_infinite_explains_nothing()
    {
        var piece = new TinyPiece(
            Tensor.Create([-1.0, 2, 3, -4], [2, 2]), null, (_, x) => [.. x.Select(value => Math.Max(0, value))], (_, x, g) => [[.. x.Select((value, i) => value * value * g[i])]]);
        Assert.DoesNotContain(Of(piece), diagnosis => diagnosis.Cause == ActivationDerivativeMisplaced);
    }

    /// <summary>a₀ = x₀ + x₁, a₁ = x₀ − x₁ with a wrong gradient at x₁ alone, which is negative. There is no slope that would be wrong: a part of the gradient is.</summary>
    [Fact]
    public void The_sign_of_the_input_tells_nothing_of_a_layer_that_mixes_its_inputs()
    {
        var piece = new TinyPiece(Tensor.Create([1.0, -2], [1, 2]), null, (_, x) => [x[0] + x[1], x[0] - x[1]], (_, _, g) => [[g[0] + g[1], g[0] + (5 * g[1])]]);
        Assert.DoesNotContain(Of(piece), diagnosis => diagnosis.Cause == ActivationDerivativeWrong);
        Assert.Contains((PartWrong, "tiny", 0.8), Causes(Of(piece)));
    }

    /// <summary>The gradient from above of one sample goes to all of them.</summary>
    [Fact]
    public void Experiments_with_single_gradients_from_above_are_made()
    {
        var piece = new TinyPiece(threeSamples, null, (_, x) => Squares(x), (_, x, g) => [[.. x.Select((value, i) => 2 * value * g.Where((_, o) => o % 2 == i % 2).Sum())]]);
        Assert.Contains((SamplesMixed, "tiny", 0.97), Causes(Of(piece)));
    }

    /// <summary>a = x·W for W (2, 2), whose gradient is made of tanh x in the place of x.</summary>
    [Fact]
    public void Experiments_with_the_use_of_a_matrix_are_made()
    {
        var piece = new TinyPiece(
            threeSamples,
            Tensor.Create([1.0, 2, 3, 4], [2, 2]),
            (w, x) => [.. x.Chunk(2).SelectMany(row => new[] { (row[0] * w[0]) + (row[1] * w[2]), (row[0] * w[1]) + (row[1] * w[3]) })],
            (w, x, g) =>
            [
                [.. w.Select((_, i) => x.Chunk(2).Zip(g.Chunk(2), (row, above) => Math.Tanh(row[i / 2]) * above[i % 2]).Sum())],
                [.. g.Chunk(2).SelectMany(above => new[] { (above[0] * w[0]) + (above[1] * w[1]), (above[0] * w[2]) + (above[1] * w[3]) })],
            ]);
        Assert.Contains((WrongValueUsed, "w", 0.75), Causes(Of(piece)));
    }

    [Fact]
    public void Another_order_is_told_of_the_gradient_that_has_it()
    {
        TinyPiece piece = TinyPiece.Product(Tensor.Create([1.0, 2, -0.5, 4, 0.7, -3], [2, 3]), right => [right[2], right[1], right[0]], Same);
        Assert.Contains((Reordered, "w", 0.9), Causes(Of(piece)));
    }

    [Fact]
    public void A_part_of_a_gradient_is_told_with_the_tensor()
    {
        Diagnosis told = Of(TinyPiece.Product(threeSamples, right => [right[0], right[1] + 1.7], Same)).Single(diagnosis => diagnosis.Cause == PartWrong);
        Assert.Equal("w", told.Place);
        Assert.StartsWith("Only some entries of w are wrong: 1 of 2", told.Evidence, StringComparison.Ordinal);
    }

    /// <summary>Where no experiment gives the numbers: which gradients are wrong together says where to look.</summary>
    [Fact]
    public void Guesses_go_by_which_gradients_are_wrong()
    {
        double[] Odd(double[] right) => [.. right.Select((value, i) => (value * value) + (0.1 * (i + 1)))];
        string Guesses(TinyPiece piece)
        {
            double[] upstream = [.. piece.Forward().Select((_, i) => 1 + (0.37 * i))];
            return string.Join(" ", PieceDiagnosis.Of(Examination.OfClaims(piece, upstream, piece.Backward(upstream))!).Select(diagnosis => diagnosis.Cause));
        }

        Assert.Equal("WrongValueUsed PathMissing Unknown", Guesses(TinyPiece.Product(threeSamples, Odd, Same)));
        Assert.Equal("ActivationDerivativeWrong Unknown", Guesses(TinyPiece.Product(threeSamples, Same, Odd)));
        Assert.Equal("CrossTermsMissing Unknown", Guesses(new TinyPiece(two, null, (_, x) => [x[0] + x[1], x[0] * x[1]], (_, _, _) => [[7, 77]])));
        Assert.Equal("Unknown", Guesses(new TinyPiece(two, null, (_, x) => [x[0] * x[1] * x[1]], (_, _, _) => [[7, 77]]) { IsTinyLoss = true }));
    }

    /// <summary>Attention and the like: the gradients of the weights come through the same sum as that of the input.</summary>
    [Fact]
    public void Cross_terms_may_be_missing_from_all_gradients_of_a_layer()
    {
        var piece = new TinyPiece(two, Tensor.Create([1.5, 2.5]), (w, x) => [(w[0] * x[0]) + (w[1] * x[1]), x[0] * x[1] * w[0]], (_, _, _) => [[7, 77], [5, 55]]);
        Assert.Equal([CrossTermsMissing, Unknown], PieceDiagnosis.Of(Examination.OfClaims(piece, [1, 10], piece.Backward([]))!).Select(diagnosis => diagnosis.Cause));
        Assert.Contains("its gradients of w, the input of tiny are wrong", PieceDiagnosis.Of(Examination.OfClaims(piece, [1, 10], piece.Backward([]))!)[^1].Evidence, StringComparison.Ordinal);
    }

    private static void AssertFactor(int batch, bool growsWithTheBatch, GradientMistake cause, double confidence)
    {
        var piece = (TinyPiece)new TinyPiece(
            threeSamples, null, (_, x) => Squares(x), (_, x, g) => [[.. x.Select((value, i) => (growsWithTheBatch ? x.Length / 2 : batch) * 2 * value * g[i])]]).Take([.. Enumerable.Range(0, batch)]);
        Assert.Equal((cause, confidence), (Likeliest(piece).Cause, Likeliest(piece).Confidence));
    }

    private static IReadOnlyList<Diagnosis> Of(Piece piece) => PieceDiagnosis.Of(Examination.Of(piece)!);

    private static Diagnosis Likeliest(Piece piece) => Of(piece).MaxBy(diagnosis => diagnosis.Confidence)!;

    private static IEnumerable<(GradientMistake Cause, string Place, double Confidence)> Causes(IEnumerable<Diagnosis> diagnoses) =>
        diagnoses.Select(diagnosis => (diagnosis.Cause, diagnosis.Place, diagnosis.Confidence));

    private static double[] Same(double[] right) => right;

    private static Func<double[], double[]> Times(double factor) => right => [.. right.Select(value => factor * value)];

    private static double[] Squares(double[] x) => [.. x.Select(value => value * value)];
}
