using System.Text.Json;
using ChainRule.Autodiff;
using CsCheck;
using Xunit;
using static ChainRule.Autodiff.Scalar;

namespace ChainRule.Tests.Autodiff;

/// <summary>
/// Protects the second opinion on every gradient of this library: each operation's value and slope, the order in which
/// gradients flow through a graph, and the lesson's networks written with scalars.
/// </summary>
public sealed class ScalarTests
{
    private sealed record Unary(Func<Scalar, Scalar> Scalar, Func<double, double> Plain);

    private sealed record Binary(Func<Scalar, Scalar, Scalar> Scalar, Func<double, double, double> Plain);

    /// <summary>Each operation beside plain arithmetic that shares no code with it: what the numeric slope is taken of.</summary>
    private static readonly Dictionary<string, Unary> UnaryOperations = new()
    {
        ["−"] = new(x => -x, x => -x),
        ["exp"] = new(Exp, Math.Exp),
        ["log"] = new(Log, Math.Log),
        ["tanh"] = new(Tanh, x => (Math.Exp(x) - Math.Exp(-x)) / (Math.Exp(x) + Math.Exp(-x))),
        ["sigmoid"] = new(Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ["relu"] = new(Relu, x => x > 0 ? x : 0),
        ["softplus"] = new(Softplus, x => Math.Log(1 + Math.Exp(x))),
        ["erf"] = new(Erf, ErrorIntegral),
        ["erfc"] = new(Erfc, x => 1 - ErrorIntegral(x)),
        ["^2"] = new(x => Pow(x, 2), x => x * x),
        ["^-3"] = new(x => Pow(x, -3), x => 1 / (x * x * x)),
        ["^0.5"] = new(x => Pow(x, 0.5), Math.Sqrt),
    };

    private static readonly Dictionary<string, Binary> BinaryOperations = new()
    {
        ["+"] = new((a, b) => a + b, (a, b) => a + b),
        ["−"] = new((a, b) => a - b, (a, b) => a - b),
        ["×"] = new((a, b) => a * b, (a, b) => a * b),
        ["÷"] = new((a, b) => a / b, (a, b) => a / b),
        ["^"] = new(Pow, Math.Pow),
        ["max"] = new(Max, (a, b) => a > b ? a : b),
    };

    /// <summary>erf x = 2/√π · ∫₀ˣ exp(−t²) dt by Simpson's rule, good to 1e-13 for |x| up to 4.</summary>
    private static double ErrorIntegral(double x)
    {
        const int intervals = 2000;
        double width = x / intervals;
        double sum = 1 + Math.Exp(-x * x);
        for (int i = 1; i < intervals; i++)
        {
            sum += (i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * width) * (i * width));
        }

        return 2 / Math.Sqrt(Math.PI) * sum * width / 3;
    }

    private static double Numeric(Func<double, double> function, double x)
    {
        const double step = 1e-5;
        return (function(x + step) - function(x - step)) / (2 * step);
    }

    private static void AssertClose(double expected, double actual, double relativeTolerance)
    {
        Assert.True(
            Math.Abs(expected - actual) <= relativeTolerance * Math.Max(1, Math.Abs(expected)),
            $"expected {expected:R}, got {actual:R}");
    }

    // ---- operations ------------------------------------------------------------------------------------------------

    /// <summary>Values and slopes to the last digits, against a computation with 40 digits.</summary>
    [Theory]
    [InlineData("exp", -2, 0.1353352832366127, 0.1353352832366127)]
    [InlineData("exp", 3, 20.085536923187668, 20.085536923187668)]
    [InlineData("log", 0.25, -1.3862943611198906, 4)]
    [InlineData("log", 7.5, 2.0149030205422647, 0.13333333333333333)]
    [InlineData("tanh", -2, -0.9640275800758169, 0.07065082485316447)]
    [InlineData("tanh", 0, 0, 1)]
    [InlineData("tanh", 0.5, 0.46211715726000974, 0.7864477329659274)]
    [InlineData("sigmoid", -2, 0.11920292202211756, 0.10499358540350652)]
    [InlineData("sigmoid", 0, 0.5, 0.25)]
    [InlineData("sigmoid", 3, 0.9525741268224333, 0.04517665973091213)]
    [InlineData("relu", -2, 0, 0)]
    [InlineData("relu", 3, 3, 1)]
    [InlineData("softplus", -2, 0.1269280110429725, 0.11920292202211756)]
    [InlineData("softplus", 0, 0.6931471805599453, 0.5)]
    [InlineData("softplus", 3, 3.048587351573742, 0.9525741268224333)]
    [InlineData("erf", -2, -0.9953222650189527, 0.020666985354092053)]
    [InlineData("erf", 0, 0, 1.1283791670955126)]
    [InlineData("erf", 0.5, 0.5204998778130465, 0.8787825789354448)]
    [InlineData("erfc", 0.5, 0.4795001221869535, -0.8787825789354448)]
    [InlineData("−", 4, -4, -1)]
    [InlineData("^2", -3, 9, -6)]
    [InlineData("^-3", 2, 0.125, -0.1875)]
    [InlineData("^0.5", 4, 2, 0.25)]
    public void A_unary_operation_has_the_known_value_and_slope(string operation, double at, double value, double slope)
    {
        var x = new Scalar(at);
        Scalar result = UnaryOperations[operation].Scalar(x);
        result.Backward();

        Assert.Equal(operation, result.Operation);
        AssertClose(value, result.Value, 1e-15);
        AssertClose(slope, x.Gradient, 1e-15);
    }

    [Theory]
    [InlineData("+", 3, -5, -2, 1, 1)]
    [InlineData("−", 3, -5, 8, 1, -1)]
    [InlineData("×", 3, -5, -15, -5, 3)]
    [InlineData("÷", 3, -4, -0.75, -0.25, -0.1875)]
    [InlineData("^", 3, 2, 9, 6, 9.887510598012987)]
    [InlineData("max", 3, -5, 3, 1, 0)]
    [InlineData("max", -5, 3, 3, 0, 1)]
    public void A_binary_operation_has_the_known_value_and_slopes(string operation, double left, double right, double value, double leftSlope, double rightSlope)
    {
        Scalar a = left, b = right;
        Scalar result = BinaryOperations[operation].Scalar(a, b);
        result.Backward();

        Assert.Equal(operation, result.Operation);
        AssertClose(value, result.Value, 1e-15);
        AssertClose(leftSlope, a.Gradient, 1e-15);
        AssertClose(rightSlope, b.Gradient, 1e-15);
    }

    /// <summary>A wrong derivative that happens to be right at the few points above is caught on a grid.</summary>
    [Fact]
    public void Every_unary_operation_agrees_with_central_differences()
    {
        foreach ((string operation, (Func<Scalar, Scalar> scalar, Func<double, double> plain)) in UnaryOperations)
        {
            bool needsPositive = operation is "log" or "^0.5";
            for (double at = -3.05; at < 3.1; at += 0.1)
            {
                double point = needsPositive ? Math.Abs(at) + 0.1 : at;
                if (operation == "^-3" && Math.Abs(point) < 0.5)
                {
                    continue; // Next to the pole it is the differences that are wrong.
                }

                var x = new Scalar(point);
                Scalar result = scalar(x);
                result.Backward();

                AssertClose(plain(point), result.Value, 1e-14);
                AssertClose(Numeric(plain, point), x.Gradient, 1e-7);
            }
        }
    }

    [Fact]
    public void Every_binary_operation_agrees_with_central_differences_towards_both_operands()
    {
        foreach ((string operation, (Func<Scalar, Scalar, Scalar> scalar, Func<double, double, double> plain)) in BinaryOperations)
        {
            for (double left = -2.057; left < 2.1; left += 0.3) // never equal to the other: max has a corner there
            {
                for (double right = -2.11; right < 2.2; right += 0.31)
                {
                    double first = operation == "^" ? Math.Abs(left) + 0.5 : left;
                    double second = operation == "÷" ? Math.CopySign(Math.Abs(right) + 0.5, right) : right;
                    Scalar a = first, b = second;
                    Scalar result = scalar(a, b);
                    result.Backward();

                    AssertClose(plain(first, second), result.Value, 1e-14);
                    AssertClose(Numeric(v => plain(v, second), first), a.Gradient, 1e-8);
                    AssertClose(Numeric(v => plain(first, v), second), b.Gradient, 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Plain_numbers_mix_with_scalars_on_either_side()
    {
        var x = new Scalar(4);
        (Scalar Result, double Value, double Slope)[] formulas =
        [
            (x + 2, 6, 1), (2 + x, 6, 1),
            (x - 2, 2, 1), (2 - x, -2, -1),
            (x * 2.5, 10, 2.5), (2.5 * x, 10, 2.5),
            (x / 2, 2, 0.5), (2 / x, 0.5, -0.125),
            (Pow(2, x), 16, 16 * Math.Log(2)),
            (Max(x, 1), 4, 1), (Max(5, x), 5, 0),
        ];
        foreach ((Scalar result, double value, double slope) in formulas)
        {
            result.Backward();
            Assert.Equal(value, result.Value);
            AssertClose(slope, x.Gradient, 1e-15);
        }
    }

    // ---- extremes --------------------------------------------------------------------------------------------------

    /// <summary>Saturated units have the slope 0 (or 1), never NaN: that would poison a whole network.</summary>
    [Theory]
    [InlineData("sigmoid", -1e4, 0, 0)]
    [InlineData("sigmoid", 1e4, 1, 0)]
    [InlineData("tanh", -1e4, -1, 0)]
    [InlineData("tanh", 1e4, 1, 0)]
    [InlineData("softplus", -1e4, 0, 0)]
    [InlineData("softplus", 1e4, 1e4, 1)]
    [InlineData("erf", -1e4, -1, 0)]
    [InlineData("erf", 1e4, 1, 0)]
    [InlineData("erfc", 1e4, 0, 0)]
    [InlineData("exp", -1e4, 0, 0)]
    [InlineData("relu", 0, 0, 0)]
    [InlineData("relu", 1e4, 1e4, 1)]
    [InlineData("^2", 0, 0, 0)]
    public void At_the_extremes_value_and_slope_are_exact(string operation, double at, double value, double slope)
    {
        var x = new Scalar(at);
        Scalar result = UnaryOperations[operation].Scalar(x);
        result.Backward();

        Assert.Equal(value, result.Value);
        Assert.Equal(slope, x.Gradient);
    }

    /// <summary>ln(1 + eˣ) computed as written would be 0 here, and every digit lost.</summary>
    [Theory]
    [InlineData(-40, 4.248354255291589e-18)]
    [InlineData(-700, 9.85967654375977e-305)]
    public void Softplus_keeps_its_digits_far_below_zero(double at, double value)
    {
        Assert.Equal(1, Softplus(at).Value / value, 1e-14);
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 1, 0, 1)]
    [InlineData(0, 2, 0, 0)]
    [InlineData(-2, 3, -8, 12)]
    [InlineData(0, 0.5, 0, double.PositiveInfinity)]
    public void A_constant_power_has_its_slope_at_zero_and_below(double at, double exponent, double value, double slope)
    {
        Scalar x = at;
        Scalar power = Pow(x, exponent);
        power.Backward();
        Assert.Equal(value, power.Value);
        Assert.Equal(slope, x.Gradient);

        Scalar y = at;
        power = Pow(y, new Scalar(exponent));
        power.Backward();
        Assert.Equal(value, power.Value);
        Assert.Equal(slope, y.Gradient);
    }

    [Fact]
    public void Zero_to_a_positive_power_does_not_change_with_the_exponent()
    {
        Scalar exponent = 2;
        Pow(0, exponent).Backward();
        Assert.Equal(0, exponent.Gradient);
    }

    [Fact]
    public void Below_zero_a_power_has_no_slope_towards_its_exponent()
    {
        Scalar exponent = 3;
        Pow(-2, exponent).Backward();
        Assert.Equal(double.NaN, exponent.Gradient);
    }

    [Fact]
    public void The_slopes_of_a_quotient_of_huge_numbers_do_not_overflow()
    {
        Scalar a = 1e200, b = 1e200;
        (a / b).Backward();
        AssertClose(1, a.Gradient * 1e200, 1e-15);
        AssertClose(-1, b.Gradient * 1e200, 1e-15);
    }

    /// <summary>LeakyReLU as max(slope · x, x) relies on it for the slope at 0.</summary>
    [Fact]
    public void In_a_tie_the_first_operand_counts_as_the_larger()
    {
        Scalar a = 3, b = 3;
        Max(a, b).Backward();
        Assert.Equal(1, a.Gradient);
        Assert.Equal(0, b.Gradient);
    }

    /// <summary>√x · √x is x, but its factors have no slope at 0: the answer must not be a plausible number.</summary>
    [Fact]
    public void Zero_times_infinity_is_not_hidden()
    {
        Scalar x = 0;
        Scalar root = Pow(x, 0.5);
        (root * root).Backward();
        Assert.Equal(double.NaN, x.Gradient);
    }

    // ---- graphs ----------------------------------------------------------------------------------------------------

    [Fact]
    public void A_leaf_is_its_own_graph()
    {
        var x = new Scalar(2, "x");
        x.Backward();

        Assert.Equal(1, x.Gradient);
        Assert.Null(x.Operation);
        Assert.Empty(x.Operands);
        Assert.Empty(x.LocalDerivatives);
        Assert.Equal([x], x.TopologicalOrder());
    }

    [Fact]
    public void Before_Backward_there_is_no_gradient()
    {
        var x = new Scalar(2);
        Assert.Equal(0, (x * x).Gradient);
        Assert.Equal(0, x.Gradient);
    }

    [Fact]
    public void A_number_used_twice_by_one_operation_counts_twice()
    {
        var a = new Scalar(3);
        Scalar b = a + a;
        Scalar c = b + b;
        c.Backward();
        Assert.Equal([a, a], b.Operands);
        Assert.Equal([1.0, 1.0], b.LocalDerivatives);
        Assert.Equal((4, 2, 1), (a.Gradient, b.Gradient, c.Gradient));

        Scalar square = a * a;
        square.Backward();
        Assert.Equal([a, a], square.Operands);
        Assert.Equal([3.0, 3.0], square.LocalDerivatives);
        Assert.Equal(6, a.Gradient);
    }

    [Fact]
    public void A_diamond_adds_up_its_two_paths()
    {
        Scalar x = 3;
        Scalar left = x * 5, right = x * x;
        Scalar product = left * right; // 5x³
        product.Backward();
        Assert.Equal((9, 15), (left.Gradient, right.Gradient));
        Assert.Equal(135, x.Gradient);
    }

    /// <summary>
    /// A node that is reached by a short and by a long path must wait for both before it passes its gradient on,
    /// whichever of the two is written first.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shared_node_waits_for_its_longest_path(bool shortPathFirst)
    {
        Scalar x = 0.7;
        Scalar shared = x * x;
        Scalar deep = 3 * (2 * (-(shared * 4) + 1));
        Scalar root = shortPathFirst ? shared + deep : deep + shared;
        root.Backward();
        AssertClose(-23, shared.Gradient, 1e-15);
        AssertClose(-23 * 1.4, x.Gradient, 1e-15);
    }

    /// <summary>2⁶⁰ paths lead down this ladder: following each of them would never end.</summary>
    [Fact]
    public void The_number_of_paths_costs_nothing()
    {
        Scalar x = 1;
        Scalar top = x;
        for (int i = 0; i < 60; i++)
        {
            top += top;
        }

        top.Backward();
        Assert.Equal(1L << 60, x.Gradient);
        Assert.Equal(61, top.TopologicalOrder().Count);
    }

    [Fact]
    public void Calling_Backward_twice_gives_the_same_numbers()
    {
        Scalar w = 0.5, x = 2, b = -1;
        Scalar y = Tanh((w * x) + b) * w;
        y.Backward();
        double[] first = [.. y.TopologicalOrder().Select(node => node.Gradient)];
        y.Backward();
        Assert.Equal(first, y.TopologicalOrder().Select(node => node.Gradient));
    }

    [Fact]
    public void Each_root_sets_the_gradients_below_it_anew()
    {
        Scalar x = 2, y = 3, z = 5;
        Scalar shared = x * y;
        Scalar first = shared * shared, second = shared + z;

        first.Backward();
        Assert.Equal((12, 36, 24), (shared.Gradient, x.Gradient, y.Gradient));
        second.Backward();
        Assert.Equal((1, 3, 2, 1), (shared.Gradient, x.Gradient, y.Gradient, z.Gradient));
        first.Backward();
        Assert.Equal((12, 36, 24), (shared.Gradient, x.Gradient, y.Gradient));
        Assert.Equal(1, z.Gradient); // not below the first root: it keeps what the second one left

        shared.Backward(); // a node inside a graph is a root too
        Assert.Equal((1, 3, 2), (shared.Gradient, x.Gradient, y.Gradient));
    }

    /// <summary>
    /// Recursion would end the process here. The sum uses x at every step, so the graph is as wide as it is deep; time
    /// and memory that grow faster than the graph would show too (a node takes 144 bytes, the sweep about 150 more).
    /// </summary>
    [Fact]
    public void A_chain_of_a_million_nodes_overflows_no_stack()
    {
        const int length = 1_000_000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var x = new Scalar(0.5);
        Scalar sum = x;
        for (int i = 0; i < length; i++)
        {
            sum += x;
        }

        sum.Backward();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0.5 * (length + 1), sum.Value);
        Assert.Equal(length + 1, x.Gradient);
        Assert.True(bytes < 400L * length, $"{bytes:N0} bytes for {length:N0} nodes");
    }

    [Fact]
    public void Separate_graphs_may_run_on_separate_threads()
    {
        double[] gradients = new double[64];
        Parallel.For(0, gradients.Length, index =>
        {
            Scalar x = index;
            Scalar sum = 0;
            for (int i = 0; i < 1000; i++)
            {
                sum += x * x;
            }

            sum.Backward();
            gradients[index] = x.Gradient;
        });
        Assert.Equal(Enumerable.Range(0, gradients.Length).Select(index => 2000.0 * index), gradients);
    }

    /// <summary>What a drawing of the graph needs: names, operations, operands in order, a number on every edge.</summary>
    [Fact]
    public void A_graph_can_be_drawn_from_its_nodes()
    {
        Scalar w = new(3, "w"), x = new(2, "x"), b = new(-4, "b");
        Scalar product = w * x, z = product + b, squared = Pow(z, 2);
        z.Name = "z";

        Assert.Equal([w, x, product, b, z, squared], squared.TopologicalOrder());
        Assert.Equal(["w", "x", null, "b", "z", null], squared.TopologicalOrder().Select(node => node.Name));
        Assert.Equal([null, null, "×", null, "+", "^2"], squared.TopologicalOrder().Select(node => node.Operation));
        Assert.Equal([product, b], z.Operands);
        Assert.Equal([2.0, 3.0], product.LocalDerivatives);
        Assert.Equal([4.0], squared.LocalDerivatives);
        Assert.Equal("^-0.5", Pow(z, -0.5).Operation);
    }

    [Fact]
    public void A_scalar_reads_as_name_or_operation_then_value_and_gradient()
    {
        var w = new Scalar(0.49671415301, "w");
        Scalar product = w * 2;
        Scalar y = Tanh(product);
        y.Name = "y";
        product.Backward();

        Assert.Equal("w = 0.496714 (gradient 2)", w.ToString());
        Assert.Equal("× = 0.993428 (gradient 1)", product.ToString());
        Assert.Equal("2 (gradient 0.496714)", product.Operands[1].ToString());
        Assert.Equal("y = 0.75882 (gradient 0)", y.ToString());
    }

    // ---- formulas that the layers and losses are proved with -------------------------------------------------------

    /// <summary>Values and slopes against a computation with 40 digits.</summary>
    [Theory]
    [InlineData("gelu", -2, -0.04550026389635842, -0.0852318010781969)]
    [InlineData("gelu", 3, 2.99595030590511, 1.011945647204184)]
    [InlineData("gelu", -1e4, 0, 0)]
    [InlineData("gelu tanh", -2, -0.04540230591222498, -0.08609925662361838)]
    [InlineData("gelu tanh", 3, 2.996362607918227, 1.0115841666309697)]
    [InlineData("silu", -2, -0.23840584404423512, -0.09078424878489548)]
    [InlineData("silu", 3, 2.8577223804672998, 1.0881041060151697)]
    [InlineData("silu", -1e4, 0, 0)]
    [InlineData("leaky relu", -3, -0.03, 0.01)]
    [InlineData("leaky relu", 0, 0, 0.01)]
    [InlineData("leaky relu", 3, 3, 1)]
    public void Activations_are_one_line_of_scalars(string activation, double at, double value, double slope)
    {
        Scalar x = at;
        Scalar result = activation switch
        {
            "gelu" => 0.5 * x * Erfc(-x / Math.Sqrt(2)),
            "gelu tanh" => 0.5 * x * (1 + Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Pow(x, 3))))),
            "silu" => x * Sigmoid(x),
            _ => Max(0.01 * x, x),
        };
        result.Backward();
        AssertClose(value, result.Value, 1e-15);
        AssertClose(slope, x.Gradient, 1e-15);
    }

    /// <summary>Cross-entropy on logits has the gradient p − t, also where exponentials overflow or vanish.</summary>
    [Theory]
    [InlineData(0.5, -1.5, 2.0)]
    [InlineData(1e4, -1e4, 0.0)]
    [InlineData(-1e4, 1e4, 1e4)]
    public void Softmax_cross_entropy_has_the_gradient_prediction_minus_target(double first, double second, double third)
    {
        Scalar[] logits = [first, second, third];
        double highest = logits.Max(logit => logit.Value);
        Scalar[] exponentials = [.. logits.Select(logit => Exp(logit - highest))];
        Scalar total = exponentials.Aggregate((a, b) => a + b);
        Scalar loss = highest + Log(total) - logits[1];
        loss.Backward();

        for (int i = 0; i < logits.Length; i++)
        {
            double prediction = exponentials[i].Value / total.Value;
            AssertClose(prediction - (i == 1 ? 1 : 0), logits[i].Gradient, 1e-15);
        }
    }

    [Theory]
    [InlineData(0.3, 1.0, 0.5543552444685272)]
    [InlineData(1e4, 0.0, 1e4)]
    [InlineData(1e4, 1.0, 0.0)]
    [InlineData(-1e4, 1.0, 1e4)]
    [InlineData(-1e4, 0.25, 2.5e3)]
    public void Binary_cross_entropy_on_logits_has_the_gradient_prediction_minus_target(double logit, double target, double value)
    {
        Scalar z = logit;
        Scalar loss = (target * Softplus(-z)) + ((1 - target) * Softplus(z));
        loss.Backward();
        AssertClose(value, loss.Value, 1e-15);
        AssertClose((1 / (1 + Math.Exp(-logit))) - target, z.Gradient, 1e-15);
    }

    // ---- random graphs ---------------------------------------------------------------------------------------------

    /// <summary>
    /// Smooth steps that map [−1, 1] into itself with slopes of about 1 or less, so that their chains stay tame and the
    /// central differences good: a·a again and again would be x⁴⁰⁹⁶.
    /// </summary>
    private static readonly Binary[] Steps =
    [
        new((a, b) => 0.5 * (a + b), (a, b) => 0.5 * (a + b)),
        new((a, b) => (a - b) / 2, (a, b) => (a - b) / 2),
        new((a, b) => a * b / 2, (a, b) => a * b / 2),
        new((a, b) => a / (3 + b), (a, b) => a / (3 + b)),
        new((a, b) => Pow(3 + a, b) / 4, (a, b) => Math.Pow(3 + a, b) / 4),
        new((a, b) => Pow(a, 3) / 3 * -b, (a, b) => a * a * a / 3 * -b),
        new((a, _) => Exp(a - 1), (a, _) => Math.Exp(a - 1)),
        new((a, b) => Log(3 + a) * b / 1.4, (a, b) => Math.Log(3 + a) * b / 1.4),
        new((a, _) => Tanh(a), (a, _) => Math.Tanh(a)),
        new((a, b) => Sigmoid(2 * a) * b, (a, b) => b / (1 + Math.Exp(-2 * a))),
        new((a, _) => Erf(a) / 1.2, (a, _) => ErrorIntegral(a) / 1.2),
        new((a, b) => Softplus(a - b) / 2.2, (a, b) => Math.Log(1 + Math.Exp(a - b)) / 2.2),
    ];

    private static readonly Gen<double[]> Inputs = Gen.Double[-1, 1].Array[3];

    /// <summary>Each step names an operation and two of the numbers before it (modulo how many there are).</summary>
    private static readonly Gen<(int Step, int Left, int Right)[]> Programs =
        Gen.Select(Gen.Int[0, Steps.Length - 1], Gen.Int[0, 999], Gen.Int[0, 999]).Array[1, 12];

    private static T Run<T>((int Step, int Left, int Right)[] program, IEnumerable<T> inputs, Func<Binary, Func<T, T, T>> form)
    {
        List<T> numbers = [.. inputs];
        foreach ((int step, int left, int right) in program)
        {
            numbers.Add(form(Steps[step])(numbers[left % numbers.Count], numbers[right % numbers.Count]));
        }

        return numbers[^1];
    }

    private static (double Value, double[] Gradients) Differentiate(Func<Scalar[], Scalar> function, double[] inputs)
    {
        Scalar[] leaves = [.. inputs.Select(value => new Scalar(value))];
        Scalar root = function(leaves);
        root.Backward();
        return (root.Value, [.. leaves.Select(leaf => leaf.Gradient)]);
    }

    /// <summary>
    /// The tolerance is that of the differences: in 300,000 graphs they were off by up to 2e-9, a wrong slope is by far more.
    /// </summary>
    [Fact]
    public void Random_graphs_agree_with_central_differences()
    {
        Gen.Select(Programs, Inputs).Sample(
            (program, inputs) =>
            {
                double Plain(double[] at) => Run(program, at, step => step.Plain);
                (double value, double[] gradients) = Differentiate(leaves => Run(program, leaves, step => step.Scalar), inputs);
                AssertClose(Plain(inputs), value, 1e-13);
                for (int i = 0; i < inputs.Length; i++)
                {
                    double numeric = Numeric(x => Plain([.. inputs[..i], x, .. inputs[(i + 1)..]]), inputs[i]);
                    AssertClose(numeric, gradients[i], 1e-7);
                }
            },
            iter: 5_000);
    }

    [Fact]
    public void The_gradient_of_a_sum_is_the_sum_of_the_gradients()
    {
        Gen.Select(Programs, Programs, Inputs, Gen.Double[-3, 3], Gen.Double[-3, 3]).Sample(
            (first, second, inputs, alpha, beta) =>
            {
                Scalar F(Scalar[] leaves) => Run(first, leaves, step => step.Scalar);
                Scalar G(Scalar[] leaves) => Run(second, leaves, step => step.Scalar);
                double[] ofF = Differentiate(F, inputs).Gradients, ofG = Differentiate(G, inputs).Gradients;
                double[] ofSum = Differentiate(leaves => (alpha * F(leaves)) + (beta * G(leaves)), inputs).Gradients;
                for (int i = 0; i < inputs.Length; i++)
                {
                    AssertClose((alpha * ofF[i]) + (beta * ofG[i]), ofSum[i], 1e-12);
                }
            },
            iter: 5_000);
    }

    // ---- the lesson ------------------------------------------------------------------------------------------------

    private static JsonElement Lesson(string section)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty(section);
    }

    private static Scalar[][] Rows(JsonElement matrix) => [.. matrix.EnumerateArray().Select(Numbers)];

    private static Scalar[] Numbers(JsonElement row) => [.. row.EnumerateArray().Select(number => new Scalar(number.GetDouble()))];

    /// <summary>The lesson's section 2: σ(w·x + b) against its target, to 1e-14 of NumPy.</summary>
    [Fact]
    public void The_neuron_of_the_lesson_has_the_gradients_that_NumPy_found()
    {
        JsonElement lesson = Lesson("neuron");
        double Number(string name) => lesson.GetProperty(name).GetDouble();
        Scalar w = Number("w"), b = Number("b"), x = Number("x");

        Scalar prediction = Sigmoid((w * x) + b);
        Scalar loss = Pow(prediction - Number("target"), 2);
        loss.Backward();

        Assert.Equal(Number("prediction"), prediction.Value, 1e-14);
        Assert.Equal(Number("loss"), loss.Value, 1e-14);
        Assert.Equal(Number("dL_dw"), w.Gradient, 1e-14);
        Assert.Equal(Number("dL_db"), b.Gradient, 1e-14);
    }

    /// <summary>
    /// The lesson's section 5: a 2-4-1 network on XOR, mean squared error, to a relative 1e-12 of NumPy. One gradient is
    /// exactly 0, and b1 lies on the corner of ReLU for the sample (0, 0), where the slope must be the lesson's 0.
    /// </summary>
    [Fact]
    public void The_network_of_the_lesson_has_the_gradients_that_NumPy_found()
    {
        JsonElement lesson = Lesson("gradient_check");
        JsonElement parameters = lesson.GetProperty("parameters");
        Scalar[][] w1 = Rows(parameters.GetProperty("W1")), w2 = Rows(parameters.GetProperty("W2"));
        Scalar[] b1 = Numbers(parameters.GetProperty("b1")), b2 = Numbers(parameters.GetProperty("b2"));

        Scalar loss = 0;
        foreach ((double first, double second, double target) in new[] { (0.0, 0.0, 0.0), (0, 1, 1), (1, 0, 1), (1, 1, 0) })
        {
            Scalar z2 = b2[0];
            for (int unit = 0; unit < b1.Length; unit++)
            {
                Scalar a1 = Relu((first * w1[0][unit]) + (second * w1[1][unit]) + b1[unit]);
                z2 += a1 * w2[unit][0];
            }

            loss += Pow(Sigmoid(z2) - target, 2) / 4;
        }

        loss.Backward();

        JsonElement analytic = lesson.GetProperty("analytic");
        AssertGradients(Rows(analytic.GetProperty("W1")), w1);
        AssertGradients([Numbers(analytic.GetProperty("b1"))], [b1]);
        AssertGradients(Rows(analytic.GetProperty("W2")), w2);
        AssertGradients([Numbers(analytic.GetProperty("b2"))], [b2]);
    }

    private static void AssertGradients(Scalar[][] expected, Scalar[][] parameters)
    {
        double[] wanted = [.. expected.SelectMany(row => row).Select(number => number.Value)];
        double[] found = [.. parameters.SelectMany(row => row).Select(parameter => parameter.Gradient)];
        Assert.Equal(wanted.Length, found.Length);
        Assert.All(wanted.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * Math.Abs(pair.First)));
    }
}
