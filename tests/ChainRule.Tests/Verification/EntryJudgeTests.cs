using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Every rule of the verdict from both sides of its border: what lies just inside passes, what lies just outside does not.</summary>
public partial class EntryJudgeTests
{
    private const double Tolerance = 1e-5;
    private static readonly Magnitude usual = Magnitude.One;

    [Theory]
    [InlineData(1 - 9.99e-6, GradientVerdict.Pass)]
    [InlineData(1 + 9.99e-6, GradientVerdict.Pass)]
    [InlineData(1 - 1.001e-5, GradientVerdict.Fail)]
    [InlineData(1 + 1.001e-5, GradientVerdict.Fail)]
    [InlineData(-1, GradientVerdict.Fail)]
    [InlineData(0, GradientVerdict.Fail)]
    [InlineData(double.NaN, GradientVerdict.Fail)]
    [InlineData(double.PositiveInfinity, GradientVerdict.Fail)]
    public void The_relative_error_decides(double factor, GradientVerdict verdict)
    {
        // Exact in binary: central differences of a line make no error of their own.
        foreach (double slope in new[] { 4.0, -0.25, 1024 })
        {
            Judgement judgement = Judge(t => slope * t, factor * slope, step: Math.Pow(2, -17));
            Assert.Equal(verdict, judgement.Verdict);
            Assert.Equal(slope, judgement.Numeric);
        }
    }

    [Theory]
    [InlineData(0.0999, GradientVerdict.Pass)]
    [InlineData(0.1001, GradientVerdict.Fail)]
    public void A_tolerance_that_is_asked_for_is_taken(double error, GradientVerdict verdict) =>
        Assert.Equal(verdict, (Judge() with { Tolerance = 0.1, IsToleranceFixed = true }).Judge(new Line(t => t), 1 / (1 - error), null, usual).Verdict);

    [Fact]
    public void Two_zeros_pass() => Assert.Equal(GradientVerdict.Pass, Judge(_ => 3, 0).Verdict);

    /// <summary>The usual step is far too large for sin(10⁶·t): a sweep finds the one that suits, and says which it was.</summary>
    [Theory]
    [InlineData(1e6, GradientVerdict.Pass)]
    [InlineData(1.001e6, GradientVerdict.Fail)]
    public void Where_the_usual_step_is_too_large_a_smaller_one_is_found(double claim, GradientVerdict verdict)
    {
        Judgement judgement = Judge(t => Math.Sin(1e6 * t), claim, noise: 1e-16);
        Assert.Equal(verdict, judgement.Verdict);
        Assert.InRange(judgement.Step, 1e-11, 1e-7);
        Assert.Equal(1e6, judgement.Numeric, 10.0);
    }

    /// <summary>On a parabola every step measures the same slope. A large one reaches claims of all sizes, and that excuses no wrong one.</summary>
    [Theory]
    [InlineData(1, GradientVerdict.Pass)]
    [InlineData(1.01, GradientVerdict.Fail)]
    [InlineData(0.9, GradientVerdict.Fail)]
    public void A_parabola_excuses_no_wrong_claim(double factor, GradientVerdict verdict)
    {
        var line = new Line(t => t + (5 * t * t));
        Assert.Equal(verdict, Judge().Judge(line, factor, () => factor * (1 + (10 * line.Position)), usual).Verdict);
    }

    /// <summary>On the slope 10⁻⁸ rounding of 10⁻¹² hides everything at the usual step and nothing at a hundred times it.</summary>
    [Theory]
    [InlineData(1e-8, GradientVerdict.Pass)]
    [InlineData(2e-8, GradientVerdict.Fail)]
    public void Where_rounding_hides_the_slope_a_larger_step_is_found(double claim, GradientVerdict verdict)
    {
        var random = new NumPyRandom(4);
        Judgement judgement = Judge(t => t == 0 ? 0 : (1e-8 * t) + (1e-13 * random.Uniform(-1, 1)), claim, noise: 1e-13);
        Assert.Equal(verdict, judgement.Verdict);
        Assert.InRange(judgement.Step, 1e-4, 1);
    }

    [Fact]
    public void A_step_that_is_asked_for_is_the_largest()
    {
        var line = new Line(t => 1e-8 * t);
        (Judge(noise: 1e-13) with { Step = 1e-3, IsStepFixed = true }).Judge(line, 2e-8, null, usual);
        Assert.Equal(1e-3, line.Looked.Max(), 1e-12);
        var free = new Line(t => 1e-8 * t);
        (Judge(noise: 1e-13) with { Step = 1e-3 }).Judge(free, 2e-8, null, usual);
        Assert.Equal(1, free.Looked.Max(), 1e-12);
    }

    /// <summary>Where rounding is as large as both values, nothing can be said; a value ten times as large must agree.</summary>
    [Theory]
    [InlineData(0.9e-13, 0, GradientVerdict.Noise)]
    [InlineData(-0.9e-13, 0, GradientVerdict.Noise)]
    [InlineData(2.1e-13, 0, GradientVerdict.Fail)]
    [InlineData(5e-13, 5.9e-13, GradientVerdict.Noise)]
    [InlineData(5e-13, 7.2e-13, GradientVerdict.Fail)]
    [InlineData(5e-12, 5.09e-12, GradientVerdict.Pass)]
    [InlineData(5e-12, 5.22e-12, GradientVerdict.Fail)]
    public void Rounding_hides_what_is_smaller_than_it(double claim, double slope, GradientVerdict verdict)
    {
        // All steps agree, so that the last but one is taken, 0.1: the rounding of 10⁻¹⁴ is one of 10⁻¹³ in the slope.
        Judgement judgement = Judge(t => slope * t, claim, noise: 1e-14);
        Assert.Equal(verdict, judgement.Verdict);
        Assert.Equal(1e-13, judgement.Resolution, 1e-16);
    }

    /// <summary>Where a tolerance was asked for, rounding is no excuse for missing it.</summary>
    [Fact]
    public void Rounding_excuses_nothing_where_a_tolerance_was_asked_for()
    {
        EntryJudge judge = Judge(noise: 1e-14);
        Assert.Equal(GradientVerdict.Pass, judge.Judge(new Line(t => 5e-12 * t), 5.09e-12, null, usual).Verdict);
        Assert.Equal(GradientVerdict.Fail, (judge with { IsToleranceFixed = true }).Judge(new Line(t => 5e-12 * t), 5.09e-12, null, usual).Verdict);
    }

    [Theory]
    [InlineData(0.5, GradientVerdict.Pass)]
    [InlineData(1.5e-3, GradientVerdict.Fail)]
    public void Rounding_of_the_claim_counts_too(double claimNoise, GradientVerdict verdict) =>
        Assert.Equal(verdict, Judge().Judge(new Line(t => 100 * t), 100.4, null, usual, () => claimNoise).Verdict);

    [Theory]
    [InlineData(-1, GradientVerdict.Kink)]
    [InlineData(0.4, GradientVerdict.Kink)]
    [InlineData(2, GradientVerdict.Kink)]
    [InlineData(2.00001, GradientVerdict.Kink)]
    [InlineData(2.0001, GradientVerdict.Fail)]
    [InlineData(-1.00001, GradientVerdict.Kink)]
    [InlineData(-1.0001, GradientVerdict.Fail)]
    public void On_a_corner_the_claim_must_lie_between_the_slopes(double claim, GradientVerdict verdict)
    {
        static double Corner(double t) => t < 0 ? -t : 2 * t;
        Assert.Equal(verdict, Judge(Corner, claim).Verdict);
        Assert.Equal(verdict, Judge().Judge(new Line(Corner), claim, null, usual, unitsOnCorners: _ => [new KinkUnit("relu1", 0, 3)], tellsAllCorners: true).Verdict);
    }

    [Fact]
    public void A_kink_names_the_units_and_keeps_the_usual_step()
    {
        Judgement judgement = Judge().Judge(new Line(t => Math.Abs(t)), 1, null, usual, unitsOnCorners: _ => [new KinkUnit("relu1", 0, 3)], tellsAllCorners: true);
        Assert.Equal("relu1, unit 3 of sample 0", Assert.Single(judgement.Units).ToString());
        Assert.Equal(1e-5, judgement.Step, 1e-15);
        Assert.Equal(0, judgement.Numeric, 1e-10);
    }

    /// <summary>Where every layer tells its corners and none has one here, a curve that looks like one is no excuse.</summary>
    [Fact]
    public void Without_a_unit_on_a_corner_there_is_no_kink()
    {
        Assert.Equal(GradientVerdict.Kink, Judge(t => Math.Abs(t), 0.5).Verdict);
        Assert.Equal(GradientVerdict.Fail, Judge().Judge(new Line(t => Math.Abs(t)), 0.5, null, usual, unitsOnCorners: _ => [], tellsAllCorners: true).Verdict);
        Assert.Equal(GradientVerdict.Kink, Judge().Judge(new Line(t => Math.Abs(t)), 0.5, null, usual, unitsOnCorners: _ => [], tellsAllCorners: false).Verdict);
    }

    /// <summary>Between the slopes, one side must be right beside the corner; outside of them, both.</summary>
    [Theory]
    [InlineData(0.5, -1, 1, GradientVerdict.Kink)]
    [InlineData(0.5, -1, 7, GradientVerdict.Kink)]
    [InlineData(0.5, 7, 1, GradientVerdict.Kink)]
    [InlineData(0.5, 7, 7, GradientVerdict.Fail)]
    [InlineData(3, -1, 1, GradientVerdict.Kink)]
    [InlineData(3, -1, 7, GradientVerdict.Fail)]
    [InlineData(3, 7, 1, GradientVerdict.Fail)]
    public void Beside_the_corner_the_backward_pass_must_be_right(double claim, double left, double right, GradientVerdict verdict)
    {
        var line = new Line(Math.Abs);
        Assert.Equal(verdict, Judge().Judge(line, claim, () => line.Position < 0 ? left : line.Position > 0 ? right : claim, usual).Verdict);
    }

    /// <summary>Several units on their corners at once may give a value outside of the slopes of their sum; one unit may not.</summary>
    [Theory]
    [InlineData(1, GradientVerdict.Fail)]
    [InlineData(2, GradientVerdict.Kink)]
    public void Outside_of_the_slopes_only_several_units_are_excused(int units, GradientVerdict verdict)
    {
        var line = new Line(Math.Abs);
        Judgement judgement = Judge().Judge(
            line, 3, () => line.Position < 0 ? -1 : 1, usual, unitsOnCorners: _ => [.. Enumerable.Range(0, units).Select(i => new KinkUnit("relu1", 0, i))], tellsAllCorners: true);
        Assert.Equal(verdict, judgement.Verdict);
    }

    /// <summary>A smooth curve, however strong, is no corner: its sides come together as the step shrinks.</summary>
    [Fact]
    public void A_curve_is_no_kink()
    {
        Assert.Equal(GradientVerdict.Fail, Judge(t => 1e3 * t * t, 1e-3, noise: 1e-16).Verdict);
        Assert.Equal(GradientVerdict.Fail, Judge(t => t + (1e3 * t * t), 1.01, noise: 1e-16).Verdict);
        Assert.Equal(GradientVerdict.Pass, Judge(t => t + (1e3 * t * t), 1, noise: 1e-16).Verdict);
    }

    /// <summary>
    /// A bump at 0 that is narrower than any step that rounding lets one take: the claim is right there, and differences see the slope
    /// around it. What the backward pass says within the step explains it, unless it says the same everywhere.
    /// </summary>
    [Fact]
    public void A_curve_that_rounding_hides_is_no_mistake_and_excuses_none()
    {
        static double Bump(double t) => t + (1e-4 * Math.Tanh(t / 1e-4));
        static double Slope(double t) => 1 + (1 / Math.Pow(Math.Cosh(t / 1e-4), 2));
        var line = new Line(Bump);
        EntryJudge judge = Judge(noise: 1e-3);
        Assert.Equal(GradientVerdict.Noise, judge.Judge(line, 2, () => Slope(line.Position), usual).Verdict);
        Assert.Equal(GradientVerdict.Fail, judge.Judge(line, 2, () => 2, usual).Verdict);
        Assert.Equal(GradientVerdict.Fail, judge.Judge(line, 2, null, usual).Verdict);
    }

    [Fact]
    public void Numbers_without_digits_are_noise()
    {
        EntryJudge judge = Judge(noise: 0) with { Least = 1e-292 };
        Assert.Equal(GradientVerdict.Noise, judge.Judge(new Line(_ => 0), 1e-300, null, usual).Verdict);
        Assert.Equal(GradientVerdict.Fail, judge.Judge(new Line(_ => 0), 1e-290, null, usual).Verdict);
    }

    /// <summary>Beyond the end of its domain a loss is not a number: there is nothing to compare with.</summary>
    [Fact]
    public void A_loss_that_is_defined_nowhere_beside_fails()
    {
        Judgement judgement = Judge(t => t == 0 ? 0 : double.NaN, 1);
        Assert.Equal(GradientVerdict.Fail, judgement.Verdict);
        Assert.Equal(double.NaN, judgement.Numeric);
    }

    [Fact]
    public void Near_the_end_of_its_domain_a_smaller_step_is_found()
    {
        static double Root(double t) => t < -1e-7 ? double.NaN : Math.Pow(t + 1e-7, 2) * 1e7;
        Assert.Equal(GradientVerdict.Pass, Judge(Root, 2, noise: 1e-22).Verdict);
        Assert.Equal(GradientVerdict.Fail, Judge(Root, 2.01, noise: 1e-22).Verdict);
    }

    /// <summary>Richardson's extrapolation: the error falls with the fourth power of the step.</summary>
    [Fact]
    public void Extrapolation_takes_the_square_of_the_step_out_of_the_error()
    {
        double Error(double step, bool extrapolates) => Math.Abs(Slopes.Measure(new Line(Math.Exp), 0, step, extrapolates).Central - 1);
        Assert.Equal(4, Error(0.1, false) / Error(0.05, false), 0.05);
        Assert.Equal(16, Error(0.1, true) / Error(0.05, true), 0.1);
        Assert.InRange(Error(0.1, true), 1e-7, 1e-6);
    }

    private static EntryJudge Judge(double noise = 1e-16) => new()
    {
        Step = 1e-5,
        Tolerance = Tolerance,
        LossNoise = new Lazy<double>(noise),
        Unit = Math.Pow(2, -52),
    };

    private static Judgement Judge(Func<double, double> loss, double claim, double noise = 1e-16, double step = 1e-5) =>
        (Judge(noise) with { Step = step }).Judge(new Line(loss), claim, null, usual);

    /// <summary>A function as a line, which remembers where it was looked at.</summary>
    private sealed class Line : LossLine
    {
        private readonly State state;

        private readonly double leap;

        /// <param name="loss">The function.</param>
        /// <param name="leap">Where it can be looked at: at the multiples of this; 0 for everywhere.</param>
        public Line(Func<double, double> loss, double leap = 0)
            : this(loss, leap, new State())
        {
        }

        private Line(Func<double, double> loss, double leap, State state)
            : base(() => loss(state.Position))
        {
            this.leap = leap;
            this.state = state;
        }

        public double Position => state.Position;

        public IReadOnlyList<double> Looked => state.Looked;

        protected override double Move(double t)
        {
            state.Position = leap == 0 ? t : Math.Round(t / leap) * leap;
            state.Looked.Add(Math.Abs(t));
            return state.Position;
        }

        protected override void Return() => state.Position = 0;

        private sealed class State
        {
            public double Position { get; set; }

            public List<double> Looked { get; } = [];
        }
    }
}
