using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What a check is given to judge, and what it leaves behind: the right entry, the claims of this very moment, all that can have corners, and the network as it was.</summary>
public class SubjectTests
{
    private const double Unit = 2.220446049250313e-16;

    /// <summary>What dropout has drawn stays drawn while it is checked, in float for the copy too; afterwards it draws again, unless it kept its mask before.</summary>
    [Fact]
    public void Dropout_keeps_its_mask_during_a_check_and_only_then()
    {
        Dropout<T> Check<T>(bool keeps)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            var random = new NumPyRandom(3);
            var dropout = new Dropout<T>(0.5, random) { KeepsMask = keeps };
            var network = new Sequential<T>(new Linear<T>(3, 8, random), dropout, new Linear<T>(8, 2, random));
            GradientCheckReport report = GradientCheck.Run(network, Tensor.ConvertTruncating<double, T>(random.Randn(4, 3)));
            Assert.Equal(GradientVerdict.Pass, report.Verdict);
            Assert.Equal(GradientVerdict.Pass, (report.InSinglePrecision ?? report).Verdict);
            return dropout;
        }

        Assert.False(Check<double>(keeps: false).KeepsMask);
        Assert.False(Check<float>(keeps: false).KeepsMask);
        Assert.True(Check<double>(keeps: true).KeepsMask);
    }

    [Fact]
    public void A_layer_comes_before_those_inside_it()
    {
        var inner = new Tanh<double>();
        var outer = new Residual<double>(inner);
        Assert.Equal([outer, outer.Children[0], inner], LayerTree.Of<double>(outer));
    }

    /// <summary>A copy in another precision is for float alone.</summary>
    [Fact]
    public void In_double_there_is_no_second_report()
    {
        var random = new NumPyRandom(1);
        Assert.Null(GradientCheck.Run(new Linear<double>(2, 3, random), random.Randn(2, 2)).InSinglePrecision);
        Assert.Null(GradientCheck.Run(new MeanSquaredError<double>(), random.Randn(2, 2), random.Randn(2, 2)).InSinglePrecision);
    }

    /// <summary>In float, what is not the library's cannot be copied: the note says whether that is a layer or the loss.</summary>
    [Fact]
    public void What_has_no_copy_in_double_is_named()
    {
        Tensor<float> x = Tensor.Create([1f, -2, 3, 0.5f], [2, 2]);
        Assert.Contains("has layers that are not the library's", GradientCheck.Run(new Cube<float>(), new MeanSquaredError<float>(), x, x).Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("Only float was checked: Half is no loss of the library", GradientCheck.Run(new Tanh<float>(), new Half(), x, x).Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("Only float was checked: Half is no loss of the library", Assert.Single(GradientCheck.Run(new Half(), x, x).Notes), StringComparison.Ordinal);
        Assert.Empty(GradientCheck.Run(new Tanh<double>(), new NumPyRandom(1).Randn(2, 2)).Notes);
        Assert.Empty(GradientCheck.Run(new MeanSquaredError<double>(), new NumPyRandom(1).Randn(2, 2), new NumPyRandom(2).Randn(2, 2)).Notes);
    }

    [Fact]
    public void An_input_without_a_gradient_is_noted_and_is_no_tensor_to_check()
    {
        const string Note = "The input has no gradient and was not checked.";
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Embedding<double>(4, 3, random), new Tanh<double>());
        Tensor<double> indices = Tensor.Create([0.0, 3], [2, 1]);
        GradientCheckReport report = GradientCheck.Run(network, indices);
        Assert.Equal([Note], report.Notes);
        Assert.Single(report.Rows);
        Assert.DoesNotContain("input", new LayerSubject<double>(network, null, indices, null, 0).Names);
        Tensor<double> w = random.Randn(1, 2);
        Assert.Empty(GradientCheck.Run(() => w, g => [g], [("w", w)]).Notes);
    }

    [Fact]
    public void The_report_names_the_loss_where_there_is_one()
    {
        var random = new NumPyRandom(1);
        Assert.Equal("Tanh", GradientCheck.Run(new Tanh<double>(), random.Randn(2, 2)).Subject);
        Assert.Equal("Tanh under MeanSquaredError", GradientCheck.Run(new Tanh<double>(), new MeanSquaredError<double>(), random.Randn(2, 2), random.Randn(2, 2)).Subject);
    }

    /// <summary>Gradients of another shape cannot be compared: there are no rows. Of functions, what has the wrong shape is not a number, and the rest is.</summary>
    [Fact]
    public void What_has_the_wrong_shape_has_no_numbers()
    {
        Assert.Empty(GradientCheck.Run(new FaultyLayer<double>(Fault.WrongShape, 3), new NumPyRandom(2).Randn(4, 3)).Rows);
        Tensor<double> x = new NumPyRandom(2).Randn(1, 3);
        GradientCheckReport report = GradientCheck.Run(() => x, _ => [Tensor.Create([1.0, 2])], [("x", x)]);
        Assert.All(report.Rows[0].Analytic.ToArray(), value => Assert.Equal(double.NaN, value));
    }

    /// <summary>A gradient that was written past the counter is none: the optimizer does not see it.</summary>
    [Fact]
    public void A_parameter_that_has_no_gradient_claims_0()
    {
        GradientCheckReport report = GradientCheck.Run(new FaultyLayer<double>(Fault.GradientWrittenPastTheCounter, 3), new NumPyRandom(2).Randn(4, 3));
        Assert.Equal([0, 0, 0], report.Rows[0].Analytic.ToArray());
        Assert.Equal(GradientVerdict.Fail, report.Rows[0].Verdict);
    }

    /// <summary>A mistake of the loss is found under a network too, and the targets that it changes are put back.</summary>
    [Fact]
    public void The_loss_of_a_network_is_probed_too()
    {
        var random = new NumPyRandom(4);
        (Tensor<double> x, Tensor<double> y) = (random.Randn(3, 2), random.Randn(3, 2));
        double[] before = [.. y];
        GradientCheckReport report = GradientCheck.Run(new Tanh<double>(), new TargetChanging(), x, y);
        Assert.Contains(report.Diagnoses, diagnosis => (diagnosis.Cause, diagnosis.Place) == (GradientMistake.ValuesChanged, "TargetChanging"));
        Assert.Equal(before, (double[])[.. y]);
    }

    /// <summary>An index is that of the row-major order, whatever the number of dimensions.</summary>
    [Fact]
    public void An_entry_is_found_by_its_index()
    {
        var random = new NumPyRandom(1);
        var layer = new Conv2d<double>(2, 3, new(2, 2), random);
        var subject = new LayerSubject<double>(layer, null, random.Randn(1, 2, 4, 4), null, 0);
        Tensor<double> weight = subject.Values[0];
        int[] last = [.. weight.Lengths.ToArray().Select(length => (int)length - 1)];
        Assert.Equal((0, (int)weight.FlattenedLength - 1), subject.Find(subject.Names[0], last));
        int[] second = [1, .. last[1..]];
        Assert.Equal((0, (int)(2 * weight.FlattenedLength / weight.Lengths[0]) - 1), subject.Find(subject.Names[0], second));
    }

    /// <summary>One entry of many: what is asked of rounding is asked of it, not of another.</summary>
    [Fact]
    public void One_wrong_entry_is_judged_by_itself()
    {
        Tensor<double> a = Tensor.Create([1.0, 2, 3], [1, 3]);
        Tensor<double> b = Tensor.Create([4.0], [1, 1]);
        var subject = new Subject<double>
        {
            Names = ["b", "a"],
            Values = [b, a],
            Claims = [[1], [1, 1, 9]],
            Gradients = () => [[1], [1, 1, 9]],
            Loss = () => a[0, 0] + a[0, 1] + a[0, 2] + b[0, 0],
            LossScale = 10,
        };
        CheckedEntry entry = Comparison.Entry(subject, 1, 2, new GradientCheckOptions());
        Assert.Equal(("a[0, 2]", GradientVerdict.Fail), (entry.Name, entry.Verdict));
        Assert.Equal(1, entry.Numeric, 1e-6);
    }

    /// <summary>A tensor of zeros has no size: the smallest of the others says how far a step may go, here to 10⁻³; of steps that all agree the last but one is taken.</summary>
    [Fact]
    public void Zeros_are_measured_by_the_smallest_of_the_others()
    {
        Tensor<double> zero = Tensor.Create([0.0], [1, 1]);
        Tensor<double> small = Tensor.Create([1e-3], [1, 1]);
        Tensor<double> one = Tensor.Create([1.0], [1, 1]);
        Tensor<double> Slope(double value) => Tensor.Create([value], [1, 1]);
        GradientCheckReport report = GradientCheck.Run(
            () => (2 * zero[0, 0]) + small[0, 0] + one[0, 0], [new("zero", zero, Slope(3)), new("small", small, Slope(1)), new("one", one, Slope(1))]);
        Assert.Equal(GradientVerdict.Fail, report.Rows[0].Verdict);
        Assert.Equal(1e-4, report.Rows[0].Worst.Step, 1e-9);
    }

    /// <summary>A softplus of 10⁹·w looks like a corner at every step that can be taken. The library's layers say that it is none: between the slopes is no excuse.</summary>
    [Fact]
    public void What_looks_like_a_corner_is_none_where_every_layer_tells_its_corners()
    {
        var network = new Sequential<double>(new Linear<double>(1, 1, new NumPyRandom(1), hasBias: false), new Softplus<double>());
        Tensor<double> w = network.Parameters[0].Value;
        w[0, 0] = 0;
        Tensor<double> x = Tensor.Create([1e9], [1, 1]);
        Tensor<double> y = Tensor.Create([-1.0], [1, 1]);
        GradientVerdict Verdict(double claim) => GradientCheck.Run(network, new MeanAbsoluteError<double>(), x, y, [new CheckedTensor<double>("layer1.weight", w, Tensor.Create([claim], [1, 1]))]).Verdict;
        Assert.Equal(GradientVerdict.Pass, Verdict(5e8));
        Assert.Equal(GradientVerdict.Fail, Verdict(7e8));
    }

    /// <summary>Of 20 rows and 3 columns 22 entries are enough for each row and each column to have its turn.</summary>
    [Fact]
    public void Every_row_has_its_turn()
    {
        for (uint seed = 0; seed < 5; seed++)
        {
            int[] drawn = Comparison.Draw([20, 3], new GradientCheckOptions { Samples = 22, Seed = seed });
            Assert.Equal((20, 3), (drawn.Select(i => i / 3).Distinct().Count(), drawn.Select(i => i % 3).Distinct().Count()));
        }
    }

    /// <summary>Only where every layer and the loss are the library's are all corners known.</summary>
    [Fact]
    public void All_corners_are_known_of_the_library_alone()
    {
        static bool Tells(Layer<double>? network, Loss<double>? loss) => new BranchMap<double>(network, loss, 1).IsComplete;
        var mixed = new Sequential<double>(new Tanh<double>(), new Cube<double>());
        Assert.True(Tells(new Tanh<double>(), null));
        Assert.True(Tells(new Tanh<double>(), new MeanSquaredError<double>()));
        Assert.True(Tells(null, new MeanSquaredError<double>()));
        Assert.False(Tells(mixed, null));
        Assert.False(Tells(mixed, new MeanSquaredError<double>()));
        Assert.False(Tells(new Tanh<double>(), new TargetChanging()));
        Assert.False(Tells(null, new TargetChanging()));
        Assert.False(Tells(null, null));
    }

    /// <summary>Units are counted through their sample. A layer has its name in the network, or what it is; the loss comes last.</summary>
    [Fact]
    public void Units_that_change_their_branch_are_named()
    {
        Tensor<double> y = Tensor.Create([0.0, 0, 0, 0, 0, 0], [2, 3]);
        Tensor<double> left = Tensor.Create([1.0, 1, 1, 1, -1, 1], [2, 3]);
        Tensor<double> right = Tensor.Create([1.0, 1, 1, 1, 2, 1], [2, 3]);
        string[] Changed(Layer<double>? network, Loss<double>? loss)
        {
            var map = new BranchMap<double>(network, loss, 2);
            int[][] Read(Tensor<double> x)
            {
                Tensor<double> output = network?.Forward(x) ?? x;
                loss?.Forward(output, y);
                return map.Read();
            }

            int[][] before = Read(left);
            return [.. map.Changed(before, Read(right)).Select(unit => unit.ToString())];
        }

        Assert.Equal(["relu1, unit 1 of sample 1"], Changed(new Sequential<double>(new ReLU<double>()), null));
        Assert.Equal(["ReLU, unit 1 of sample 1"], Changed(new ReLU<double>(), new MeanSquaredError<double>()));
        Assert.Equal(["MeanAbsoluteError, unit 1 of sample 1"], Changed(null, new MeanAbsoluteError<double>()));
        Assert.Equal(["MeanAbsoluteError, unit 1 of sample 1"], Changed(new Tanh<double>(), new MeanAbsoluteError<double>()));
    }

    /// <summary>Each addition of a loss may round: their number is that of the targets.</summary>
    [Fact]
    public void A_loss_adds_up_as_many_numbers_as_it_has_targets()
    {
        Tensor<double> x = new NumPyRandom(1).Randn(3, 2);
        Assert.Equal(6, new LayerSubject<double>(new Tanh<double>(), new MeanSquaredError<double>(), x, x, 0).Create().Additions);
        Assert.Equal(0, new LayerSubject<double>(new Tanh<double>(), null, x, null, 0).Create().Additions);
    }

    /// <summary>Two outputs that cancel in L leave rounding all the same: it is measured by what L is added up from, and not by L.</summary>
    [Fact]
    public void The_loss_of_a_layer_alone_is_as_large_as_its_parts()
    {
        double[] weights = [.. Projection.Weights<double>([1, 2], 0)];
        Tensor<double> x = Tensor.Create([1 / weights[0], -1 / weights[1]], [1, 2]);
        Subject<double> subject = new LayerSubject<double>(new LeakyReLU<double>(1), null, x, null, 0).Create();
        Assert.Equal((0, 2), (Math.Round(subject.Loss(), 12), Math.Round(subject.LossScale, 12)));
    }

    /// <summary>(p − 0)² has the gradient 2p, for the p of now and not that of the last forward pass.</summary>
    [Fact]
    public void A_loss_claims_for_the_predictions_as_they_are()
    {
        Tensor<double> p = Tensor.Create([1.0], [1, 1]);
        Subject<double> subject = LossCheck.Subject(new MeanSquaredError<double>(), p, Tensor.Create([0.0], [1, 1]));
        p[0, 0] = 3;
        Assert.Equal(6, subject.Gradients!()[0][0]);
        p[0, 0] = 5;
        Assert.Equal(10, subject.ShakenGradients!(new NumPyRandom(1))[0][0], 1e-12);

        // The cross-entropy keeps the probabilities of its forward pass: (½, ½) at first, (¾, ¼) then.
        Tensor<double> logits = Tensor.Create([0.0, 0], [1, 2]);
        Subject<double> softmax = LossCheck.Subject(new SoftmaxCrossEntropy<double>(), logits, Tensor.Create([1.0], [1]));
        logits[0, 0] = Math.Log(3);
        Assert.Equal([0.75, -0.75], softmax.Gradients!()[0].Select(value => Math.Round(value, 12)));
    }

    /// <summary>At how many predictions a loss bounds its gradient is said of the predictions that were given, whatever it saw before.</summary>
    [Fact]
    public void Bounds_are_counted_for_the_predictions_that_were_given()
    {
        var loss = new BinaryCrossEntropy<double>();
        Tensor<double> half = Tensor.Create([0.5, 0.5], [2, 1]);
        Assert.Empty(LossCheck.Bounds(loss, half, half));
        Assert.Contains("at 1 of 2 predictions", Assert.Single(LossCheck.Bounds(loss, Tensor.Create([1e-20, 0.5], [2, 1]), half)), StringComparison.Ordinal);
        Assert.Empty(LossCheck.Bounds(loss, half, half));
    }

    /// <summary>
    /// log x at 10⁻³⁰, the only value there is: every step of a usual size leaves the domain, where the loss is not a number or an error, and its own size is the one that does not.
    /// </summary>
    [Theory]
    [InlineData(1e30, true, GradientVerdict.Pass)]
    [InlineData(1.01e30, true, GradientVerdict.Fail)]
    [InlineData(1e30, false, GradientVerdict.Pass)]
    [InlineData(1.01e30, false, GradientVerdict.Fail)]
    public void Next_to_the_end_of_its_domain_a_value_has_its_own_size(double claim, bool throws, GradientVerdict verdict)
    {
        Tensor<double> x = Tensor.Create([1e-30], [1, 1]);
        double Loss() => x[0, 0] > 0 || !throws ? Math.Log(x[0, 0]) : throw new ArgumentException("Not a positive number.");
        Assert.Equal(verdict, GradientCheck.Run(Loss, [new CheckedTensor<double>("x", x, Tensor.Create([claim], [1, 1]))]).Verdict);
    }

    /// <summary>Rounding of a claim is measured by running the backward pass where values are a little different.</summary>
    [Fact]
    public void The_rounding_of_a_claim_is_that_of_the_backward_pass()
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var errors = new NumPyRandom(1);
        var subject = new Subject<double> { Names = ["x"], Values = [x], Claims = [[5]], Loss = () => 3, LossScale = 3, Gradients = () => [[5 + (1e-6 * errors.Uniform(-0.5, 0.5))]] };
        Assert.InRange(new ClaimNoise<double>(subject, [[0]], 1).At(0, 0), 0.3e-6, 4e-6);
    }

    /// <summary>Rounding is looked at where values differ by some units in the last place, each by its own: far enough to round anew, near enough for no curve.</summary>
    [Fact]
    public void Rounding_is_measured_some_units_in_the_last_place_around()
    {
        Tensor<double> x = Tensor.Create([1024, 1.0 / 1024], [1, 2]);
        var seen = new List<(double Large, double Small)>();
        RoundingNoise.Of(
            () =>
            {
                seen.Add(((x[0, 0] - 1024) / (1024 * Unit), (x[0, 1] - (1.0 / 1024)) / (Unit / 1024)));
                return [0.0];
            },
            [x],
            1);
        Assert.InRange(seen.Max(look => Math.Abs(look.Large)), 16, 80);
        Assert.InRange(seen.Max(look => Math.Abs(look.Small)), 16, 80);
        Assert.InRange(seen.Distinct().Count(), 25, 30);
    }

    /// <summary>The distance that an entry really goes, wherever it starts: what slopes to one side are divided by.</summary>
    [Fact]
    public void The_way_of_an_entry_is_measured_from_where_it_is()
    {
        Tensor<double> x = Tensor.Create([3.0, 5], [1, 2]);
        var line = new EntryLine<double>(() => x[0, 1], x, 1);
        Assert.Equal((0.5, 5.5), line.At(0.5));
        Assert.Equal((-0.5, 4.5), line.At(-0.5));
        Assert.Equal(5, x[0, 1]);
    }

    /// <summary>A value that is a billionth of its neighbours is as good as 0, whatever their size.</summary>
    [Theory]
    [InlineData(0.9e-6, 1)]
    [InlineData(1.1e-6, 1.1e-6)]
    public void As_good_as_0_is_measured_by_the_neighbours(double value, double smallest) => Assert.Equal(smallest, Magnitude.Of(value, 1e3, 1).Smallest);

    /// <summary>What was asked for reaches the check, on every way into it, and the report says it.</summary>
    [Fact]
    public void Options_are_taken_by_every_check()
    {
        var options = new GradientCheckOptions { Step = 0.25, Tolerance = 0.5 };
        var random = new NumPyRandom(1);
        var network = new Sequential<double>(new Linear<double>(1, 1, random, hasBias: false));
        network.Parameters[0].Value[0, 0] = 2;
        var loss = new MeanSquaredError<double>();
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        CheckedTensor<double>[] claims = [new("layer1.weight", network.Parameters[0].Value, x)];
        foreach (GradientCheckReport report in new[]
        {
            GradientCheck.Run(network, x, options),
            GradientCheck.Run(network, loss, x, x, options),
            GradientCheck.Run(loss, x, Tensor.Create([1.0], [1, 1]), options),
            GradientCheck.Run(() => x, g => [g], [("x", x)], options),
            GradientCheck.Run(() => x[0, 0], claims, options),
            GradientCheck.Run(network, loss, x, x, claims, options),
        })
        {
            Assert.Equal((0.25, 0.5), (report.Step, report.Tolerance));
        }

        Assert.Equal(0.5, GradientCheck.Entry(network, loss, x, x, "layer1.weight", [0, 0], options).Step);
    }

    /// <summary>Every entry means every one, however large the parameter.</summary>
    [Fact]
    public void All_entries_are_checked_where_all_are_asked_for()
    {
        var random = new NumPyRandom(1);
        Assert.Equal([1200, 40], GradientCheck.Entries(new Linear<double>(30, 40, random), new MeanSquaredError<double>(), random.Randn(1, 30), random.Randn(1, 40)).Select(list => list.Count));
    }

    [Fact]
    public void A_report_writes_the_document_that_it_returns()
    {
        GradientCheckReport report = GradientCheck.Run(new Tanh<double>(), new NumPyRandom(1).Randn(2, 2));
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            report.WriteTo(writer);
        }

        using var written = JsonDocument.Parse(text.WrittenMemory);
        using var returned = JsonDocument.Parse(Encoding.UTF8.GetBytes(report.ToJson()));
        Assert.True(JsonElement.DeepEquals(written.RootElement, returned.RootElement));
    }

    /// <summary>A network with layers of one's own is measured in its own precision, without a copy.</summary>
    [Fact]
    public void The_curve_of_ones_own_layer_is_measured_in_its_own_precision()
    {
        Tensor<double> x = Tensor.Create([2.0], [1, 1]);
        var curve = ErrorCurve.Measure(new Cube<double>(), new MeanSquaredError<double>(), x, Tensor.Create([0.0], [1, 1]), "input", [0, 0]);
        Assert.Equal((49, 0), (curve.InDouble.Count, curve.InSingle.Count));
    }

    /// <summary>Half the sum of squares, in float.</summary>
    private sealed class Half : Loss<float>
    {
        protected override float Forward(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target) => 0.5f * TensorPrimitives.SumOfSquares(prediction);

        protected override void Backward(Span<float> predictionGradient) => Prediction.CopyTo(predictionGradient);
    }

    /// <summary>Half the squared distance; it counts its passes in the first target.</summary>
    private sealed class TargetChanging : Loss<double>
    {
        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target)
        {
            MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(target), target.Length)[0] += 1;
            double distance = TensorPrimitives.Distance(prediction, target);
            return 0.5 * distance * distance;
        }

        protected override void Backward(Span<double> predictionGradient) => TensorPrimitives.Subtract(Prediction, Target, predictionGradient);
    }
}
