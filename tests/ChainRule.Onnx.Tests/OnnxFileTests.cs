using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Data.Digits;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;
using ChainRule.Verification.Catalogue;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace ChainRule.Onnx.Tests;

/// <summary>ONNX Runtime computes from our files what our layers compute.</summary>
public sealed class OnnxFileTests : IDisposable
{
    // Single precision: what two orders of additions may differ by, relative to the largest output.
    private const double Tolerance = 1e-5;

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, "model.onnx");

    public static TheoryData<string> Layers => [.. LayerCatalogue.All.Select(layer => layer.Name)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Every layer of the library, for batches of several sizes from one file.</summary>
    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_gives_what_onnx_runtime_gives(string name)
    {
        LayerCase layerCase = LayerCatalogue.Get(name);
        var random = new NumPyRandom(3);
        Tensor<double> first = layerCase.Input(4, 6, random);
        Layer<float> layer = layerCase.Create<float>(first.Lengths, random);
        OnnxFile.Write(File, layer, first.Lengths[1..]);
        layer.IsTraining = false;
        foreach (int batch in new[] { 4, 1, 7 })
        {
            // A file is for samples of one shape; batch normalisation's case draws another for a single sample.
            Tensor<double> drawn = layerCase.Input(batch, 6, random);
            Tensor<float> x = Tensor.ConvertTruncating<double, float>(drawn.Rank == first.Rank ? drawn : layerCase.Input(5, 6, random));
            Compare(layer.Forward(x), Run(x, "output"));
        }
    }

    /// <summary>A file says what the network says; whether that is of use is not the exporter's to decide.</summary>
    [Fact]
    public void Weights_that_are_not_finite_are_written_as_they_are()
    {
        var network = new Sequential<float>(new Linear<float>(1, 3, new NumPyRandom(5), hasBias: false));
        float[] weights = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        weights.CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref network.Parameters[0].Value.GetPinnableReference(), 3));
        OnnxFile.Write(File, network, 1);
        Assert.Equal(weights, Run(Tensor.Create([1f], [1, 1]), "output"));
    }

    [Fact]
    public void A_network_in_double_precision_stays_in_double_precision()
    {
        var random = new NumPyRandom(5);
        var network = new Sequential<double>(new Linear<double>(3, 5, random), new Tanh<double>(), new Linear<double>(5, 2, random, hasBias: false));
        OnnxFile.Write(File, network, 3);
        Tensor<double> x = random.Randn(4, 3);
        double[] expected = [.. network.Forward(x)];
        double[] actual = Run(x, "output");
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    /// <summary>A trained model takes raw samples and predicts the same classes for all rows.</summary>
    [Fact]
    public void A_trained_digits_model_predicts_the_same_classes_for_all_rows()
    {
        DataSet<float> digits = HandwrittenDigits.Load<float>();
        var random = new NumPyRandom(1);
        var objective = Objective.ForClasses(LossKind.CrossEntropy, 10);
        var network = new Sequential<float>(new Linear<float>(64, 32, random), new ReLU<float>(), new Dropout<float>(0.1, random), new Linear<float>(32, 10, random));
        Normalization normalization = Normalization.ToStandardScore(digits.Inputs);
        new Trainer<float>(network, objective.CreateLoss<float>(), new Adam<float>(network.Parameters, 0.01))
            .Train(normalization.Apply(digits.Inputs), digits.Targets, new TrainingOptions { Epochs = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        var model = new TrainedModel<float>(network, objective, normalization, digits.ClassNames, []);
        OnnxFile.Write(File, model);

        float[] outputs = [.. model.Predict(digits.Inputs)];
        float[] theirs = Run(digits.Inputs, "output");
        Assert.Equal(outputs.Chunk(10).Select(row => Array.IndexOf(row, row.Max())), theirs.Chunk(10).Select(row => Array.IndexOf(row, row.Max())));
        Compare(objective.Probabilities(model.Predict(digits.Inputs)), Run(digits.Inputs, "probabilities"));
        using var session = new InferenceSession(File);
        Assert.Equal(string.Join('\n', digits.ClassNames), session.ModelMetadata.CustomMetadataMap["classes"]);
    }

    [Theory]
    [InlineData(LossKind.BinaryCrossEntropy)]
    [InlineData(LossKind.MeanSquaredError)]
    public void One_output_for_two_classes_gives_both_probabilities(LossKind loss)
    {
        var objective = Objective.ForClasses(loss, 2);
        var random = new NumPyRandom(9);
        Layer<float>[] layers = [new Linear<float>(2, 4, random), new Tanh<float>(), new Linear<float>(4, 1, random), .. objective.OutputActivation<float>() is { } last ? [last] : Array.Empty<Layer<float>>()];
        var model = new TrainedModel<float>(new Sequential<float>(layers), objective, null, ["no", "yes"], []);
        OnnxFile.Write(File, model);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 2));
        Compare(objective.Probabilities(model.Predict(x)), Run(x, "probabilities"));
    }

    /// <summary>Without a normalisation the layers alone say how many numbers a sample has: the first that does, and that need not be a linear one.</summary>
    [Fact]
    public void The_width_of_a_sample_is_what_the_first_layer_takes()
    {
        var objective = Objective.ForClasses(LossKind.CrossEntropy, 3);
        var random = new NumPyRandom(4);
        var network = new Sequential<float>(new Reshape<float>(1, 4, 4), new Conv2d<float>(1, 2, 3, random), new Flatten<float>(), new Linear<float>(8, 3, random));
        var model = new TrainedModel<float>(network, objective, null, ["a", "b", "c"], []);
        OnnxFile.Write(File, model);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 16));
        Compare(model.Predict(x), Run(x, "output"));
        using var session = new InferenceSession(File);
        Assert.Equal([-1, 16], session.InputMetadata["input"].Dimensions);
    }

    [Fact]
    public void A_layer_of_ones_own_is_refused_by_name_and_nothing_is_written()
    {
        var error = Assert.Throws<NotSupportedException>(() => OnnxFile.Write(File, new Doubling(), 3));
        Assert.Contains("Doubling", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    private T[] Run<T>(Tensor<T> x, string output)
        where T : unmanaged
    {
        using var session = new InferenceSession(File);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(x.ToArray(), [.. x.Lengths.ToArray().Select(length => (long)length)]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, ["input"], [input], [output]);
        return results[0].GetTensorDataAsSpan<T>().ToArray();
    }

    private static void Compare(Tensor<float> expected, float[] actual)
    {
        Assert.Equal(expected.FlattenedLength, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        int i = 0;
        Assert.All(expected, value => Assert.InRange(Math.Abs(value - actual[i++]), 0, Tolerance * scale));
    }

    private sealed class Doubling : BufferedLayer<float>
    {
        protected override void Forward(ReadOnlySpan<float> input, Span<float> output) => TensorPrimitives.Multiply(input, 2, output);

        protected override void Backward(ReadOnlySpan<float> outputGradient, Span<float> inputGradient) => TensorPrimitives.Multiply(outputGradient, 2, inputGradient);
    }
}
