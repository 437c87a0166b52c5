using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What rounding may excuse: of a loss, of a claim, of a slope along a direction and in float; each counts once and where it belongs.</summary>
public class ClaimRoundingTests
{
    private const double Unit = 2.220446049250313e-16;

    /// <summary>Four units in the last place and half a one for each addition.</summary>
    [Fact]
    public void Every_addition_rounds_by_half_a_unit()
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var subject = new Subject<double> { Names = ["x"], Values = [x], Claims = [[0]], Loss = () => 3, LossScale = 8, Additions = 10 };
        Assert.Equal((4 + 5) * Unit * 8, subject.LossNoise(1).Value, 1e-30);
    }

    /// <summary>The larger counts: what moving the values shows, or what shaking shows.</summary>
    [Theory]
    [InlineData(1e-6, 0)]
    [InlineData(0, 1e-6)]
    public void Rounding_of_the_loss_is_the_largest_that_was_seen(double moved, double shaken)
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var errors = new NumPyRandom(1);
        var subject = new Subject<double>
        {
            Names = ["x"],
            Values = [x],
            Claims = [[0]],
            Loss = () => 3 + (moved * errors.Uniform(-0.5, 0.5)),
            LossScale = 1e-20,
            ShakenLoss = random => 3 + (shaken * random.Uniform(-0.5, 0.5)),
        };
        Assert.InRange(subject.LossNoise(1).Value, 0.3e-6, 4e-6);
    }

    /// <summary>3x − y leaves no remainder: then the gradient of L + L²/2|L(θ)| is looked at, which is a multiple of that of L, whatever its size.</summary>
    [Theory]
    [InlineData(3, 1, 5, true)]
    [InlineData(3, 5, 1, true)]
    [InlineData(3.1, 1, 5, false)]
    [InlineData(3.1, 5, 1, false)]
    public void The_order_of_a_steep_line_is_2(double slope, double first, double second, bool isRight)
    {
        Tensor<double> x = Tensor.Create([first, second], [1, 2]);
        double order = TaylorTest.Order(() => (3 * x[0, 0]) - x[0, 1], [new CheckedTensor<double>("x", x, Tensor.Create([slope, -1], [1, 2]))]);
        Assert.InRange(order, isRight ? 1.99 : 0.9, isRight ? 2.01 : 1.2);
    }

    /// <summary>In float the tolerance is a share of the larger value; of what the copy could not tell apart, its difference excuses nothing.</summary>
    [Fact]
    public void In_float_a_tolerance_is_relative_and_noise_excuses_nothing()
    {
        var wide = new CheckedEntry { Parameter = "w", Index = [0], Analytic = 100, Numeric = 100, Step = 1e-5, Resolution = 0, Verdict = GradientVerdict.Pass };
        Assert.Equal(GradientVerdict.Pass, SinglePrecision.Compare(wide, 100.0009, 0, 1e-5, []).Verdict);
        Assert.Equal(GradientVerdict.Fail, SinglePrecision.Compare(wide, 100.0011, 0, 1e-5, []).Verdict);
        CheckedEntry noise = wide with { Analytic = 90, Verdict = GradientVerdict.Noise };
        Assert.Equal(GradientVerdict.Fail, SinglePrecision.Compare(noise, 95, 0, 1e-5, []).Verdict);
    }

    /// <summary>Two zeros agree. Where the copy's claim passed, the same claim in float does: it is as far from the numeric value, and where that leaves less than a digit, it tells nothing.</summary>
    [Theory]
    [InlineData(0, 0, GradientVerdict.Pass)]
    [InlineData(1, 1.1, GradientVerdict.Pass)]
    [InlineData(1, 1.2, GradientVerdict.Noise)]
    public void In_float_the_claim_of_the_copy_is_judged_like_the_copy(double claim, double numeric, GradientVerdict verdict)
    {
        var wide = new CheckedEntry { Parameter = "w", Index = [0], Analytic = claim, Numeric = numeric, Step = 1e-5, Resolution = 0, Verdict = GradientVerdict.Pass };
        Assert.Equal(verdict, SinglePrecision.Compare(wide, claim, 0, 1e-5, []).Verdict);
    }

    /// <summary>A tolerance that was asked for is that of float too. Of a float network the order is that of its copy alone.</summary>
    [Theory]
    [InlineData(null, GradientVerdict.Fail)]
    [InlineData(0.5, GradientVerdict.Pass)]
    public void In_float_a_tolerance_that_was_asked_for_is_taken(double? tolerance, GradientVerdict verdict)
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        GradientCheckReport wide = GradientCheck.Run(() => x[0, 0] * x[0, 0], [new CheckedTensor<double>("x", x, Tensor.Create([4.0], [1, 1]))]);
        var subject = new Subject<float> { Names = ["x"], Values = [Tensor.Create([2f], [1, 1])], Claims = [[5]], Loss = () => 4, LossScale = 4 };
        GradientCheckReport single = SinglePrecision.Check(subject, wide, [], [], new GradientCheckOptions { Tolerance = tolerance });
        Assert.Equal((verdict, double.NaN), (single.Verdict, single.TaylorOrder));
    }

    [Fact]
    public void In_float_a_kink_has_its_own_units_and_no_other_verdict_has_any()
    {
        KinkUnit[] own = [new("relu1", 0, 1)];
        KinkUnit[] elsewhere = [new("relu2", 3, 4)];
        var wide = new CheckedEntry { Parameter = "w", Index = [0], Analytic = 1, Numeric = 1, Step = 1e-5, Resolution = 0, Verdict = GradientVerdict.Kink, Units = own };
        Assert.Equal(own, SinglePrecision.Compare(wide, 1, 0, 1e-5, elsewhere).Units);
        CheckedEntry pass = wide with { Verdict = GradientVerdict.Pass, Units = [] };
        Assert.Empty(SinglePrecision.Compare(pass, 1, 0, 1e-5, elsewhere).Units);
        Assert.Equal(elsewhere, SinglePrecision.Compare(pass, 2, 0, 1e-5, elsewhere).Units);
    }
}
