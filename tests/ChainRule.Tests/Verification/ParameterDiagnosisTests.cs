using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Mistakes in the gradient of a weight that all samples share, ∂L/∂W = Σ xₛᵀ·gₛ over the samples s.</summary>
public class ParameterDiagnosisTests
{
    private static readonly double[][] inputs = [[0.3, -0.4], [0.9, 1.2], [-0.7, 0.6], [1.1, -2]];
    private static readonly double[][] upstream = [[0.6, -0.4, 1.1], [-0.8, 0.5, 0.9], [1.7, 0.2, -0.3], [0.4, -1.3, 0.1]];

    /// <summary>Which sample's x meets which sample's g is what these mistakes differ by: "01" is x₀ᵀ·g₁.</summary>
    [Theory]
    [InlineData("22", GradientMistake.NotSummed, "is that of sample 2 alone")]
    [InlineData("11 22 33", GradientMistake.OffByOne, "the first sample is left out")]
    [InlineData("00 11 22", GradientMistake.OffByOne, "the last sample is left out")]
    [InlineData("01 12 23", GradientMistake.OffByOne, "the gradient from above of the next sample")]
    [InlineData("01 12 23 30", GradientMistake.OffByOne, "the gradient from above of the next sample")]
    [InlineData("10 21 32", GradientMistake.OffByOne, "the gradient from above of the previous sample")]
    [InlineData("10 21 32 03", GradientMistake.OffByOne, "the gradient from above of the previous sample")]
    [InlineData("00 01 02 03", GradientMistake.RightForOneSampleOnly, "uses the first sample's values for every sample")]
    public void Samples_that_do_not_meet_their_own_gradient_are_named(string products, GradientMistake cause, string evidence)
    {
        Diagnosis first = PieceDiagnosis.Of(Claimed(4, Sum(products)))[0];
        Assert.Equal((cause, "weight"), (first.Cause, first.Place));
        Assert.Contains(evidence, first.Evidence, StringComparison.Ordinal);
    }

    /// <summary>Each sample overwrites what it touches: of another sample in each entry, and in one the sum, which is right.</summary>
    [Fact]
    public void A_share_of_one_sample_in_each_entry_is_no_sum()
    {
        double[] claim = [Sum("00")[0], Sum("11")[1], Sum("22")[2], Sum("33")[3], Sum("33")[4], Sum("00 11 22 33")[5]];
        Diagnosis first = PieceDiagnosis.Of(Claimed(4, claim))[0];
        Assert.Equal(GradientMistake.NotSummed, first.Cause);
        Assert.Contains("each entry holds the share of one sample", first.Evidence, StringComparison.Ordinal);
    }

    /// <summary>Of two samples the one that is there is named, and not the other one as left out.</summary>
    [Theory]
    [InlineData("00", "is that of sample 0 alone")]
    [InlineData("11", "is that of sample 1 alone")]
    public void Of_two_samples_one_alone_is_not_summed(string product, string evidence)
    {
        IReadOnlyList<Diagnosis> said = PieceDiagnosis.Of(Claimed(2, Sum(product)));
        Assert.Equal(GradientMistake.NotSummed, said[0].Cause);
        Assert.Contains(evidence, said[0].Evidence, StringComparison.Ordinal);
        Assert.DoesNotContain(said, diagnosis => diagnosis.Evidence.Contains("left out", StringComparison.Ordinal));
    }

    [Fact]
    public void One_sample_has_no_mistakes_of_several() => Assert.Empty(ParameterSuspicions.Of(Claimed(1, [1, 2, 3, 4, 5, 6]), 0));

    /// <summary>A weight that is used with x and with x² has the gradient (x + x²)ᵀ·g: what is claimed says what is missing, or was taken in its place. An input may be 0.</summary>
    [Theory]
    [InlineData(true, false, GradientMistake.WrongValueUsed)]
    [InlineData(true, true, GradientMistake.PathMissing, GradientMistake.WrongValueUsed)]
    [InlineData(false, true)]
    public void What_a_weight_was_multiplied_with_is_told(bool claimsSquare, bool usesBoth, GradientMistake? first = null, GradientMistake? second = null)
    {
        foreach (double[] x in (double[][])[[3, -5], [2, 0, -3]])
        {
            Piece piece = Piece.Of(new CheckedNetwork(new TwiceUsed(x.Length, claimsSquare, usesBoth), null, Tensor.Create(x, [1, x.Length]), null))[0];
            Diagnosis[] said = [.. ParameterExperiments.Of(Examination.Of(piece)!, 0)];
            Assert.Equal(new[] { first, second }.OfType<GradientMistake>(), said.Select(diagnosis => diagnosis.Cause));
            Assert.All(said, diagnosis => Assert.Equal("weight", diagnosis.Place));
        }
    }

    private static Examination Claimed(int batch, double[] claim)
    {
        Piece piece = Piece.Of(new CheckedNetwork(new Linear<double>(2, 3, new NumPyRandom(1)), null, Tensor.Create([.. inputs.Take(batch).SelectMany(row => row)], [batch, 2]), null))[0];
        return Examination.OfClaims(piece, [.. upstream.Take(batch).SelectMany(row => row)], [claim, [], []])!;
    }

    private static double[] Sum(string products)
    {
        double[] sum = new double[6];
        foreach (string product in products.Split(' '))
        {
            for (int e = 0; e < sum.Length; e++)
            {
                sum[e] += inputs[product[0] - '0'][e / 3] * upstream[product[1] - '0'][e % 3];
            }
        }

        return sum;
    }

    /// <summary>a = x·W, or (x + x²)·W where both are used; the gradient of W is that of x or of x² alone.</summary>
    private sealed class TwiceUsed(int inputs, bool claimsSquare, bool usesBoth) : BufferedLayer<double>
    {
        private const int Outputs = 4;
        private readonly Parameter<double> weight = new("weight", new NumPyRandom(1).Randn(inputs, Outputs));

        public override IReadOnlyList<Parameter<double>> Parameters => [weight];

        protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
        {
            (outputShape[0], outputShape[1]) = (inputShape[0], Outputs);
            return 2;
        }

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
        {
            output.Clear();
            for (int e = 0; e < inputs * Outputs; e++)
            {
                double x = input[e / Outputs];
                output[e % Outputs] += (usesBoth ? x + (x * x) : x) * weight.Value[e / Outputs, e % Outputs];
            }
        }

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            inputGradient.Clear();
            Span<double> sum = weight.AccumulateGradient();
            for (int e = 0; e < inputs * Outputs; e++)
            {
                (double x, double g) = (Input[e / Outputs], outputGradient[e % Outputs]);
                sum[e] += g * (claimsSquare ? x * x : x);
                inputGradient[e / Outputs] += g * weight.Value[e / Outputs, e % Outputs] * (usesBoth ? 1 + (2 * x) : 1);
            }
        }
    }
}
