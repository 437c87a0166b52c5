using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>A gradient checked along one random direction: how far the values go, and what rounding and corners excuse there.</summary>
public class DirectionTests
{
    private const double Unit = 2.220446049250313e-16;

    /// <summary>However many values and tensors change at once, all together they go about one step: 10⁻⁵.</summary>
    [Fact]
    public void All_tensors_together_go_one_step()
    {
        var steps = new FarthestStep();
        var subject = new Subject<double> { Names = ["x", "y"], Values = [steps.X, steps.Y], Claims = [new double[300], new double[300]], Loss = steps.Loss, LossScale = 3 };
        Assert.True(DirectionCheck.IsRight(subject, new GradientCheckOptions()));
        Assert.InRange(steps.Farthest / 1e-5, 0.9, 1.1);
    }

    /// <summary>A backward pass whose result jumps by up to 2 from one point to the next may well be 0.4 off; one that is 0.4 off everywhere is wrong.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public void Rounding_of_the_claim_is_measured_where_the_values_move(double rounding, bool isRight)
    {
        var errors = new NumPyRandom(1);
        Assert.Equal(isRight, IsRight(() => 100.4 + (rounding * errors.Rand()), null)); // never nearer to 100 than 100.4
    }

    /// <summary>Along a direction too, what rounding may have done to the claim is no mistake.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Rounding_of_the_claim_is_no_mistake_along_a_direction(double rounding, bool isRight) =>
        Assert.Equal(isRight, IsRight(() => 100.4, random => 100.4 + (rounding * random.Uniform(-1, 1))));

    /// <summary>
    /// Two claims that cancel along the direction: their products with it are 10⁶ and −10⁶. Each may be off by four units in the last
    /// place, so that together they say nothing of a slope of three units of their sum, and something of one of five.
    /// </summary>
    [Theory]
    [InlineData(3, true, true)]
    [InlineData(5, true, false)]
    [InlineData(3, false, true)]
    [InlineData(5, false, false)]
    public void Claims_that_cancel_are_as_exact_as_they_are_large(double units, bool inOneTensor, bool isRight)
    {
        var one = Tensor.Create([1.0], [1, 1]);
        Tensor<double>[] values = inOneTensor ? [Tensor.Create([1.0, 1], [1, 2])] : [Tensor.Create([1.0], [1, 1]), one];
        var random = new NumPyRandom(3); // the seed of the direction is 3 more than that of the check
        double[] direction = [.. values.SelectMany(value => Magnitude.Direction(value, 2, random))];
        double[] claims = [1e6 / direction[0], -1e6 / direction[1]];
        double slope = units * Unit * 2e6 / direction[0];
        var subject = new Subject<double>
        {
            Names = [.. values.Select((_, i) => $"x{i}")],
            Values = values,
            Claims = inOneTensor ? [claims] : [[claims[0]], [claims[1]]],
            Loss = () => slope * (values[0][0, 0] - 1),
            LossScale = 1e-30,
        };
        Assert.Equal(isRight, DirectionCheck.IsRight(subject, new GradientCheckOptions()));
    }

    /// <summary>On the corner of |x| a claim of ½ lies between the slopes; then the backward pass beside the corner tells.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(7, false)]
    public void On_a_corner_the_backward_pass_beside_it_is_asked(double slope, bool isRight)
    {
        Tensor<double> x = Tensor.Create([0.0], [1, 1]);
        var subject = new Subject<double>
        {
            Names = ["x"],
            Values = [x],
            Claims = [[0.5]],
            Loss = () => Math.Abs(x[0, 0]),
            LossScale = 1,
            Gradients = () => [[x[0, 0] == 0 ? 0.5 : slope * Math.Sign(x[0, 0])]],
        };
        Assert.Equal(isRight, DirectionCheck.IsRight(subject, new GradientCheckOptions()));
    }

    /// <summary>Of 100·x the claim 100.4, and what the backward pass gives when it is run again, or shaken.</summary>
    private static bool IsRight(Func<double> claim, Func<NumPyRandom, double>? shaken)
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var subject = new Subject<double>
        {
            Names = ["x"],
            Values = [x],
            Claims = [[100.4]],
            Loss = () => 100 * x[0, 0],
            LossScale = 200,
            Gradients = () => [[claim()]],
            ShakenGradients = shaken is null ? null : random => [[shaken(random)]],
        };
        return DirectionCheck.IsRight(subject, new GradientCheckOptions());
    }
}
