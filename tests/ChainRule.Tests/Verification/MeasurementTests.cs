using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What slopes, sides and rounding are measured as, against numbers that are known on paper.</summary>
public class MeasurementTests
{
    /// <summary>Of t + 5t² at 0 with the step h the sides are 1 − 5h and 1 + 5h, and the middle is 1; at 2 all of it is 20 more.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 21)]
    public void Slopes_are_those_of_a_parabola(double center, double slope)
    {
        var slopes = Slopes.Measure(new Function(t => t + (5 * t * t)), center, 0.125);
        Assert.Equal((0.125, slope - 0.625, slope, slope + 0.625, 1.25, 1), (slopes.Step, slopes.Left, slopes.Central, slopes.Right, slopes.Gap, slopes.NoiseGain));
    }

    /// <summary>Extrapolated, the sides of a parabola and the middle of a cubic are exact: the largest part of the error cancels.</summary>
    [Fact]
    public void Extrapolation_is_exact_one_order_further()
    {
        var parabola = Slopes.Measure(new Function(t => t + (5 * t * t)), 0, 0.125, extrapolate: true);
        Assert.Equal((0.125, 1, 1, 1, 3), (parabola.Step, parabola.Left, parabola.Central, parabola.Right, parabola.NoiseGain));
        var cubic = Slopes.Measure(new Function(t => t + (64 * t * t * t)), 0, 0.125, extrapolate: true);
        Assert.Equal(1, cubic.Central);
        Assert.Equal(2, Slopes.Measure(new Function(t => t + (64 * t * t * t)), 0, 0.125).Central);
    }

    /// <summary>θ can stand where the loss is defined to one side only.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Slopes_at_the_end_of_the_domain_are_of_no_use(int side)
    {
        Assert.False(Slopes.Measure(new Function(t => Math.Sign(t) == side ? double.NaN : t), 0, 0.125).IsUsable);
        Assert.False(Slopes.Measure(new Function(t => t == 0 ? double.NaN : t), 0, 0.125).IsUsable);
        Assert.True(Slopes.Measure(new Function(t => t), 0, 0.125).IsUsable);
    }

    /// <summary>Below −1 the numbers lie twice as far apart as above it: a step of ⅜ of that distance moves θ up and not down, and one side alone is no slope.</summary>
    [Fact]
    public void A_step_that_moves_to_one_side_alone_is_of_no_use()
    {
        Tensor<double> x = Tensor.Create([-1.0], [1, 1]);
        var slopes = Slopes.Measure(new EntryLine<double>(() => x[0, 0], x, 0), 0, 0.375 * Math.Pow(2, -52));
        Assert.Equal((double.NaN, 1, 1, false), (slopes.Left, slopes.Central, slopes.Right, slopes.IsUsable));
    }

    /// <summary>
    /// −t + 3t² to the left, 2t + 5t² to the right: the slopes at the steps 0.01 and 0.1, led to a step of 0, are −1 and 2. The share of the
    /// way is 1/9, so that rounding of N counts 2·(1 + 2/9) times at the smaller step.
    /// </summary>
    [Fact]
    public void The_sides_of_a_corner_are_led_to_a_step_of_0()
    {
        static double Corner(double t) => t < 0 ? -t + (3 * t * t) : (2 * t) + (5 * t * t);
        SlopeEstimate estimate = SlopeEstimate.Find(new Function(Corner), 0, 0.01, 0.1, 1, extrapolate: false)!;
        (double low, double high, double noise) = estimate.Sides();
        Assert.Equal(-1, low, 1e-9);
        Assert.Equal(2, high, 1e-9);
        Assert.Equal(22.0 / 9 / 0.01, noise, 1e-9);
    }

    /// <summary>Where only one step can be taken, its sides are all there is.</summary>
    [Fact]
    public void One_step_alone_gives_its_own_sides()
    {
        static double Corner(double t) => Math.Abs(t) > 0.05 ? double.NaN : t < 0 ? -t : 2 * t;
        SlopeEstimate estimate = SlopeEstimate.Find(new Function(Corner), 0, 0.01, 0.1, 1e-3, extrapolate: false)!;
        (double low, double high, double noise) = estimate.Sides();
        Assert.Equal((-1, 2), (Math.Round(low, 9), Math.Round(high, 9)));
        Assert.Equal(2 * 1e-3 / 0.01, noise, 1e-12);
        Assert.Null(estimate.Corner());
    }

    /// <summary>Rounding of 10⁻⁸ leaves no doubt about a difference where it is a tenth of it: over the step, 10⁻⁸/h.</summary>
    [Theory]
    [InlineData(1.1e-3, 1e-4)]
    [InlineData(0.9e-3, 1e-3)]
    [InlineData(2e-5, 1e-2)]
    [InlineData(1e-9, 1e-1)]
    public void The_finest_step_is_the_smallest_that_shows_a_difference_clearly(double difference, double step)
    {
        SlopeEstimate estimate = SlopeEstimate.Find(new Function(t => t), 0, 1e-6, 1, 1e-8, extrapolate: false)!;
        (Slopes slopes, double noise) = estimate.Finest(difference);
        Assert.Equal(step, slopes.Step, 1e-9 * step);
        Assert.Equal(1e-8 / step, noise, 1e-9 * noise);
    }

    /// <summary>Steps that are too small to move θ are passed over; beyond the first that leaves the domain none is taken.</summary>
    [Fact]
    public void A_sweep_goes_from_the_first_step_that_moves_to_the_last_within_the_domain()
    {
        var line = new Function(t => Math.Abs(t) > 0.05 ? double.NaN : t, leap: 1e-4);
        SlopeEstimate estimate = SlopeEstimate.Find(line, 0, 1e-6, 1, 0, extrapolate: false)!;
        Assert.Equal(1e-3, estimate.Slopes.Step, 1e-12);
        Assert.Equal(0.1, line.Looked.Max(), 1e-12);
        Assert.Null(SlopeEstimate.Find(new Function(t => t == 0 ? 0 : double.NaN), 0, 1e-6, 1, 0, extrapolate: false));
    }

    [Fact]
    public void The_options_reach_the_judge()
    {
        var noise = new Lazy<double>(1);
        EntryJudge judge = Judges.For<double>(new GradientCheckOptions { Step = 0.25, Tolerance = 0.5, Extrapolate = true }, noise);
        Assert.Equal((0.25, true, 0.5, true, true), (judge.Step, judge.IsStepFixed, judge.Tolerance, judge.IsToleranceFixed, judge.Extrapolates));
        EntryJudge free = Judges.For<double>(new GradientCheckOptions(), noise);
        Assert.Equal((1e-5, false, 1e-5, false, false), (free.Step, free.IsStepFixed, free.Tolerance, free.IsToleranceFixed, free.Extrapolates));
        EntryJudge single = Judges.For<float>(new GradientCheckOptions(), noise);
        Assert.Equal((1e-2, false, 1e-2, false), (single.Step, single.IsStepFixed, single.Tolerance, single.IsToleranceFixed));
        Assert.Equal((Math.Pow(2, -52), Math.Pow(2, -23)), (judge.Unit, single.Unit));
        Assert.Equal((Math.Pow(2, -1022 + 52), Math.Pow(2, -126 + 23)), (judge.Least, (float)single.Least));
    }

    /// <summary>1·3 − 2·4 is −5; the numbers that it is added up from are 3 and 8.</summary>
    [Fact]
    public void The_loss_of_a_layer_alone_is_a_weighted_sum_and_as_large_as_what_it_is_added_up_from()
    {
        Tensor<double> output = Tensor.Create([1.0, -2], [1, 2]);
        Tensor<double> weights = Tensor.Create([3.0, 4], [1, 2]);
        Assert.Equal((-5, 11), (Projection.Of(output, weights), Projection.Scale(output, weights)));
        Assert.Equal(new NumPyRandom(7).Randn(2, 3), Projection.Weights<double>([2, 3], 7));
    }

    /// <summary>Where the function is defined at this very point alone, nothing is known of its rounding, of any of the numbers.</summary>
    [Fact]
    public void Rounding_is_0_where_nothing_can_be_measured()
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        Assert.Equal([0, 0], RoundingNoise.Of(() => x[0, 0] == 3 ? [1.0, 2] : throw new ArgumentException("Not here."), [x], 1));
        Assert.Equal(3, x[0, 0]);
    }

    /// <summary>Of two numbers one is none beside this point: nothing is known of its rounding, and of the other what there is.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Rounding_is_measured_of_the_numbers_that_are_some(double beside)
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        var errors = new NumPyRandom(1);
        double[] noise = RoundingNoise.Of(() => [x[0, 0] == 3 ? 1 : beside, errors.Uniform(-0.5, 0.5)], [x], 1);
        Assert.Equal(0, noise[0]);
        Assert.InRange(noise[1], 0.3, 4);
    }

    /// <summary>A line that leaves the domain is passed over; the others are measured.</summary>
    [Fact]
    public void Rounding_is_measured_on_the_lines_that_stay_in_the_domain()
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        var errors = new NumPyRandom(1);
        int looks = 0;
        double[] noise = RoundingNoise.Of(() => ++looks <= 10 ? throw new ArgumentException("Not there.") : [errors.Uniform(-0.5, 0.5)], [x], 1);
        Assert.InRange(noise[0], 0.3, 4);
    }

    /// <summary>Of the differences of third and fourth order the smaller counts: i³ has a third difference of 6 everywhere, and is no rounding.</summary>
    [Fact]
    public void A_cubic_is_no_rounding()
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        int look = 0;
        Assert.InRange(RoundingNoise.Of(() => [Math.Pow(look++ % 10, 3)], [x], 1)[0], 0, 1e-9);
    }

    /// <summary>Of a softmax that is stuck at (1, 0) the derivative 1·(g − g) is as good as 0. Shaken it is not, inside of another layer too: that 0 has no digit.</summary>
    [Fact]
    public void Outputs_inside_of_a_layer_are_shaken_too()
    {
        Tensor<double> x = Tensor.Create([60.0, 0], [1, 2]);
        Tensor<double> weights = Tensor.Create([1.0, 0], [1, 2]);
        var layer = new Concatenate<double>(new Softmax<double>());
        layer.Forward(x);
        Assert.InRange(Math.Abs(layer.Backward(weights)[0, 0]), 0, 1e-25);
        Tensor<double> shaken = new ShakenPass<double>(layer, null, x, null, weights).Backward(new NumPyRandom(1));
        Assert.InRange(Math.Abs(shaken[0, 0]), 1e-17, 1e-15);
    }

    /// <summary>A step inside of a layer or a loss moves its result by more than one neighbour. Afterwards every pass has the bits of before.</summary>
    [Fact]
    public void Steps_inside_are_shaken_and_then_no_more()
    {
        Tensor<double> x = Tensor.Create([0.1, 0.2, 0.7], [1, 3]);
        var layer = new LogSoftmax<double>();
        double[] output = [.. layer.Forward(x)];
        var pass = new ShakenPass<double>(layer, null, x, null, Tensor.Create([1.0, 0, 0], [1, 3]));
        var random = new NumPyRandom(1);
        Assert.InRange(Enumerable.Range(0, 100).Select(_ => pass.Loss(random)).Distinct().Count(), 3, 100); // 2 for the output alone
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(output, layer.Forward(x).ToArray()));

        var loss = new SoftmaxCrossEntropy<double>();
        Tensor<double> target = Tensor.Create([1.0], [1]);
        double value = loss.Forward(x, target);
        Assert.InRange(Enumerable.Range(0, 100).Select(_ => ShakenPass<double>.LossOf(loss, x, target, random)).Distinct().Count(), 2, 100);
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(value, loss.Forward(x, target)));
    }

    /// <summary>Neither the square of what is left of a saturated exponential nor that of a huge loss is a number: their rounding is one all the same.</summary>
    [Theory]
    [InlineData(1e-220)]
    [InlineData(1)]
    [InlineData(1e220)]
    public void Rounding_is_in_proportion_to_the_numbers(double scale)
    {
        Tensor<double> x = Tensor.Create([3.0], [1, 1]);
        var errors = new NumPyRandom(1);
        Assert.InRange(RoundingNoise.Of(() => [scale * errors.Uniform(-0.5, 0.5)], [x], 1)[0] / scale, 0.3, 4);
        Assert.InRange(RoundingNoise.OfShaken(random => [scale * random.Uniform(-0.5, 0.5)], [0], 1)[0] / scale, 0.3, 4);
        Assert.Equal([0], RoundingNoise.Of(() => [0], [x], 1));
    }

    /// <summary>x·y with a claim for x that is 1 % off: along a line that leaves x as it is nothing speaks against the others.</summary>
    [Fact]
    public void A_direction_can_leave_tensors_as_they_are()
    {
        (Tensor<double> x, Tensor<double> y) = (Tensor.Create([2.0], [1, 1]), Tensor.Create([5.0], [1, 1]));
        Subject<double> Subject(double factor) => new()
        {
            Names = ["x", "y"],
            Values = [x, y],
            Loss = () => x[0, 0] * y[0, 0],
            LossScale = 10,
            Claims = [[factor * 5], [2]],
        };
        Assert.True(DirectionCheck.IsRight(Subject(1), new GradientCheckOptions()));
        Assert.False(DirectionCheck.IsRight(Subject(1.01), new GradientCheckOptions()));
        Assert.True(DirectionCheck.IsRight(Subject(1.01), new GradientCheckOptions(), new HashSet<int> { 0 }));
        Assert.False(DirectionCheck.IsRight(Subject(1.01), new GradientCheckOptions(), new HashSet<int> { 1 }));
    }

    /// <summary>A random direction changes each value by about its size, and all together by about that of one.</summary>
    [Fact]
    public void A_direction_is_as_long_as_one_value()
    {
        double[] direction = Magnitude.Direction(Tensor.Create([2.0, 0, -4]), 3, new NumPyRandom(5));
        double[] drawn = [.. new NumPyRandom(5).Randn(3)];
        Assert.Equal(2 * drawn[0] / Math.Sqrt(3), direction[0], 1e-12);
        Assert.Equal(1 * drawn[1] / Math.Sqrt(3), direction[1], 1e-12); // a 0 among larger values moves by 1
        Assert.Equal(4 * drawn[2] / Math.Sqrt(3), direction[2], 1e-12);
    }

    [Fact]
    public void A_tensor_that_is_not_finite_has_no_size()
    {
        Assert.Equal(0, Magnitude.Of(Tensor.Create([1.0, double.PositiveInfinity])));
        Assert.Equal(0, Magnitude.Of(Tensor.Create([1.0, double.NaN])));
        Assert.Equal(Math.Sqrt(12.5), Magnitude.Of(Tensor.Create([3.0, 4])), 1e-12);
    }

    /// <summary>A function of one number as a line.</summary>
    private sealed class Function : LossLine
    {
        private readonly double[] position;
        private readonly double leap;

        public Function(Func<double, double> function, double leap = 0)
            : this(function, leap, [0])
        {
        }

        private Function(Func<double, double> function, double leap, double[] position)
            : base(() => function(position[0]))
        {
            this.leap = leap;
            this.position = position;
        }

        public List<double> Looked { get; } = [];

        protected override double Move(double t)
        {
            Looked.Add(Math.Abs(t));
            return position[0] = leap == 0 ? t : Math.Round(t / leap) * leap;
        }

        protected override void Return() => position[0] = 0;
    }
}
