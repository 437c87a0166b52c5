using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Functions and gradients that were written by hand, single entries, the curve of errors, and what a report says.</summary>
public class FunctionCheckTests
{
    private readonly Tensor<double> w = Tensor.Create([0.5, -1.5, 2], [1, 3]);
    private readonly Tensor<double> x = Tensor.Create([1.0, 2, 0.25], [1, 3]);

    /// <summary>a = w·x² entry by entry, and its gradients by w and by x.</summary>
    [Fact]
    public void A_right_pair_of_functions_passes()
    {
        GradientCheckReport report = GradientCheck.Run(Forward, da => [da * x * x, 2.0 * (da * w * x)], [("w", w), ("x", x)]);
        Assert.Equal(["w", "x"], report.Rows.Select(row => row.Parameter));
        Assert.Equal(GradientVerdict.Pass, report.Verdict);
        Assert.Equal(2, report.TaylorOrder, 0.01);
        Assert.Empty(report.Diagnoses);
    }

    [Fact]
    public void A_wrong_pair_of_functions_fails_where_it_is_wrong()
    {
        GradientCheckReport report = GradientCheck.Run(Forward, da => [da * x * x, da * w * x], [("w", w), ("x", x)]);
        Assert.Equal([GradientVerdict.Pass, GradientVerdict.Fail], report.Rows.Select(row => row.Verdict));
        Assert.Equal(GradientMistake.FactorOfTwo, report.Diagnoses[0].Cause);
        Assert.InRange(report.TaylorOrder, 0.9, 1.2);
    }

    /// <summary>A function tells nobody of its corners: the slopes to both sides have to.</summary>
    [Theory]
    [InlineData(0.0, GradientVerdict.Kink)]
    [InlineData(1.0, GradientVerdict.Kink)]
    [InlineData(double.NaN, GradientVerdict.Fail)]
    public void A_corner_of_a_function_is_a_kink(double slopeAtTheCorner, GradientVerdict verdict)
    {
        Tensor<double> z = Tensor.Create([1.0, -2, 0], [1, 3]);
        GradientCheckReport report = GradientCheck.Run(
            () => Map(z, value => Math.Max(0, value)), da => [da * Map(z, value => value > 0 ? 1 : value < 0 ? 0 : slopeAtTheCorner)], [("z", z)]);
        Assert.Equal([GradientVerdict.Pass, GradientVerdict.Pass, verdict], report.Rows[0].Checked.Select(entry => entry.Verdict));
    }

    [Fact]
    public void A_function_that_ignores_the_gradient_from_above_is_told_so() =>
        Assert.Contains(GradientCheck.Run(Forward, _ => [x * x, 2.0 * (w * x)], [("w", w), ("x", x)]).Diagnoses, diagnosis => diagnosis.Cause == GradientMistake.UpstreamDropped);

    [Fact]
    public void Gradients_that_do_not_belong_to_the_tensors_are_explained()
    {
        var error = Assert.Throws<ArgumentException>(() => GradientCheck.Run(Forward, da => [da], [("w", w), ("x", x)]));
        Assert.Contains("returns 1 gradients: expected one for each of the 2 tensors", error.Message, StringComparison.Ordinal);
        GradientCheckReport report = GradientCheck.Run(Forward, da => [da * x * x, Tensor.Create([1.0, 2], [2])], [("w", w), ("x", x)]);
        Assert.Equal(GradientVerdict.Fail, report.Verdict);
        Assert.Equal((GradientMistake.WrongShape, "x", "Its gradient has the shape (2,), and the tensor (1, 3)."), (report.Diagnoses[0].Cause, report.Diagnoses[0].Place, report.Diagnoses[0].Evidence));
        Assert.Throws<ArgumentException>(() => GradientCheck.Run<double>(Forward, da => [], []));
    }

    /// <summary>Backward passes written outside of a network are judged with the network's help.</summary>
    [Fact]
    public void Claims_about_a_known_network_are_diagnosed_by_experiments()
    {
        var random = new NumPyRandom(3);
        var first = new Linear<double>(3, 4, random);
        var network = new Sequential<double>(first, new Tanh<double>(), new Linear<double>(4, 2, random));
        (Tensor<double> batch, Tensor<double> targets) = (random.Randn(5, 3), random.Randn(5, 2));
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(batch), targets);
        network.Backward(loss.Backward());
        CheckedTensor<double>[] claims = [.. network.Parameters.Select(parameter => new CheckedTensor<double>(parameter.Name, parameter.Value, Tensor.Create([.. parameter.Gradient], parameter.Gradient.Lengths)))];
        Assert.Equal(GradientVerdict.Pass, GradientCheck.Run(network, loss, batch, targets, claims).Verdict);

        claims[0] = claims[0] with { Gradient = Tensor.Multiply<double>(claims[0].Gradient, -1) };
        GradientCheckReport report = GradientCheck.Run(network, loss, batch, targets, claims);
        Assert.Equal([GradientVerdict.Fail, GradientVerdict.Pass, GradientVerdict.Pass, GradientVerdict.Pass], report.Rows.Select(row => row.Verdict));
        Assert.Equal((GradientMistake.SignTurned, "layer1.weight"), (report.Diagnoses[0].Cause, report.Diagnoses[0].Place));
    }

    /// <summary>A factor of 3 is that of the outputs where a sample has three of them, and nothing else there has 3.</summary>
    [Fact]
    public void A_factor_is_compared_with_the_number_of_outputs_of_a_network()
    {
        var random = new NumPyRandom(3);
        var network = new Sequential<double>(new Linear<double>(2, 5, random), new Tanh<double>(), new Linear<double>(5, 3, random));
        (Tensor<double> batch, Tensor<double> targets) = (random.Randn(4, 2), random.Randn(4, 3));
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(batch), targets);
        network.Backward(loss.Backward());
        Parameter<double> weight = network.Parameters[0];
        CheckedTensor<double>[] claims = [new(weight.Name, weight.Value, Tensor.Multiply<double>(weight.Gradient, 3))];
        Assert.Contains(GradientCheck.Run(network, loss, batch, targets, claims).Diagnoses, diagnosis => diagnosis.Cause == GradientMistake.FactorOfUnits);
    }

    /// <summary>The same of a function with three values.</summary>
    [Fact]
    public void A_factor_is_compared_with_the_number_of_values_of_a_function()
    {
        Tensor<double> bias = new NumPyRandom(3).Randn(1, 4);
        GradientCheckReport report = GradientCheck.Run(
            () => Tensor.Create([bias[0, 0] * bias[0, 1], bias[0, 1] * bias[0, 2], bias[0, 2] * bias[0, 3]], [1, 3]),
            g => [Tensor.Create([3 * g[0, 0] * bias[0, 1], 3 * ((g[0, 0] * bias[0, 0]) + (g[0, 1] * bias[0, 2])), 3 * ((g[0, 1] * bias[0, 1]) + (g[0, 2] * bias[0, 3])), 3 * g[0, 2] * bias[0, 2]], [1, 4])],
            [("bias", bias)]);
        Assert.Contains(report.Diagnoses, diagnosis => diagnosis.Cause == GradientMistake.FactorOfUnits);
    }

    [Fact]
    public void Extrapolation_proves_with_a_step_that_is_too_large_without()
    {
        GradientCheckReport Run(bool extrapolates) => GradientCheck.Run(
            () => w.Sum(Math.Exp), [new("w", w, Tensor.Create([.. w.Select(Math.Exp)], [1, 3]))], new GradientCheckOptions { Step = 0.01, Extrapolate = extrapolates, Tolerance = 1e-7 });
        Assert.All(Run(true).Rows[0].Checked, entry => Assert.True(entry.Verdict == GradientVerdict.Pass && entry.Step > 0.01));
        Assert.All(Run(false).Rows[0].Checked, entry => Assert.True(entry.Step < 0.01));
    }

    [Fact]
    public void One_entry_is_checked_by_itself()
    {
        (Sequential<double> network, Loss<double> loss, Tensor<double> batch, Tensor<double> targets) = Lesson();
        CheckedEntry entry = GradientCheck.Entry(network, loss, batch, targets, "layer1.weight", [0, 3]);
        CheckedEntry same = GradientCheck.Run(network, loss, batch, targets).Rows[0].Checked.Single(other => other.Name == "layer1.weight[0, 3]");
        Assert.Equal((same.Verdict, same.Analytic, same.Numeric), (entry.Verdict, entry.Analytic, entry.Numeric));
        CheckedEntry kink = GradientCheck.Entry(network, loss, batch, targets, "layer1.bias", [2]);
        Assert.Equal((GradientVerdict.Kink, "relu1, unit 2 of sample 0"), (kink.Verdict, Assert.Single(kink.Units).ToString()));
        Assert.Contains("expected one of layer1.weight, layer1.bias, layer2.weight, layer2.bias, input", Assert.Throws<ArgumentException>(() => GradientCheck.Entry(network, loss, batch, targets, "layer3.weight", [0])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no entry [0, 8]", Assert.Throws<ArgumentException>(() => GradientCheck.Entry(network, loss, batch, targets, "layer1.weight", [0, 8])).Message, StringComparison.Ordinal);
    }

    /// <summary>The V: in double the best step is near 10⁻⁵ or 10⁻⁶, in float near 10⁻², and to both sides the error grows.</summary>
    [Fact]
    public void The_curve_of_errors_is_a_V_in_both_precisions()
    {
        (Sequential<double> network, Loss<double> loss, Tensor<double> batch, Tensor<double> targets) = Lesson();
        var curve = ErrorCurve.Measure(network, loss, batch, targets, "layer2.weight", [1, 0]);
        Assert.Equal(49, curve.InDouble.Count);
        (double step, double error) = Lowest(curve.InDouble);
        Assert.InRange(error, 0, 1e-8);
        Assert.InRange(step, 1e-8, 1e-3);
        Assert.True(curve.InDouble[0].Error > 1e-3 && curve.InDouble[^1].Error > 1e-5);
        (step, error) = Lowest(curve.InSingle);
        Assert.InRange(error, 0, 1e-3);
        Assert.InRange(step, 1e-4, 1);
        Assert.True(curve.InSingle[^1].Error > 0.5);

        static (double Step, double Error) Lowest(IReadOnlyList<StepError> points) => points.Select(point => (point.Step, point.Error)).MinBy(point => point.Error);
    }

    /// <summary>A wrong entry among many that is never drawn still shows in the order of the Taylor remainder. Where layers may have corners that nobody tells of, that is only noted.</summary>
    [Theory]
    [InlineData(0.1, GradientVerdict.Fail)]
    [InlineData(0, GradientVerdict.Pass)]
    public void What_was_not_drawn_is_part_of_the_proof(double error, GradientVerdict verdict)
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Linear<double>(20, 20, random), new Tanh<double>());
        (Tensor<double> batch, Tensor<double> targets) = (random.Randn(3, 20), random.Randn(3, 20));
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(batch), targets);
        network.Backward(loss.Backward());
        Parameter<double> weight = network.Parameters[0];
        double[] claim = [.. weight.Gradient];
        int largest = Enumerable.Range(0, 400).MaxBy(i => Math.Abs(claim[i]));
        claim[largest] *= 1 + error;
        CheckedTensor<double>[] claims = [new(weight.Name, weight.Value, Tensor.Create(claim, [20, 20]))];
        var few = new GradientCheckOptions { Samples = 5 };
        Assert.DoesNotContain(largest, Comparison.Draw([20, 20], few));
        GradientCheckReport report = GradientCheck.Run(network, loss, batch, targets, claims, few);
        Assert.Equal((5, GradientVerdict.Pass, verdict), (report.Rows[0].Entries, report.Rows[0].Verdict, report.Verdict));
        Assert.Equal(error > 0, report.Diagnoses.Any(diagnosis => diagnosis.Evidence.Contains("an entry that was not drawn is wrong", StringComparison.Ordinal)));
        Assert.Equal(error > 0 ? 1 : 0, GradientCheck.Run(network, loss, batch, targets, claims).Rows[0].Failures);

        GradientCheckReport foreign = GradientCheck.Run(() => loss.Forward(network.Forward(batch), targets), claims, few);
        Assert.Equal(GradientVerdict.Pass, foreign.Verdict);
        Assert.Equal(error > 0, foreign.Notes.Any(note => note.Contains("Check more samples", StringComparison.Ordinal)));
    }

    /// <summary>Every row and every column has its turn before any has a second.</summary>
    [Fact]
    public void Samples_are_spread_over_rows_and_columns()
    {
        int[] drawn = Comparison.Draw([20, 30], new GradientCheckOptions { Samples = 50, Seed = 4 });
        Assert.Equal(50, drawn.Distinct().Count());
        Assert.Equal(20, drawn.Select(i => i / 30).Distinct().Count());
        Assert.Equal(30, drawn.Select(i => i % 30).Distinct().Count());
        Assert.Equal(drawn.Order(), drawn);
        Assert.NotEqual(drawn, Comparison.Draw([20, 30], new GradientCheckOptions { Samples = 50, Seed = 5 }));
        Assert.Equal([0, 1, 2, 3], Comparison.Draw([2, 2], new GradientCheckOptions { Samples = 4 }));
        Assert.Equal(3, Comparison.Draw([2, 2], new GradientCheckOptions { Samples = 3 }).Length);
    }

    [Fact]
    public void The_message_is_one_paragraph_that_a_person_can_act_on()
    {
        GradientCheckReport report = GradientCheck.Run(Forward, da => [da * x * x, da * w * x], [("w", w), ("x", x)], new GradientCheckOptions { Seed = 7 });
        string message = Assert.Throws<GradientCheckException>(report.ThrowIfFailed).Message;
        Assert.DoesNotContain('\n', message);
        Assert.StartsWith("The gradient of the function is wrong in 1 of 2 tensors. x: 3 of 3 entries, worst at x[0, ", message, StringComparison.Ordinal);
        Assert.Contains("half of what it should be: the 2 of the derivative of a square is missing", message, StringComparison.Ordinal);
        Assert.EndsWith("Seed 7.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_has_what_it_promises()
    {
        (Sequential<double> network, Loss<double> loss, Tensor<double> batch, Tensor<double> targets) = Lesson();
        using var document = JsonDocument.Parse(GradientCheck.Run(network, loss, batch, targets, new GradientCheckOptions { Seed = 9 }).ToJson());
        JsonElement root = document.RootElement;
        Assert.Equal(("kink", 9), (root.GetProperty("verdict").GetString(), root.GetProperty("seed").GetInt32()));
        JsonElement bias = root.GetProperty("parameters")[1];
        Assert.Equal(("layer1.bias", "kink", 8, 0, 8), (bias.GetProperty("parameter").GetString(), bias.GetProperty("verdict").GetString(), bias.GetProperty("entries").GetInt32(), bias.GetProperty("failed").GetInt32(), bias.GetProperty("kinks").GetInt32()));
        Assert.Equal(JsonValueKind.Null, bias.GetProperty("diagnosis").ValueKind);
        JsonElement worst = bias.GetProperty("worst");
        Assert.Equal(worst.GetProperty("absoluteError").GetDouble(), Math.Abs(worst.GetProperty("analytic").GetDouble() - worst.GetProperty("numeric").GetDouble()), 1e-15);
        Assert.True(worst.GetProperty("relativeError").GetDouble() <= bias.GetProperty("maxRelativeError").GetDouble());
        Assert.Equal("relu1", worst.GetProperty("units")[0].GetProperty("layer").GetString());
    }

    private static Tensor<double> Map(Tensor<double> tensor, Func<double, double> function) => Tensor.Create([.. tensor.Select(function)], tensor.Lengths);

    private Tensor<double> Forward() => w * x * x;

    /// <summary>The lesson's network and its four samples.</summary>
    private static (Sequential<double> Network, Loss<double> Loss, Tensor<double> X, Tensor<double> Y) Lesson()
    {
        var random = new NumPyRandom(42);
        return (
            new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>()),
            new MeanSquaredError<double>(),
            Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]),
            Tensor.Create([0.0, 1, 1, 0], [4, 1]));
    }
}
