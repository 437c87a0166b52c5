using System.Numerics.Tensors;
using ChainRule.Verification;
using Xunit;
using static ChainRule.Verification.GradientMistake;

namespace ChainRule.Tests.Verification;

/// <summary>The numbers that each mistake would make of the gradient of an input, as they come out on paper.</summary>
public class InputSuspicionTests
{
    /// <summary>a = x² at x = 1, 2, 3 has the slopes 2, 4, 6 and the values 1, 4, 9; the gradient from above is 1, 10, 100.</summary>
    [Fact]
    public void Of_an_activation()
    {
        var piece = new TinyPiece(Tensor.Create([1.0, 2, 3], [1, 3]), x => [.. x.Select(value => value * value)]);
        Compare(
            Suspicions(piece, [1, 10, 100]),
            (ActivationDerivativeMissing, [1, 10, 100]),
            (ActivationDerivativeMisplaced, [2, 80, 1800]), // at the output: 2a = 2, 8, 18
            (ActivationDerivativeMisplaced, [2, 200, 20000]), // at the gradient from above: 2g = 2, 20, 200
            (ActivationDerivativeMisplaced, [4, 160, 3600]), // twice
            (ActivationDerivativeMisplaced, [0.5, 2.5, 100.0 / 6]), // divided by it
            (ActivationDerivativeWrong, [1, 40, 900]), // the value in its place
            (ActivationDerivativeWrong, [1, 20, 300]), // the input in its place
            (OffByOne, [4, 60, double.NaN]), // the next slope
            (OffByOne, [double.NaN, 20, 400])); // the slope before
    }

    /// <summary>The mistakes of a formula are those of the formula on corners too: without its derivative |x| passes the gradient on at 0.</summary>
    [Fact]
    public void Of_an_activation_on_its_corner()
    {
        var piece = new TinyPiece(Tensor.Create([0.0, 2], [1, 2]), x => [.. x.Select(Math.Abs)]);
        Assert.Equal([7, 8], Suspicions(piece, [7, 8])[0].Prediction);
    }

    /// <summary>A layer that takes no values above 1 has no slopes there: what would be taken at the output or at the gradient from above is not known.</summary>
    [Fact]
    public void Of_an_activation_that_does_not_take_all_values()
    {
        var piece = new TinyPiece(Tensor.Create([0.5, 0.8], [1, 2]), x => x.Max() > 1 ? throw new ArgumentException("Above 1.") : [.. x.Select(value => 2 * value)]);
        Assert.DoesNotContain(Suspicions(piece, [7, 8]), suspicion => suspicion.Evidence.Contains("is taken at", StringComparison.Ordinal));
    }

    /// <summary>a₀ = 2x₀ + x₁, a₁ = 3x₀ + 4x₁ with the gradient 1, 10 from above: right are 2·1 + 3·10 = 32 and 1·1 + 4·10 = 41.</summary>
    [Fact]
    public void Of_a_layer_with_as_many_outputs_as_inputs()
    {
        var piece = new TinyPiece(Tensor.Create([1.0, 2], [1, 2]), x => [(2 * x[0]) + x[1], (3 * x[0]) + (4 * x[1])]);
        Compare(
            Suspicions(piece, [1, 10]),
            (CrossTermsMissing, [2, 40]),
            (PathMissing, [1, 10]), // the direct path alone
            (PathMissing, [31, 31]), // without the direct path
            (PathCountedTwice, [33, 51]), // with another direct path
            (Transposed, [12, 43]), // 2·1 + 1·10, 3·1 + 4·10
            (RightForOneSampleOnly, [32, 41]));
    }

    /// <summary>a₀ = x₀², a₁ = x₀x₁, a₂ = x₁² of two samples. The first has the slopes (2, 2, 0) and (0, 1, 4), the second (6, 1, 0) and (0, 3, 2).</summary>
    [Fact]
    public void Of_a_layer_with_more_outputs_than_inputs()
    {
        var piece = new TinyPiece(Tensor.Create([1.0, 2, 3, 1], [2, 2]), x => [.. x.Chunk(2).SelectMany(row => new[] { row[0] * row[0], row[0] * row[1], row[1] * row[1] })]);
        Compare(
            Suspicions(piece, [1, 10, 100, 1000, 1, 0]),
            (Transposed, [2 + 0 + 100, 2 + 0 + 400, 6000 + 0, 1000 + 0]), // as (3, 2) the slopes are (2, 2), (0, 0), (1, 4) and (6, 1), (0, 0), (3, 2)
            (RightForOneSampleOnly, [2 + 20, 10 + 400, 2000 + 2, 1]));
    }

    /// <summary>L = x₀² + x₁² at ln 2 and 0.25 has the gradient 2x; σ′(ln 2) = 2/9.</summary>
    [Fact]
    public void Of_a_loss()
    {
        double x0 = Math.Log(2);
        var piece = new TinyPiece(Tensor.Create([x0, 0.25], [1, 2]), x => [x.Sum(value => value * value)]) { IsTinyLoss = true };
        double atQuarter = 1 / (1 + Math.Exp(-0.25));
        Compare(
            Suspicions(piece, [1], 1, 1),
            (ActivationDerivativeMisplaced, [2 * x0 * 2 / 9, 0.5 * atQuarter * (1 - atQuarter)]),
            (ActivationDerivativeMisplaced, [2 * x0 * x0 * (1 - x0), 0.5 * 0.25 * 0.75]),
            (ActivationDerivativeMisplaced, [2 / (1 - x0), 0.5 / (0.25 * 0.75)]));
    }

    /// <summary>Of ln Σ exp x − x₀ every score has a slope, and those of a sample have the sum 0. A loss that says so for one score of each sample has taken the sum for a constant.</summary>
    [Theory]
    [InlineData(true, 5.0, 0.0, 0.0, 5.0, 0.0, 0.0)]
    [InlineData(true, 5.0, 0.0, 0.0, 0.0, 5.0, 0.0)]
    [InlineData(false, 5.0, 0.0, 0.0, 5.0, 5.0, 0.0)]
    [InlineData(false, 5.0, 5.0, 5.0, 0.0, 5.0, 0.0)]
    [InlineData(false, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0)]
    public void Of_a_loss_whose_scores_are_normalised(bool isSuspected, params double[] claim)
    {
        var piece = new TinyPiece(
            Tensor.Create([0.5, -1, 2, 1, 1.5, -0.5], [2, 3]), x => [x.Chunk(3).Sum(row => Math.Log(row.Sum(Math.Exp)) - row[0])])
        {
            IsTinyLoss = true,
        };
        Suspicion[] suspicions = [.. Suspicions(piece, [1], claim).Where(suspicion => suspicion.Cause == CrossTermsMissing)];
        Assert.Equal(isSuspected, suspicions.Length == 1);
        Assert.All(suspicions, suspicion => Assert.Equal(claim.Select(value => value == 0), suspicion.Prediction.Select(value => value == 0)));
    }

    /// <summary>The scores of a squared error have nothing to do with each other, whatever its size, and whether or not those of one sample have the sum 0 by chance.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    public void Of_a_loss_whose_scores_are_independent(double scale)
    {
        var piece = new TinyPiece(Tensor.Create([scale, -scale, scale, 2 * scale], [2, 2]), x => [x.Sum(value => value * value)]) { IsTinyLoss = true };
        Assert.DoesNotContain(Suspicions(piece, [1], 2 * scale, 0, 2 * scale, 0), suspicion => suspicion.Cause == CrossTermsMissing);
    }

    private static Suspicion[] Suspicions(Piece piece, double[] upstream, params double[] claim) => [.. InputSuspicions.Of(Examination.OfClaims(piece, upstream, [claim])!)];

    private static void Compare(Suspicion[] suspicions, params (GradientMistake Cause, double[] Prediction)[] expected)
    {
        Assert.Equal(expected.Select(one => one.Cause), suspicions.Select(suspicion => suspicion.Cause));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Prediction.Select(Rounded), suspicions[i].Prediction.Select(Rounded));
        }
    }

    private static string Rounded(double value) => $"{value:G6}";
}
