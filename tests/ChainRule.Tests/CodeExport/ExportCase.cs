using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Training;
using ChainRule.Verification.Catalogue;

namespace ChainRule.Tests.CodeExport;

/// <summary>A model to write as a program, an input, and what the engine makes of it.</summary>
internal sealed record ExportCase(TrainedModel<float> Model, Tensor<float> Input, float[] Output)
{
    private const string Classifier = "a network with normalisation and classes";

    /// <summary>Every layer of the library, and whole networks.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. LayerCatalogue.All.Select(layer => layer.Name), Classifier];

    public static ExportCase Create(string name)
    {
        var random = new NumPyRandom(11);
        if (name == Classifier)
        {
            var network = new Sequential<float>(new Linear<float>(3, 5, random), new Sequential<float>(new Tanh<float>(), new Linear<float>(5, 4, random, hasBias: false)), new ReLU<float>(), new Linear<float>(4, 3, random));
            return Of(new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 3), new Normalization([0.1, -2, 3], [2, 1 / 3.0, 1e-3]), ["a \"quoted\" \\ class", "꽃\n", "🌼"], ["one", "둘", "3"]), random.Randn(6, 3));
        }

        LayerCase layerCase = LayerCatalogue.Get(name);
        Tensor<double> input = layerCase.Input(4, 6, random);
        return Of(new TrainedModel<float>(new Sequential<float>(layerCase.Create<float>(input.Lengths, random)), Objective.ForValues(1), null, [], []), input);
    }

    private static ExportCase Of(TrainedModel<float> model, Tensor<double> input)
    {
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(input);
        model.Network.Forward(x); // running statistics move in training, and are part of what is written
        return new ExportCase(model, x, [.. model.Predict(x)]);
    }

    /// <summary>Within what two orders of additions may differ by, relative to the largest output.</summary>
    public void AssertSame(IReadOnlyList<float> actual)
    {
        const double tolerance = 2e-6;
        Xunit.Assert.Equal(Output.Length, actual.Count);
        double scale = Output.Max(Math.Abs);
        Xunit.Assert.All(Output.Zip(actual), pair => Xunit.Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * scale));
    }
}
