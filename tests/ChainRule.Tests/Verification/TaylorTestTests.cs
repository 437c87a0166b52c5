using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>The step-free proof: second order for a right gradient, first order for a wrong one.</summary>
public class TaylorTestTests
{
    [Fact]
    public void The_reference_network_has_order_2_and_its_values_come_back()
    {
        (Sequential<double> network, Func<double> loss, CheckedTensor<double>[] tensors) = Reference();
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        Assert.InRange(TaylorTest.Order(loss, tensors), 1.99, 2.01);
        Assert.Equal(before, network.Parameters.SelectMany(parameter => parameter.Value));
    }

    [Theory]
    [InlineData(1.03)]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_wrong_factor_in_one_parameter_has_order_1(double factor)
    {
        (_, Func<double> loss, CheckedTensor<double>[] tensors) = Reference();
        tensors[1] = tensors[1] with { Gradient = Tensor.Multiply<double>(tensors[1].Gradient, factor) };
        Assert.InRange(TaylorTest.Order(loss, tensors), 0.9, 1.2);
    }

    /// <summary>A linear loss leaves no remainder: then L + L²/2|L(θ)| is looked at, with a gradient that is right where that of L is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-200)]
    public void A_linear_function_has_an_order_too(double scale)
    {
        Tensor<double> x = Tensor.Create([1.0, 3], [1, 2]);
        double Order(double slope) => TaylorTest.Order(() => scale * (x[0, 0] - x[0, 1]), [new CheckedTensor<double>("x", x, Tensor.Create([scale, scale * slope], [1, 2]))]);
        Assert.InRange(Order(-1), 1.99, 2.01);
        Assert.InRange(Order(-1.03), 0.9, 1.2);
    }

    [Fact]
    public void A_constant_has_no_order()
    {
        Tensor<double> x = Tensor.Create([1.0, 2], [1, 2]);
        Assert.Equal(double.NaN, TaylorTest.Order(() => 3, [new CheckedTensor<double>("x", x, Tensor.Create([0.0, 0], [1, 2]))]));
        Assert.Equal(double.NaN, TaylorTest.Order(() => 3, []));
    }

    /// <summary>
    /// t² to the right and |t|³ to the left: along each of the five directions the order is 2 or 3, and the one of most directions counts. The
    /// seed is one whose third direction, in the middle, goes the other way than most.
    /// </summary>
    [Fact]
    public void The_order_is_that_of_most_directions()
    {
        static bool[] Ups(uint seed) => [.. new NumPyRandom(seed).Randn(5).Select(value => value > 0)];
        static bool IsMostlyUp(uint seed) => Ups(seed).Count(up => up) > 2;
        uint seed = Enumerable.Range(0, 100).Select(i => (uint)i).First(seed => Ups(seed)[2] != IsMostlyUp(seed));
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        double Loss()
        {
            double t = x[0, 0] - 1;
            return t > 0 ? t * t : -t * t * t;
        }

        var subject = new Subject<double> { Names = ["x"], Values = [x], Claims = [[0]], Loss = Loss, LossScale = 1e-30 };
        Assert.Equal(IsMostlyUp(seed) ? 2 : 3, TaylorTest.Order(subject, new HashSet<int>(), seed), 0.05);
    }

    /// <summary>However many values and tensors change at once, all together they change by about one step, of at most an eighth.</summary>
    [Fact]
    public void All_tensors_together_go_one_step()
    {
        var steps = new FarthestStep();
        Tensor<double> nothing = Tensor.CreateFromShape<double>([1, 300]);
        TaylorTest.Order(steps.Loss, [new CheckedTensor<double>("x", steps.X, nothing), new CheckedTensor<double>("y", steps.Y, nothing)]);
        Assert.InRange(8 * steps.Farthest, 0.9, 1.2);
    }

    /// <summary>A ReLU's input of 10⁻¹⁰ beside one of 1: half of the directions cross the corner with every step. What they leave is not the gradient's mistake.</summary>
    [Fact]
    public void Steps_across_a_corner_that_a_unit_tells_of_do_not_count()
    {
        Subject<double> subject = new LayerSubject<double>(new ReLU<double>(), null, Tensor.Create([1, 1e-10], [1, 2]), null, 1).Create();
        Assert.Equal(2, TaylorTest.Order(subject, new HashSet<int>(), 0), 0.05);
    }

    /// <summary>A line leaves no remainder, and L + L²/2|L(θ)| one that rounding of L hides where that is as large as L.</summary>
    [Theory]
    [InlineData(1e-9, 2)]
    [InlineData(1, double.NaN)]
    public void A_remainder_below_the_rounding_of_a_shaken_loss_has_no_order(double rounding, double order)
    {
        Tensor<double> x = Tensor.Create([1.0], [1, 1]);
        double Loss() => 3 * x[0, 0];
        var subject = new Subject<double> { Names = ["x"], Values = [x], Claims = [[3]], Loss = Loss, LossScale = 3, ShakenLoss = random => Loss() + (rounding * random.Uniform(-1, 1)) };
        Assert.Equal(order, TaylorTest.Order(subject, new HashSet<int>(), 0), 0.05);
    }

    /// <summary>The lesson's network, without the bias that sits on corners.</summary>
    private static (Sequential<double> Network, Func<double> Loss, CheckedTensor<double>[] Tensors) Reference()
    {
        var random = new NumPyRandom(42);
        var network = new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
        Tensor<double> x = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
        Tensor<double> y = Tensor.Create([0.0, 1, 1, 0], [4, 1]);
        var loss = new MeanSquaredError<double>();
        double Loss() => loss.Forward(network.Forward(x), y);
        Loss();
        network.Backward(loss.Backward());
        return (network, Loss, [.. network.Parameters.Where(parameter => parameter.Name != "layer1.bias").Select(parameter => new CheckedTensor<double>(parameter.Name, parameter.Value, Tensor.Create(parameter.Gradient.ToArray(), parameter.Gradient.Lengths)))]);
    }
}
