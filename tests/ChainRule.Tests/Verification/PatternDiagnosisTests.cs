using ChainRule.Verification;
using Xunit;
using static ChainRule.Verification.GradientMistake;

namespace ChainRule.Tests.Verification;

/// <summary>What the pattern of the errors says where only numbers are known: where the mistake is said to be, how sure that is, and what is not said.</summary>
public class PatternDiagnosisTests
{
    private static readonly double[] some = [1, -2, 3, 5];

    [Fact]
    public void Of_what_is_right_nothing_is_said() => Assert.Empty(Of(Right("W")));

    [Fact]
    public void Numbers_that_are_not_finite_are_counted()
    {
        Diagnosis diagnosis = Assert.Single(Of(Right("W"), Wrong("b", [double.NaN, 1, double.PositiveInfinity], [1, 2, 3])));
        Assert.Equal((NotFinite, "b"), (diagnosis.Cause, diagnosis.Place));
        Assert.StartsWith("2 of 3 entries of the gradient of b", diagnosis.Evidence, StringComparison.Ordinal);
    }

    /// <summary>A factor of one tensor is that tensor's, a factor of all is the loss's, and one of some has no place.</summary>
    [Fact]
    public void A_factor_is_at_the_place_of_all_that_it_was_seen_in()
    {
        void Is(string place, string words, params TensorEvidence[] tensors)
        {
            Diagnosis first = Of(tensors)[0];
            Assert.Equal((ConstantFactor, place), (first.Cause, first.Place));
            Assert.StartsWith(words, first.Evidence, StringComparison.Ordinal);
            Assert.Equal(0.81, first.Confidence, 1e-12); // 0.9, and 0.9 of that where only numbers are known
        }

        TensorEvidence wrongV = Times(1.3, "V");
        TensorEvidence wrongW = Times(1.3, "W");
        Is("W", "Every entry of the gradient of W is 1.3 times", wrongW, Right("b"));
        Is("W", "Every entry of the gradient of W is 1.3 times", wrongW);
        Is("the loss", "Every gradient is 1.3 times", wrongV, wrongW);
        Is("", "Every gradient of V, W is 1.3 times", wrongV, wrongW, Right("b"));
        Assert.DoesNotContain(Of(wrongV, Times(1.7, "W")), diagnosis => diagnosis.Cause == ConstantFactor); // two factors are not one
    }

    /// <summary>Two numbers are soon a multiple of two others; four are not.</summary>
    [Fact]
    public void A_factor_is_as_sure_as_all_entries_that_it_was_seen_in()
    {
        Assert.Equal(0.36, Of(Times(1.3, "V", 1, 2))[0].Confidence, 1e-12);
        Assert.Equal(0.81, Of(Times(1.3, "V", 1, 2), Times(1.3, "W", 3, 4))[0].Confidence, 1e-12);
    }

    /// <summary>Where the number of outputs is not known, the lengths of the tensor are what a factor may be the number of.</summary>
    [Fact]
    public void A_factor_may_be_a_length_of_the_tensor()
    {
        Assert.Equal(FactorOfUnits, Of(Times(4, "V"))[0].Cause);
        Assert.Equal(ConstantFactor, Of(Times(3, "V"))[0].Cause);
        Assert.Equal(FactorOfUnits, PatternDiagnosis.Of(new GradientEvidence { Tensors = [Times(3, "V")], OutputCount = 3 }).First().Cause);
    }

    /// <summary>Where the right gradient is 0 too, a gradient that stays 0 is not wrong in a part of its entries: it is not there.</summary>
    [Fact]
    public void A_gradient_that_stays_0_was_not_reached() =>
        Assert.Equal(
            [(NeverReached, "V", 0.95), (WrongValueUsed, "V", 0.4), (Unknown, "V", 0.2)],
            Of(Wrong("V", [0, 0, 0, 0], [1, 0, 2, 0], 2, 2), Right("b")).Select(diagnosis => (diagnosis.Cause, diagnosis.Place, diagnosis.Confidence)));

    [Fact]
    public void What_only_numbers_say_is_less_sure()
    {
        Assert.Contains((Transposed, 0.9 * 0.95), Of(Wrong("V", [1, 3, -2, 5], some, 2, 2)).Select(diagnosis => (diagnosis.Cause, diagnosis.Confidence)));
        Assert.Contains((PartWrong, 0.9 * 0.8), Of(Wrong("V", [1, -2, 3, 7], some, 2, 2)).Select(diagnosis => (diagnosis.Cause, diagnosis.Confidence)));
    }

    /// <summary>What is missing is a tenth of the parameter. Of two numbers that is nothing to go by, and without the parameter nobody can know.</summary>
    [Theory]
    [InlineData(true, 3, true)]
    [InlineData(false, 2, true)]
    [InlineData(false, 3, false)]
    public void A_penalty_is_told_by_three_numbers(bool isTold, int count, bool isKnown)
    {
        double[] value = [.. new[] { 7.0, -4, 9 }[..count]];
        double[] right = some[..count];
        TensorEvidence tensor = Wrong("V", [.. right.Zip(value, (x, theta) => x - (0.1 * theta))], right) with { Value = isKnown ? value : [] };
        Assert.Equal(isTold, Of(tensor).Any(diagnosis => diagnosis.Cause == PenaltyMissing));
    }

    /// <summary>Where to look is said by what is wrong beside what is right; where nothing is right there is nothing to say.</summary>
    [Fact]
    public void Guesses_are_at_the_only_tensor_that_is_wrong()
    {
        double[] odd = [1.1, 2.3, -3.7, 4.9];
        TensorEvidence bias = Wrong("b", odd, some);
        TensorEvidence otherBias = Wrong("c", odd, some);
        TensorEvidence right = Right("V");
        Assert.Equal([(NotSummed, "b"), (Unknown, "b")], Guesses(bias, right));
        Assert.Equal([(NotSummed, ""), (Unknown, "")], Guesses(bias, otherBias, right));
        Assert.Equal([(Unknown, "b")], Guesses(bias));
        Assert.Equal([(Unknown, "")], Guesses(bias, otherBias));
        Assert.Equal([(WrongValueUsed, "W"), (Unknown, "W")], Guesses(Wrong("W", odd, some, 2, 2), right));
        Assert.Equal([(ActivationDerivativeMissing, ""), (Unknown, "")], Guesses(Wrong("W", odd, some, 2, 2), bias, right));
    }

    /// <summary>Digits that are lost are no factor of 1, no part that is wrong and no other order; a small penalty that is missing is one all the same.</summary>
    [Fact]
    public void Nearly_right_is_said_to_be_nearly_right()
    {
        Diagnosis said = Assert.Single(Of(Wrong("W", [1.00005, -2.0001, 3, 5.0001], some), Right("b")));
        Assert.Equal((Unknown, "W"), (said.Cause, said.Place));
        Assert.StartsWith("The gradient of W is off by 2.0E-005 of its largest value at most", said.Evidence, StringComparison.Ordinal);
        Diagnosis[] beside = Of(Wrong("W", [1.00005, -2.0001, 3, 5.0001], some), Wrong("V", [1.1, 2.3, -3.7, 4.9], some));
        Assert.Contains("is off by", beside[0].Evidence, StringComparison.Ordinal);
        Assert.StartsWith("The gradient of W, V is wrong, without a pattern", beside[^1].Evidence, StringComparison.Ordinal);
        TensorEvidence decayed = Wrong("W", [.. some.Select((value, i) => value - (1e-5 * (i + 1)))], some) with { Value = [1, 2, 3, 4] };
        Assert.Equal(PenaltyMissing, Of(decayed)[0].Cause);
    }

    private static IEnumerable<(GradientMistake Cause, string Place)> Guesses(params TensorEvidence[] tensors) =>
        Of(tensors).Select(diagnosis => (diagnosis.Cause, diagnosis.Place));

    private static Diagnosis[] Of(params TensorEvidence[] tensors) => [.. PatternDiagnosis.Of(new GradientEvidence { Tensors = tensors })];

    private static TensorEvidence Times(double factor, string name, params double[] right)
    {
        double[] numeric = right.Length == 0 ? some : right;
        return Wrong(name, [.. numeric.Select(value => factor * value)], numeric);
    }

    private static TensorEvidence Wrong(string name, double[] claimed, double[] right, params nint[] shape) =>
        new() { Name = name, Shape = shape.Length == 0 ? [right.Length] : shape, Claimed = claimed, Numeric = right, IsWrong = true };

    private static TensorEvidence Right(string name) => new() { Name = name, Shape = [2], Claimed = [1, 2], Numeric = [1, 2], IsWrong = false };
}
