using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>Float networks: proved as a copy in double, then compared with what rounding can have done and no more.</summary>
public class SinglePrecisionTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(1 + 9.9e-6, 0, GradientVerdict.Pass)]
    [InlineData(1 + 1.1e-5, 0, GradientVerdict.Fail)]
    [InlineData(1.0009, 1e-3, GradientVerdict.Pass)]
    [InlineData(1.0011, 1e-3, GradientVerdict.Fail)]
    [InlineData(1.1, 0.12, GradientVerdict.Noise)]
    [InlineData(1.1, 0.101, GradientVerdict.Pass, 0.1)]
    [InlineData(-0.9, 1.1, GradientVerdict.Noise)]
    [InlineData(-0.9, 0.99, GradientVerdict.Fail)]
    [InlineData(double.NaN, 0.1, GradientVerdict.Fail)]
    [InlineData(double.PositiveInfinity, 0.1, GradientVerdict.Fail)]
    public void Rounding_excuses_what_it_can_have_done(double claim, double rounding, GradientVerdict verdict, double tolerance = Tolerance) =>
        Assert.Equal(verdict, SinglePrecision.Compare(Entry(GradientVerdict.Pass), claim, rounding, tolerance, []).Verdict);

    [Fact]
    public void A_unit_that_rounding_carries_over_its_corner_is_a_kink_and_named()
    {
        KinkUnit[] units = [new("relu1", 2, 1)];
        CheckedEntry entry = SinglePrecision.Compare(Entry(GradientVerdict.Pass), 3, 1e-3, Tolerance, units);
        Assert.Equal((GradientVerdict.Kink, "relu1, unit 1 of sample 2"), (entry.Verdict, entry.Units[0].ToString()));
        Assert.Equal(GradientVerdict.Fail, SinglePrecision.Compare(Entry(GradientVerdict.Pass), 3, 1e-3, Tolerance, []).Verdict);
        Assert.Equal(GradientVerdict.Kink, SinglePrecision.Compare(Entry(GradientVerdict.Kink), 3, 1e-3, Tolerance, []).Verdict);
    }

    /// <summary>Both tables are there, and the copy sees seven digits more.</summary>
    [Fact]
    public void A_float_network_has_a_report_in_double_and_one_in_float()
    {
        var random = new NumPyRandom(4);
        var network = new Sequential<float>(new Linear<float>(3, 6, random), new Tanh<float>(), new Linear<float>(6, 2, random));
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 3));
        Tensor<float> y = Tensor.ConvertTruncating<double, float>(random.Randn(5, 2));
        GradientCheckReport report = GradientCheck.Run(network, new MeanSquaredError<float>(), x, y);
        Assert.Equal(("float64", "float32"), (report.Precision, report.InSinglePrecision!.Precision));
        Assert.All(report.Rows, row => Assert.InRange(row.MaxRelativeError, 0, 1e-7));
        Assert.Contains(report.InSinglePrecision.Rows, row => row.MaxRelativeError > 1e-7);
        Assert.All(report.InSinglePrecision.Rows, row => Assert.InRange(row.MaxRelativeError, 0, 1e-4));
        Assert.Contains("in float", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"float32\":{", report.ToJson(), StringComparison.Ordinal);
    }

    /// <summary>What a check in double rests on: every layer and loss of the library has a copy that computes the same.</summary>
    [Fact]
    public void Every_layer_and_loss_of_the_library_has_a_copy_in_double()
    {
        foreach (LayerCase layerCase in LayerCatalogue.All)
        {
            var random = new NumPyRandom(1);
            Tensor<double> x = layerCase.Input(4, 5, random);
            Layer<float> layer = layerCase.Create<float>(x.Lengths, random);
            Tensor<float> narrow = layer.Forward(Tensor.ConvertTruncating<double, float>(x));
            Layer<double>? copy = PrecisionCopy.Of<float, double>(layer);
            Assert.True(copy is not null, layerCase.Name);
            Assert.Equal(layer.ToString(), copy.ToString());
            double[] wide = [.. copy.Forward(Tensor.ConvertTruncating<float, double>(Tensor.ConvertTruncating<double, float>(x)))];
            Assert.All(narrow.AsSpan().ToArray().Zip(wide), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-4 * Math.Max(1, Math.Abs(pair.Second)), $"{layerCase.Name}: {pair}"));
        }

        foreach (LossCase lossCase in LossCatalogue.All.Where(test => test.Name != "Penalty"))
        {
            Loss<float> loss = lossCase.Create<float>();
            Loss<double>? copy = PrecisionCopy.Of<float, double>(loss);
            Assert.True(copy is not null, lossCase.Name);
            var random = new NumPyRandom(1);
            Tensor<double> p = lossCase.Prediction(4, 3, random);
            Tensor<double> y = lossCase.Target(4, 3, random);
            Assert.Equal(loss.Forward(Tensor.ConvertTruncating<double, float>(p), Tensor.ConvertTruncating<double, float>(y)), copy.Forward(p, y), 1e-5);
        }
    }

    /// <summary>Its running statistics are numbers as well: a copy is made of a layer that has no parameters at all.</summary>
    [Fact]
    public void A_normalisation_without_parameters_has_a_copy_in_double()
    {
        var random = new NumPyRandom(3);
        GradientCheckReport report = GradientCheck.Run(new BatchNorm1d<float>(3, affine: false), Tensor.ConvertTruncating<double, float>(random.Randn(5, 3)));
        Assert.NotNull(report.InSinglePrecision);
        report.ThrowIfFailed();
    }

    /// <summary>In a softmax that is stuck at 1 float loses what its gradient is made of, within the layer or within the loss.</summary>
    [Fact]
    public void Digits_that_a_saturated_softmax_has_lost_raise_no_alarm()
    {
        for (uint seed = 0; seed < 20; seed++)
        {
            var random = new NumPyRandom(seed);
            Tensor<float> steps = Tensor.ConvertTruncating<double, float>(15.0 * random.Randn(2, 4, 2));
            Right($"attention, seed {seed}", GradientCheck.Run(new Residual<float>(new MultiHeadAttention<float>(2, 2, random)), steps));
            Tensor<float> scores = Tensor.ConvertTruncating<double, float>(10.0 * random.Randn(3, 4));
            Tensor<float> classes = Tensor.Create([0f, 2, 1], [3]);
            Right($"cross-entropy, seed {seed}", GradientCheck.Run(new SoftmaxCrossEntropy<float>(), scores, classes));
        }
    }

    /// <summary>All layers and losses, in both precisions and with other numbers each: nothing is said where nothing is wrong.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void No_layer_and_no_loss_of_the_library_raises_an_alarm(uint seed)
    {
        foreach (LayerCase layerCase in LayerCatalogue.All)
        {
            var random = new NumPyRandom(seed);
            Tensor<double> x = layerCase.Input(3, 4, random);
            Right(layerCase.Name, GradientCheck.Run(layerCase.Create<double>(x.Lengths, random), x, new GradientCheckOptions { Samples = 40 }));
            Right(layerCase.Name, GradientCheck.Run(layerCase.Create<float>(x.Lengths, random), Tensor.ConvertTruncating<double, float>(x), new GradientCheckOptions { Samples = 40 }));
        }

        foreach (LossCase lossCase in LossCatalogue.All)
        {
            var random = new NumPyRandom(seed);
            Tensor<double> p = lossCase.Prediction(5, 3, random);
            Tensor<double> y = lossCase.Target(5, 3, random);
            Right(lossCase.Name, GradientCheck.Run(lossCase.Create<double>(), p, y));
            Right(lossCase.Name, GradientCheck.Run(lossCase.Create<float>(), Tensor.ConvertTruncating<double, float>(p), Tensor.ConvertTruncating<double, float>(y)));
        }
    }

    private static void Right(string name, GradientCheckReport report)
    {
        Assert.True(report.Verdict != GradientVerdict.Fail, $"{name}: {report}");
        Assert.Empty(report.Diagnoses);
    }

    private static CheckedEntry Entry(GradientVerdict verdict) => new()
    {
        Parameter = "w",
        Index = [0],
        Analytic = 1,
        Numeric = 1,
        Step = 1e-5,
        Resolution = 0,
        Verdict = verdict,
    };
}
