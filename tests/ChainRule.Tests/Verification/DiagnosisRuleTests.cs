using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The rules of the diagnosis, each by itself: when numbers agree, what a factor means, what a piece is measured by, and mistakes that only an experiment tells.</summary>
public class DiagnosisRuleTests
{
    private const int Batch = 5;

    /// <summary>Numbers agree up to 10⁻⁴ of themselves and 10⁻⁶ of the largest; what is not known does not count, and nothing known is no agreement.</summary>
    [Fact]
    public void Agreement_is_up_to_what_differences_get_wrong()
    {
        Assert.True(Agreement.Same([1.00009], [1]));
        Assert.False(Agreement.Same([1.00011], [1]));
        Assert.True(Agreement.Same([1e3, 0.9e-3], [1e3, 0]));
        Assert.False(Agreement.Same([1e3, 1.1e-3], [1e3, 0]));
        Assert.True(Agreement.Same([7, 1], [double.NaN, 1]));
        Assert.False(Agreement.Same([7], [double.NaN]));
        Assert.True(Agreement.Same([0, 0], [0, 0]));
        Assert.False(Agreement.Same([7, 7], [double.PositiveInfinity, 1]));
        Assert.Empty(Agreement.Wrong([1e3, 0.9e-3, 7], [1e3, 0, double.NaN]));
        Assert.Equal([1], Agreement.Wrong([1e3, 1.1e-3, 7], [1e3, 0, double.NaN]));
    }

    [Fact]
    public void A_factor_is_one_number_for_all_and_not_0()
    {
        Assert.Equal(2.5, Agreement.Factor([5, 7, -10], [2, double.NaN, -4])!.Value, 1e-12);
        Assert.Null(Agreement.Factor([5, -10], [2, 4]));
        Assert.Null(Agreement.Factor([0, 0], [1, 2]));
        Assert.Null(Agreement.Factor([1], [0]));
    }

    /// <summary>With one sample fewer, of 5, a sum that stands for a mean is 4/5 as wrong, a mean for a sum 5/4 as much.</summary>
    [Theory]
    [InlineData(12.5, 10, GradientMistake.SummedInsteadOfAveraged, 0.97)]
    [InlineData(0.6, 0.75, GradientMistake.AveragedInsteadOfSummed, 0.97)]
    [InlineData(5, 1.7, GradientMistake.SummedInsteadOfAveraged, 0.85)]
    [InlineData(7, 3, GradientMistake.ConstantFactor, 0.9)]
    [InlineData(3, 3, GradientMistake.ConstantFactor, 0.9)]
    [InlineData(7, 7, GradientMistake.FactorOfUnits, 0.95)]
    [InlineData(1.0 / 7, 1.0 / 7, GradientMistake.FactorOfUnits, 0.95)]
    public void How_a_factor_changes_with_the_batch_says_what_it_is(double factor, double withOneFewer, GradientMistake cause, double confidence)
    {
        Diagnosis diagnosis = FactorSuspicions.Of(factor, withOneFewer, 12, Batch, factor is 5 or 12.5 or 3 ? [] : [7 + (factor == 7 && withOneFewer == 3 ? 1 : 0)], "It");
        Assert.Equal((cause, confidence), (diagnosis.Cause, diagnosis.Confidence));
    }

    /// <summary>One sample has no sum; and one or two entries are always off by some factor.</summary>
    [Theory]
    [InlineData(7, 12, 1, GradientMistake.FactorOfUnits, 0.95)]
    [InlineData(0.3, 3, 5, GradientMistake.ConstantFactor, 0.9)]
    [InlineData(0.3, 2, 5, GradientMistake.ConstantFactor, 0.4)]
    public void A_factor_is_as_sure_as_what_it_was_seen_in(double factor, int entries, int batch, GradientMistake cause, double confidence)
    {
        Diagnosis diagnosis = FactorSuspicions.Of(factor, entries, batch, [7], "It");
        Assert.Equal((cause, confidence), (diagnosis.Cause, diagnosis.Confidence));
    }

    [Fact]
    public void A_diagnosis_says_where_and_how_sure()
    {
        var diagnosis = new Diagnosis { Cause = GradientMistake.Unknown, Place = "layer1", Confidence = 0.95, Evidence = "Wrong." };
        Assert.Equal("layer1: Wrong. (95%)", diagnosis.ToString());
        Assert.Equal("Wrong. (95%)", (diagnosis with { Place = "" }).ToString());
    }

    /// <summary>x² has the slope 2x at every size; x + x² that of 1 at 0, alone and among others.</summary>
    [Theory]
    [InlineData(1e6, 2e6)]
    [InlineData(-3, 2)]
    [InlineData(1e-8, 1e-8)]
    public void A_piece_is_measured_by_the_size_of_its_values(double first, double second)
    {
        Examination e = Examined(new Function(x => x * x), first, second);
        Assert.True(Agreement.Same(2 * first, e.Derivative(0, 0)[0]) && Agreement.Same(2 * second, e.Diagonal[1]), string.Join(" ", e.Diagonal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void What_is_0_is_moved_too(double other) =>
        Assert.True(Agreement.Same([1, 1 + (2 * other)], Examined(new Function(x => x + (x * x)), 0, other).Diagonal));

    [Fact]
    public void A_corner_has_no_derivative_and_rounding_is_none()
    {
        Assert.Equal([true, false, false], Examined(new Function(Math.Abs), 0, 1, -1).Right[0].Select(double.IsNaN));
        Assert.DoesNotContain(double.NaN, Examined(new Function(x => x + 1e10), 1, 2).Right[0]);
        Assert.Equal([true, false], Examined(new Function(x => x > 1 ? throw new ArgumentException("Too large.") : x), 1, 0.5).Right[0].Select(double.IsNaN));
    }

    /// <summary>64 samples of 30 numbers are 2,850 entries by 1,920 outputs: three samples have to do. A matrix of 20,000 entries is too large with one.</summary>
    [Fact]
    public void Large_pieces_are_examined_on_three_samples_or_not_at_all()
    {
        var random = new NumPyRandom(1);
        Assert.Equal(3, Examination.Of(Alone(new Linear<double>(30, 30, random), random.Randn(64, 30)))!.Piece.Batch);
        Assert.Null(Examination.Of(Alone(new Linear<double>(1999, 10, random), random.Randn(5, 1999))));
    }

    /// <summary>Where no experiment gives the claimed numbers, what is said is where to look, the likeliest first.</summary>
    [Fact]
    public void Without_an_explanation_there_are_guesses()
    {
        var random = new NumPyRandom(5);
        string Guesses(Layer<double> layer)
        {
            Piece piece = Alone(layer, random.Randn(Batch, 4));
            double[] upstream = [.. random.Randn(piece.Forward().Length)];
            double[][] claims = [.. piece.Backward(upstream).Select((right, t) => t == 0 ? right.Select((value, i) => (value * value) + (0.1 * (i + 1))).ToArray() : [])];
            return string.Join(" ", PieceDiagnosis.Of(Examination.OfClaims(piece, upstream, claims)!).Select(diagnosis => FormattableString.Invariant($"{diagnosis.Cause} {diagnosis.Confidence}")));
        }

        Assert.Equal("WrongValueUsed 0.4 PathMissing 0.35 Unknown 0.2", Guesses(new Linear<double>(4, 3, random)));
        Assert.Equal("ActivationDerivativeWrong 0.7 Unknown 0.2", Guesses(new Tanh<double>()));
        Assert.Equal("CrossTermsMissing 0.4 Unknown 0.2", Guesses(new Softmax<double>()));
    }

    [Theory]
    [InlineData("divided", GradientMistake.ActivationDerivativeMisplaced, "is divided by the derivative")]
    [InlineData("value", GradientMistake.ActivationDerivativeWrong, "The value of WrongTanh stands in the place")]
    [InlineData("input", GradientMistake.ActivationDerivativeWrong, "The input of WrongTanh stands in the place")]
    [InlineData("missing", GradientMistake.ActivationDerivativeMissing, "as if the slope were 1")]
    [InlineData("twice", GradientMistake.ActivationDerivativeMisplaced, "multiplied in twice")]
    [InlineData("next", GradientMistake.OffByOne, "is that of the next entry")]
    [InlineData("previous", GradientMistake.OffByOne, "is that of the previous entry")]
    [InlineData("negative", GradientMistake.ActivationDerivativeWrong, "wrong exactly where its input is negative")]
    [InlineData("positive", GradientMistake.ActivationDerivativeWrong, "wrong exactly where its input is positive")]
    public void A_mistake_in_an_activation_is_named(string mistake, GradientMistake cause, string evidence) => Named(new WrongTanh(mistake), cause, evidence);

    [Theory]
    [InlineData("own", GradientMistake.CrossTermsMissing, "Only the own terms")]
    [InlineData("unchanged", GradientMistake.PathMissing, "unchanged: only the direct path is there")]
    [InlineData("lacks", GradientMistake.PathMissing, "The direct path is missing")]
    [InlineData("again", GradientMistake.PathCountedTwice, "The direct path counts twice")]
    [InlineData("first", GradientMistake.RightForOneSampleOnly, "the first sample's values for every sample")]
    public void A_mistake_in_what_a_layer_hands_down_is_named(string mistake, GradientMistake cause, string evidence) => Named(new WrongGate(mistake), cause, evidence);

    /// <summary>In float a layer of one's own cannot be run in experiments: the numbers of samples and of outputs explain a factor.</summary>
    [Theory]
    [InlineData(4, GradientMistake.SummedInsteadOfAveraged)]
    [InlineData(5, GradientMistake.FactorOfUnits)]
    [InlineData(1.3, GradientMistake.ConstantFactor)]
    public void A_factor_is_that_of_the_samples_or_of_the_outputs(float factor, GradientMistake cause)
    {
        GradientCheckReport report = GradientCheck.Run(new Repeat(factor), Tensor.ConvertTruncating<double, float>(new NumPyRandom(2).Randn(4, 3)));
        Assert.Equal(cause, report.Diagnoses[0].Cause);
    }

    /// <summary>Of functions the number of samples is not known, and may be more than one: a bias may lack its sum.</summary>
    [Fact]
    public void Functions_may_have_any_number_of_samples()
    {
        var random = new NumPyRandom(2);
        (Tensor<double> w, Tensor<double> b) = (random.Randn(1, 4), random.Randn(4));
        GradientCheckReport report = GradientCheck.Run(
            () => Tensor.Create([.. w.Zip(b, (x, y) => x + y)], [1, 4]), g => [g, Tensor.Create([.. g.Select(value => value * value)], [4])], [("w", w), ("b", b)]);
        Assert.Contains(report.Diagnoses, diagnosis => (diagnosis.Cause, diagnosis.Place) == (GradientMistake.NotSummed, "b"));
    }

    [Fact]
    public void A_loss_that_divides_twice_is_told_so()
    {
        Tensor<double> p = Tensor.Create([0.2, 0.6, 0.9, 0.3], [2, 2]);
        GradientCheckReport report = GradientCheck.Run(new Tanh<double>(), new WrongEntropy(), Tensor.Create([.. p.Select(Math.Atanh)], [2, 2]), Tensor.Create([0.0, 1, 1, 0], [2, 2]));
        Assert.Equal(GradientMistake.ActivationDerivativeMisplaced, report.Diagnoses[0].Cause);
        Assert.Contains("divided by p(1 − p) once too often", report.Diagnoses[0].Evidence, StringComparison.Ordinal);
    }

    /// <summary>What a row says is the likeliest mistake of its own tensor.</summary>
    [Fact]
    public void Every_row_has_the_diagnosis_of_its_own_tensor()
    {
        var random = new NumPyRandom(2);
        (Tensor<double> u, Tensor<double> v) = (random.Randn(1, 4), random.Randn(1, 4));
        GradientCheckReport report = GradientCheck.Run(
            () => Tensor.Create([.. u.Concat(v)], [1, 8]),
            g => [Tensor.Create([.. g.Take(4).Reverse()], [1, 4]), Tensor.Create([0.0, 0, 0, 0], [1, 4])],
            [("u", u), ("v", v)]);
        Assert.Contains("Reversed", report.Rows[0].Diagnosis, StringComparison.Ordinal);
        Assert.Contains("The gradient of v stays 0", report.Rows[1].Diagnosis, StringComparison.Ordinal);
    }

    /// <summary>The first entry sits on a corner, where any value is right; all others are twice what they should be.</summary>
    [Fact]
    public void An_entry_on_a_corner_does_not_hide_the_pattern_of_the_others()
    {
        Tensor<double> a = Tensor.Create([0.0, 1, 2], [1, 3]);
        GradientCheckReport report = GradientCheck.Run(
            () => Math.Abs(a[0, 0]) + (a[0, 1] * a[0, 1]) + (a[0, 2] * a[0, 2]), [new CheckedTensor<double>("a", a, Tensor.Create([0.5, 4, 8], [1, 3]))]);
        Assert.Equal((GradientMistake.FactorOfTwo, 1), (report.Diagnoses[0].Cause, report.Rows[0].Kinks));
    }

    /// <summary>No direction that leaves a corner has a second order: tensors with entries on corners stay as they are.</summary>
    [Fact]
    public void Corners_are_left_out_of_the_order()
    {
        Tensor<double> a = Tensor.Create([0.0], [1, 1]);
        Tensor<double> b = Tensor.Create([1.0], [1, 1]);
        GradientCheckReport report = GradientCheck.Run(
            () => Math.Abs(a[0, 0]) + (b[0, 0] * b[0, 0]), [new CheckedTensor<double>("a", a, Tensor.Create([0.5], [1, 1])), new CheckedTensor<double>("b", b, Tensor.Create([2.0], [1, 1]))]);
        Assert.Equal(GradientVerdict.Kink, report.Verdict);
        Assert.Equal(2, report.TaylorOrder, 0.01);
    }

    /// <summary>Right as long as the batch stays the same: the backward pass reads the batch before, which the forward or the backward pass left.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_batch_before_is_a_stale_cache(bool leftByBackward)
    {
        var findings = new LayerProbe<double>(new OneBatchBehind(leftByBackward), new NumPyRandom(2).Randn(4, 3), new GradientCheckOptions()).Run();
        Assert.Equal(GradientMistake.StaleCache, Assert.Single(findings).Mistake);
    }

    private static void Named(Layer<double> layer, GradientMistake cause, string evidence)
    {
        GradientCheckReport report = GradientCheck.Run(layer, new NumPyRandom(2).Randn(Batch, 4));
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.True(report.Diagnoses.Take(2).Any(diagnosis => diagnosis.Cause == cause && diagnosis.Evidence.Contains(evidence, StringComparison.Ordinal)), string.Join(" | ", report.Diagnoses.Select(diagnosis => $"{diagnosis.Cause} {diagnosis}")));
    }

    private static Piece Alone(Layer<double> layer, Tensor<double> x) => Piece.Of(new CheckedNetwork(layer, null, x, null))[0];

    private static Examination Examined(Layer<double> layer, params double[] values) => Examination.Of(Alone(layer, Tensor.Create(values, [1, values.Length])))!;

    /// <summary>Any function of one number; its backward pass is none.</summary>
    private sealed class Function(Func<double, double> function) : BufferedLayer<double>
    {
        protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
        {
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = function(input[i]);
            }
        }

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient) => inputGradient.Clear();
    }

    /// <summary>tanh with a mistake in its derivative 1 − a².</summary>
    private sealed class WrongTanh(string mistake) : BufferedLayer<double>
    {
        public override string ToString() => nameof(WrongTanh);

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) => TensorPrimitives.Tanh(input, output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            int last = Output.Length - 1;
            for (int i = 0; i <= last; i++)
            {
                (double x, double a) = (Input[i], Output[i]);
                double slope = 1 - (a * a);
                inputGradient[i] = outputGradient[i] * mistake switch
                {
                    "divided" => 1 / slope,
                    "value" => a,
                    "input" => x,
                    "missing" => 1,
                    "twice" => slope * slope,
                    "next" => 1 - Math.Pow(Output[Math.Min(i + 1, last)], 2),
                    "previous" => 1 - Math.Pow(Output[Math.Max(i - 1, 0)], 2),
                    "negative" => x < 0 ? slope + 0.5 : slope,
                    _ => x > 0 ? slope + 0.5 : slope,
                };
            }
        }
    }

    /// <summary>aᵢ = xᵢ + xᵢ·s with the sum s = Σ xⱼ of the sample, so that ∂L/∂xⱼ = gⱼ·(1 + s) + Σ gᵢxᵢ, with a mistake.</summary>
    private sealed class WrongGate(string mistake) : BufferedLayer<double>
    {
        public override string ToString() => nameof(WrongGate);

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
        {
            int width = (int)InputShape[1];
            for (int i = 0; i < input.Length; i++)
            {
                output[i] = input[i] * (1 + TensorPrimitives.Sum(input.Slice(i / width * width, width)));
            }
        }

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            int width = (int)InputShape[1];
            for (int j = 0; j < inputGradient.Length; j++)
            {
                int sample = j / width * width;
                ReadOnlySpan<double> g = outputGradient.Slice(sample, width);
                ReadOnlySpan<double> x = Input.Slice(mistake == "first" ? 0 : sample, width);
                double gj = outputGradient[j];
                double right = (gj * (1 + TensorPrimitives.Sum(x))) + TensorPrimitives.Dot(g, x);
                inputGradient[j] = mistake switch
                {
                    "own" => gj * (1 + TensorPrimitives.Sum(x) + Input[j]),
                    "unchanged" => gj,
                    "lacks" => right - gj,
                    "again" => right + gj,
                    _ => right,
                };
            }
        }
    }

    /// <summary>a = x², whose derivative is taken at the batch before, if that had as many numbers.</summary>
    private sealed class OneBatchBehind(bool leftByBackward) : BufferedLayer<double>
    {
        private double[] before = [];
        private double[] now = [];

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
        {
            if (!leftByBackward)
            {
                before = now;
                now = input.ToArray();
            }

            TensorPrimitives.Multiply(input, input, output);
        }

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            TensorPrimitives.Multiply(outputGradient, before.Length == Input.Length ? before : Input, inputGradient);
            TensorPrimitives.Multiply(inputGradient, 2, inputGradient);
            if (leftByBackward)
            {
                before = Input.ToArray();
            }
        }
    }

    /// <summary>Five outputs of three inputs: x₀, x₁, x₂, x₀, x₁; the gradient is wrong by a factor.</summary>
    private sealed class Repeat(float factor) : BufferedLayer<float>
    {
        protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
        {
            (outputShape[0], outputShape[1]) = (inputShape[0], 5);
            return 2;
        }

        protected override void Forward(ReadOnlySpan<float> input, Span<float> output)
        {
            for (int i = 0; i < output.Length; i++)
            {
                output[i] = input[(i / 5 * 3) + (i % 5 % 3)];
            }
        }

        protected override void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
        {
            inputGradient.Clear();
            for (int i = 0; i < outputGradient.Length; i++)
            {
                inputGradient[(i / 5 * 3) + (i % 5 % 3)] += factor * outputGradient[i];
            }
        }
    }

    /// <summary>The cross-entropy −Σ y·ln p + (1 − y)·ln(1 − p), whose derivative (p − y)/(p(1 − p)) is divided once more.</summary>
    private sealed class WrongEntropy : Loss<double>
    {
        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
        {
            double sum = 0;
            for (int i = 0; i < prediction.Length; i++)
            {
                sum -= (target[i] * Math.Log(prediction[i])) + ((1 - target[i]) * Math.Log(1 - prediction[i]));
            }

            return sum;
        }

        protected override void Backward(Span<double> predictionGradient)
        {
            for (int i = 0; i < predictionGradient.Length; i++)
            {
                double p = Prediction[i];
                predictionGradient[i] = (p - Target[i]) / Math.Pow(p * (1 - p), 2);
            }
        }
    }
}
