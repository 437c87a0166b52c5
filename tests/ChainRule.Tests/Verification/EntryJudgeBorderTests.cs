using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The constants of the verdict, each from both sides: half of it or twice as much turns a test red.</summary>
/// <remarks>
/// What no test can see: the smallest step within a decade, because steps are decades of the largest (the test below sees the decade).
/// </remarks>
public partial class EntryJudgeTests
{
    /// <summary>From ten times rounding on, a value has a digit and must agree; of less, nothing can be said.</summary>
    [Theory]
    [InlineData(0.9e-12, 0.99e-12, GradientVerdict.Noise)]
    [InlineData(1.1e-12, 1.19e-12, GradientVerdict.Pass)]
    [InlineData(0.9e-13, -0.9e-13, GradientVerdict.Noise)]
    [InlineData(1.1e-13, -1.1e-13, GradientVerdict.Fail)]
    [InlineData(5e-12, 5.15e-12, GradientVerdict.Fail)]
    public void A_digit_must_be_left(double claim, double slope, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge(t => slope * t, claim, noise: 1e-14).Verdict);

    [Theory]
    [InlineData(0.9e-292, GradientVerdict.Noise)]
    [InlineData(1.1e-292, GradientVerdict.Fail)]
    public void Digits_end_where_the_type_says(double claim, GradientVerdict verdict) =>
        Assert.Equal(verdict, (Judge(noise: 0) with { Least = 1e-292 }).Judge(new Line(_ => 0), claim, null, usual).Verdict);

    [Theory]
    [InlineData(0.41, GradientVerdict.Pass)]
    [InlineData(0.39, GradientVerdict.Fail)]
    public void Rounding_of_the_claim_counts_once(double claimNoise, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge(noise: 1e-22).Judge(new Line(t => 100 * t), 100.4, null, usual, () => claimNoise).Verdict);

    /// <summary>Rounding of 10⁻⁶ is one of 10·10⁻⁶ in the slope at the step 0.1, and of 244·10⁻⁶ in the slopes to the sides, led from 0.1 and 0.01 to 0.</summary>
    [Theory]
    [InlineData(1e-22, 1.9e-5, GradientVerdict.Kink)]
    [InlineData(1e-22, 2.1e-5, GradientVerdict.Fail)]
    [InlineData(1e-6, 2.7e-4, GradientVerdict.Kink)]
    [InlineData(1e-6, 2.8e-4, GradientVerdict.Fail)]
    public void Between_the_slopes_means_up_to_tolerance_and_rounding(double noise, double beyond, GradientVerdict verdict)
    {
        static double Corner(double t) => t < 0 ? -t : 2 * t;
        Assert.Equal(verdict, Judge(Corner, 2 + beyond, noise).Verdict);
        Assert.Equal(verdict, Judge(t => Corner(-t), -2 - beyond, noise).Verdict);
    }

    /// <summary>A step sees a corner where the sides are farther apart than rounding can bring them: 2 against 4·N/0.01.</summary>
    [Theory]
    [InlineData(4.5e-3, GradientVerdict.Kink)]
    [InlineData(5.5e-3, GradientVerdict.Fail)]
    public void A_corner_must_show_above_rounding(double noise, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge(Math.Abs, 0.7, noise).Verdict);

    /// <summary>|t|/10 + t² has the gap 0.2 + 2h. At the step that is asked for a corner, 0.01, it must show above rounding, 4·N/0.01; that it does at a larger one proves a curve.</summary>
    [Theory]
    [InlineData(1e-4, GradientVerdict.Kink)]
    [InlineData(2.5e-3, GradientVerdict.Fail)]
    public void A_corner_must_show_at_the_smaller_step(double noise, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge(t => (0.1 * Math.Abs(t)) + (t * t), 0.08, noise).Verdict);

    /// <summary>On a corner the gap between the sides stays as the step shrinks, on a curve it falls tenfold with a tenth of the step; the border is one half.</summary>
    [Theory]
    [InlineData(1.25, GradientVerdict.Kink)]
    [InlineData(1.4, GradientVerdict.Fail)]
    public void The_gap_of_a_corner_stays(double power, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge(t => Math.Pow(Math.Abs(t), power), 0.1, noise: 1e-7).Verdict);

    /// <summary>Beside the corner means one usual step away from it: at half of that, and at twice as much, the backward pass here is wrong.</summary>
    [Fact]
    public void The_backward_pass_is_asked_one_usual_step_beside_the_corner()
    {
        var line = new Line(Math.Abs);
        double ClaimAt() => Math.Abs(line.Position) is > 0.6e-5 and < 1.6e-5 ? Math.Sign(line.Position) : 7;
        Assert.Equal(GradientVerdict.Kink, Judge().Judge(line, 0.5, ClaimAt, usual).Verdict);
    }

    [Theory]
    [InlineData(0.019, GradientVerdict.Kink)]
    [InlineData(0.021, GradientVerdict.Fail)]
    public void Beside_the_corner_rounding_excuses_what_it_can_have_done(double error, GradientVerdict verdict)
    {
        // The step there is a twentieth of the way to the corner: rounding of 10⁻⁸ over 5·10⁻⁷.
        var line = new Line(Math.Abs);
        Assert.Equal(verdict, Judge(noise: 1e-8).Judge(line, 0.5, () => line.Position < 0 ? -1 - error : 7, usual).Verdict);
    }

    /// <summary>The same with twice the usual step: a twentieth of the way to the corner, 10⁻⁶, whatever the decades of the steps here.</summary>
    [Theory]
    [InlineData(0.009, GradientVerdict.Kink)]
    [InlineData(0.011, GradientVerdict.Fail)]
    public void The_steps_beside_a_corner_are_measured_by_the_way_to_it(double error, GradientVerdict verdict)
    {
        var line = new Line(Math.Abs);
        Assert.Equal(verdict, (Judge(noise: 1e-8) with { Step = 2e-5 }).Judge(line, 0.5, () => line.Position < 0 ? -1 - error : 7, usual).Verdict);
    }

    /// <summary>Beside a corner the loss may ripple so finely that only steps far smaller than the way to it see the slope: 1 + 10·cos(10⁷·|t|).</summary>
    [Fact]
    public void Steps_beside_a_corner_become_as_small_as_elsewhere()
    {
        var line = new Line(t => Math.Abs(t) + (1e-6 * Math.Sin(1e7 * Math.Abs(t))));
        double ClaimAt() => Math.Sign(line.Position) * (1 + (10 * Math.Cos(1e7 * Math.Abs(line.Position))));
        Assert.Equal(GradientVerdict.Kink, Judge(noise: 1e-22).Judge(line, 0.5, ClaimAt, usual).Verdict);
    }

    /// <summary>Where the loss ends before the usual step, a corner has the number of the step that could be taken, and its units all the same.</summary>
    [Fact]
    public void A_kink_near_the_end_of_the_domain_names_its_units_too()
    {
        var line = new Line(t => Math.Abs(t) > 1e-7 ? double.NaN : Math.Abs(t));
        Judgement judgement = Judge(noise: 1e-22).Judge(line, 1, null, usual, unitsOnCorners: _ => [new KinkUnit("relu1", 0, 3)], tellsAllCorners: true);
        Assert.Equal((GradientVerdict.Kink, "relu1, unit 3 of sample 0"), (judgement.Verdict, Assert.Single(judgement.Units).ToString()));
        Assert.Equal(0, judgement.Numeric);
        Assert.InRange(judgement.Step, 1e-11, 1e-7);
    }

    /// <summary>
    /// Where θ moves in leaps of half the usual step, only one step beside the corner moves it at all: half the way to the corner.
    /// A longer one would reach across and see the other side; a shorter one would see nothing, and a wrong pass would do.
    /// </summary>
    [Theory]
    [InlineData(1, GradientVerdict.Kink)]
    [InlineData(7, GradientVerdict.Fail)]
    public void Steps_beside_a_corner_reach_half_the_way_to_it(double right, GradientVerdict verdict)
    {
        const double Usual = 1.0 / 1024;
        var line = new Line(Math.Abs, leap: Usual / 2);
        Judgement judgement = (Judge() with { Step = Usual }).Judge(line, 0.5, () => line.Position > 0 ? right : 7, usual);
        Assert.Equal(verdict, judgement.Verdict);
    }

    /// <summary>What the backward pass claims within the step explains a difference: at its ends, half way and near the middle; not beyond it.</summary>
    [Theory]
    [InlineData(-1, GradientVerdict.Noise)]
    [InlineData(-0.5, GradientVerdict.Noise)]
    [InlineData(-0.1, GradientVerdict.Noise)]
    [InlineData(0.1, GradientVerdict.Noise)]
    [InlineData(0.5, GradientVerdict.Noise)]
    [InlineData(1, GradientVerdict.Noise)]
    [InlineData(-2, GradientVerdict.Fail)]
    [InlineData(2, GradientVerdict.Fail)]
    public void Only_claims_within_the_step_explain_a_difference(double part, GradientVerdict verdict)
    {
        var line = new Line(t => t);
        Judgement judgement = Judge(noise: 2e-3).Judge(line, 2, () => Math.Abs(line.Position - (part * 0.1)) < 1e-3 ? 1 : 2, usual);
        Assert.Equal(verdict, judgement.Verdict);
        Assert.Equal(0.1, judgement.Step, 1e-12);
        Assert.Equal(verdict == GradientVerdict.Noise ? 1 : 0.02, judgement.Resolution, 1e-12); // the distance that was excused, or the rounding that does not excuse it
    }

    /// <summary>They must reach the measured slope, up to rounding, 0.002 over the step 0.1, and the tolerance: 10⁻⁵ of the largest of them.</summary>
    [Theory]
    [InlineData(2, 1.020015, GradientVerdict.Noise)]
    [InlineData(2, 1.020025, GradientVerdict.Fail)]
    [InlineData(0, 0.979995, GradientVerdict.Noise)]
    [InlineData(0, 0.979985, GradientVerdict.Fail)]
    public void The_claims_within_the_step_must_reach_the_slope(double claim, double there, GradientVerdict verdict)
    {
        var line = new Line(t => t);
        Assert.Equal(verdict, Judge(noise: 2e-3).Judge(line, claim, () => there, usual).Verdict);
    }

    /// <summary>A tolerance that was asked for must be met: claims beside it are no excuse.</summary>
    [Fact]
    public void Claims_within_the_step_excuse_nothing_where_a_tolerance_was_asked_for()
    {
        var line = new Line(t => t);
        EntryJudge judge = Judge(noise: 2e-3);
        Assert.Equal(GradientVerdict.Noise, judge.Judge(line, 2, () => 1, usual).Verdict);
        Assert.Equal(GradientVerdict.Fail, (judge with { IsToleranceFixed = true }).Judge(line, 2, () => 1, usual).Verdict);
    }

    /// <summary>Steps are decades of the largest, down to the first below ε^⅔ of the smallest size.</summary>
    [Fact]
    public void The_sweep_goes_by_decades_from_the_largest_step_to_the_smallest()
    {
        var line = new Line(t => t);
        Judge().Judge(line, 2, null, new Magnitude(1, 1, 1));
        Assert.Equal(1e-11, line.Looked.Where(t => t > 0).Min(), 1e-14);
        var small = new Line(t => t);
        Judge().Judge(small, 2, null, new Magnitude(1, 1e-3, 1));
        Assert.Equal(1e-14, small.Looked.Where(t => t > 0).Min(), 1e-17);
    }

    /// <summary>θ = 10⁻¹² among values of the size 1: its own size is a last resort, for the end of a domain. Its steps go down to ε^⅔ of that, by decades.</summary>
    [Fact]
    public void A_values_own_size_counts_where_no_other_step_can_be_taken()
    {
        Magnitude small = usual with { Own = 1e-12 };
        Assert.Equal(0.1, Judge().Judge(new Line(t => t), 2, null, small).Step, 1e-12);
        var alone = new Line(t => t == 0 ? 0 : double.NaN);
        Assert.Equal(GradientVerdict.Fail, Judge().Judge(alone, 1, null, small).Verdict);
        Assert.Equal(1e-23, alone.Looked.Min(), 1e-26);
        var near = new Line(t => Math.Abs(t) >= 1e-12 ? double.NaN : t);
        Assert.Equal(GradientVerdict.Pass, Judge(noise: 1e-30).Judge(near, 1, null, small).Verdict);
    }

    /// <summary>θ moves in leaps of 10⁻¹¹, and a step of 10⁻¹² was asked for: no larger one is taken, though θ is large enough for it.</summary>
    [Fact]
    public void A_step_that_was_asked_for_is_never_exceeded()
    {
        var line = new Line(t => t, leap: 1e-11);
        EntryJudge judge = Judge() with { Step = 1e-12, IsStepFixed = true };
        Assert.Equal(GradientVerdict.Fail, judge.Judge(line, 1, null, usual with { Own = 1e-10 }).Verdict);
        Assert.InRange(line.Looked.Max(), 0, 1.01e-12);
    }

    /// <summary>
    /// t + 1000·t³ and rounding of 10⁻⁹: the steps 10⁻⁴ and below agree within rounding, 10⁻³ sees the curve. Of those that agree the
    /// last but one is taken.
    /// </summary>
    [Fact]
    public void Of_the_steps_that_agree_the_last_but_one_is_taken()
    {
        Judgement judgement = Judge(t => t + (1e3 * t * t * t), 2, noise: 1e-9, step: 3e-5);
        Assert.Equal(1e-5, judgement.Step, 1e-12);
        Assert.Equal(1e-4, judgement.Resolution, 1e-10);
    }

    /// <summary>Extrapolation adds 4/3 of the one rounding and 1/3 of the other, at half the step: three times as much.</summary>
    [Fact]
    public void Extrapolation_triples_rounding()
    {
        Judgement judgement = (Judge(noise: 1e-14) with { Extrapolates = true }).Judge(new Line(t => 5e-12 * t), 8e-12, null, usual);
        Assert.Equal(3e-13, judgement.Resolution, 1e-16);
        Assert.Equal(GradientVerdict.Fail, judgement.Verdict);
    }
}
