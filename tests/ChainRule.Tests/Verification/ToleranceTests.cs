using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What the check measures by: sizes, rounding and orders, each border from both sides. Those of the verdict are in <see cref="EntryJudgeTests"/>.</summary>
/// <remarks>
/// What no test can see: how many lines and points rounding is measured on and how many directions and steps an order (they make the
/// estimate steadier, not other), how far apart those points lie (any distance between a few units in the last place and where the
/// curve shows gives the same), and which differences of high order are taken (on such short ways those of the second are rounding already).
/// </remarks>
public class ToleranceTests
{
    private const double Unit = 2.220446049250313e-16;

    /// <summary>The usual tolerance is 10⁻⁵ in double and 10⁻² in float.</summary>
    [Theory]
    [InlineData(0.9e-5, GradientVerdict.Pass)]
    [InlineData(1.1e-5, GradientVerdict.Fail)]
    public void Without_a_tolerance_that_of_double_is_taken(double error, GradientVerdict verdict)
    {
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        GradientCheckReport report = GradientCheck.Run(() => 4 * x[0, 0], [new CheckedTensor<double>("x", x, Tensor.Create([4 * (1 - error)], [1, 1]))]);
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal((1e-5, 1e-5), (report.Step, report.Tolerance));
    }

    [Theory]
    [InlineData(0.9e-2, GradientVerdict.Pass)]
    [InlineData(1.1e-2, GradientVerdict.Fail)]
    public void Without_a_tolerance_that_of_float_is_taken(double error, GradientVerdict verdict)
    {
        Tensor<float> x = Tensor.Create([1f], [1, 1]);
        GradientCheckReport report = GradientCheck.Run(() => 4 * x[0, 0], [new CheckedTensor<float>("x", x, Tensor.Create([(float)(4 * (1 - error))], [1, 1]))]);
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal((1e-2, 1e-2), (report.Step, report.Tolerance));
    }

    /// <summary>The usual step is that many times the value, or the root mean square of its tensor where that is larger.</summary>
    [Fact]
    public void The_usual_step_is_measured_by_the_value()
    {
        Tensor<double> x = Tensor.Create([3.0, 4, 100, 0], [1, 4]);
        GradientCheckReport report = GradientCheck.Run(() => TensorPrimitives.Sum<double>(x.AsSpan()), [new CheckedTensor<double>("x", x, Tensor.Create([1.0, 1, 1, 1], [1, 4]))]);
        double usual = Math.Sqrt((9 + 16 + 10000) / 4.0);
        double[] expected = [usual, usual, 100, usual];
        Assert.All(report.Rows[0].Checked, (entry, i) => Assert.Equal(1e-5 * expected[i], entry.Step, 1e-12));
    }

    [Fact]
    public void What_is_as_good_as_0_has_no_size_of_its_own()
    {
        Assert.Equal(0, Magnitude.Of(Tensor.Create([0.9e-20, -0.9e-20])));
        Assert.Equal(1.1e-20, Magnitude.Of(Tensor.Create([1.1e-20, -1.1e-20])), 1e-30);
        Assert.Equal(new Magnitude(1, 1, 1) { Own = 0.9e-9 }, Magnitude.Of(0.9e-9, 1, 1));
        Assert.Equal(new Magnitude(1, 1.1e-9, 1) { Own = 1.1e-9 }, Magnitude.Of(-1.1e-9, 1, 1));
        Assert.Equal(new Magnitude(1e3, 1, 1e3), Magnitude.Of(0, 1e3, 1));
        Assert.Equal(new Magnitude(1, 1e-3, 1e-3), Magnitude.Of(0, 0, 1e-3));
        Assert.Equal(new Magnitude(1, 1, 1), Magnitude.Of(0, 0, 1e3));
    }

    /// <summary>Errors spread evenly over ±q/2 have the deviation q/√12; six of them are what rounding may do. The mean over seeds is steady.</summary>
    [Fact]
    public void Rounding_is_measured_as_six_deviations()
    {
        const double Quantum = 1e-6;
        double[] measured = [.. Enumerable.Range(0, 60).Select(seed =>
        {
            Tensor<double> x = new NumPyRandom((uint)seed + 100).Randn(1, 3);
            var errors = new NumPyRandom((uint)seed);
            return RoundingNoise.Of(() => [x[0, 0] + (2 * x[0, 1]) + (Quantum * errors.Uniform(-0.5, 0.5))], [x], (uint)seed)[0];
        })];
        double expected = 6 * Quantum / Math.Sqrt(12);
        Assert.InRange(measured.Average(), 0.8 * expected, 1.1 * expected);
    }

    /// <summary>A smooth function is no rounding, however steep and curved.</summary>
    [Fact]
    public void A_curve_is_not_taken_for_rounding()
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        double value = Math.Exp(3 * x[0, 0]);
        Assert.InRange(RoundingNoise.Of(() => [Math.Exp(3 * x[0, 0])], [x], 1)[0], 0, 40 * Unit * value);
    }

    [Fact]
    public void Shaken_numbers_move_by_six_deviations()
    {
        double[] measured = [.. Enumerable.Range(0, 60).Select(seed => RoundingNoise.OfShaken(random => [5 + random.Uniform(-1, 1)], [5], (uint)seed)[0])];
        Assert.InRange(measured.Average(), 0.9 * 6 / Math.Sqrt(3), 1.1 * 6 / Math.Sqrt(3));
    }

    /// <summary>Even an exact loss, and an exact claim, may be off by four units in the last place.</summary>
    [Fact]
    public void Nothing_is_without_rounding()
    {
        Tensor<double> x = Tensor.Create([2.0, 3], [1, 2]);
        Subject<double> subject = Exact(x, () => 3, scale: 8, claims: [5, 0]);
        Assert.Equal(4 * Unit * 8, subject.LossNoise(1).Value, 1e-30);
        var noise = new ClaimNoise<double>(subject, [[0, 1]], 1);
        Assert.Equal(4 * Unit * 5, noise.At(0, 0), 1e-30);
        Assert.Equal(0, noise.At(0, 1));
    }

    /// <summary>What passes between layers is moved to the next number above or below, and no farther: at a power of two that is half as far below.</summary>
    [Fact]
    public void A_shaken_pass_moves_everything_to_a_neighbour()
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var pass = new ShakenPass<double>(new ReLU<double>(), null, x, null, Tensor.Create([1.0], [1, 1]));
        var random = new NumPyRandom(1);
        double[] moved = [.. Enumerable.Range(0, 100).Select(_ => (pass.Loss(random) - 2) / (2 * Unit))];
        Assert.Equal([-0.5, 1], moved.Distinct().Order());
        double[] gradients = [.. Enumerable.Range(0, 100).Select(_ => (pass.Backward(random)[0, 0] - 1) / Unit)];
        Assert.Equal((-1, 2), (gradients.Min(), gradients.Max())); // shaken above the layer and below it
    }

    /// <summary>A sigmoid that is stuck at 1 is a probability still when it is shaken, as a loss would refuse more; and it moves each time, so that what hides behind it shows.</summary>
    [Fact]
    public void A_shaken_pass_leaves_no_value_above_1_that_was_not()
    {
        var pass = new ShakenPass<double>(new Sigmoid<double>(), null, Tensor.Create([60.0], [1, 1]), null, Tensor.Create([1.0], [1, 1]));
        var random = new NumPyRandom(1);
        double[] moved = [.. Enumerable.Range(0, 100).Select(_ => (pass.Loss(random) - 1) / Unit)];
        Assert.All(moved, value => Assert.InRange(value, -1, -0.5));
    }

    /// <summary>A remainder counts from 32 times the rounding of the loss on. Here it is a·h²·d², and its steps begin at 2⁻³.</summary>
    [Theory]
    [InlineData(0.9, 2)]
    [InlineData(1.1, double.NaN)]
    public void Remainders_below_rounding_have_no_order(double share, double order)
    {
        // An order takes two steps: the smaller is 2⁻⁴, in that of the five directions that goes farthest.
        var random = new NumPyRandom(0);
        double farthest = Enumerable.Range(0, 5).Max(_ => Math.Abs(random.Randn()));
        double rounding = share * Math.Pow(farthest / 16, 2) / 32;
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        Subject<double> subject = Exact(x, () => Math.Pow(x[0, 0] - 1, 2), scale: rounding / (4 * Unit), claims: [0]);
        Assert.Equal(order, TaylorTest.Order(subject, new HashSet<int>(), 0), 0.01);
    }

    /// <summary>Of a curve whose third order outweighs the second at all steps but the smallest, those are taken.</summary>
    [Fact]
    public void The_smallest_steps_tell_the_order()
    {
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        double Loss() => Math.Pow(x[0, 0] - 1, 2) + (1e3 * Math.Pow(x[0, 0] - 1, 3));
        Assert.InRange(TaylorTest.Order(Exact(x, Loss, scale: 1e-4, claims: [0]), new HashSet<int>(), 0), 1.99, 2.02);
    }

    /// <summary>Right beyond rounding is what a float network has to be: at ten times rounding a value has a digit.</summary>
    [Theory]
    [InlineData(0.11, GradientVerdict.Noise)]
    [InlineData(0.1001, GradientVerdict.Pass)]
    public void In_float_too_a_digit_must_be_left(double rounding, GradientVerdict verdict)
    {
        var wide = new CheckedEntry { Parameter = "w", Index = [0], Analytic = 1, Numeric = 1, Step = 1e-5, Resolution = 0, Verdict = GradientVerdict.Pass };
        Assert.Equal(verdict, SinglePrecision.Compare(wide, 1.05, rounding, 1e-5, []).Verdict);
    }

    /// <summary>Of the doubt that the copy left, all counts: what its own verdict excused, too.</summary>
    [Theory]
    [InlineData(1.0009, GradientVerdict.Pass)]
    [InlineData(1.0011, GradientVerdict.Fail)]
    public void What_the_copy_leaves_open_counts(double claim, GradientVerdict verdict)
    {
        var resolved = new CheckedEntry { Parameter = "w", Index = [0], Analytic = 1, Numeric = 1, Step = 1e-5, Resolution = 1e-3, Verdict = GradientVerdict.Pass };
        Assert.Equal(verdict, SinglePrecision.Compare(resolved, claim, 0, 1e-5, []).Verdict);
        CheckedEntry excused = resolved with { Resolution = 0, Analytic = 1.001 };
        Assert.Equal(verdict, SinglePrecision.Compare(excused, claim, 0, 1e-5, []).Verdict);
    }

    /// <summary>A loss that is computed exactly, with the claims for its one tensor.</summary>
    private static Subject<double> Exact(Tensor<double> x, Func<double> loss, double scale, double[] claims) => new()
    {
        Names = ["x"],
        Values = [x],
        Claims = [claims],
        Loss = loss,
        LossScale = scale,
    };
}
