using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Tests.Oracle;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Serialization;

public sealed class ModelFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("model-").FullName;
    private readonly NumPyRandom random = new(1);

    private string File => Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_model_comes_back_with_the_same_predictions()
    {
        TrainedModel<float> model = Model();
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 3));
        float[] expected = [.. model.Predict(x)];
        ModelFile.Write(File, model);
        TrainedModel<float> read = ModelFile.Read<float>(File);
        Assert.Equal(expected, read.Predict(x));
        Assert.Equal(model.Objective, read.Objective);
        Assert.Equal(model.ClassNames, read.ClassNames);
        Assert.Equal(model.FeatureNames, read.FeatureNames);
        Assert.Equal(model.Network.Layers.Select(layer => layer.ToString()), read.Network.Layers.Select(layer => layer.ToString()));
    }

    /// <summary>PyTorch's Linear keeps (outputs, inputs) and counts the activations too.</summary>
    [Fact]
    public void Weights_have_the_names_and_the_layout_of_PyTorch()
    {
        TrainedModel<float> model = Model();
        ModelFile.Write(File, model);
        OrderedDictionary<string, Tensor<float>> tensors = SafeTensors.Read<float>(File).Tensors;
        Assert.Equal(["0.weight", "0.bias", "8.weight"], tensors.Keys);
        Assert.Equal([4, 3], tensors["0.weight"].Lengths.ToArray());
        Assert.Equal(model.Network.Parameters[0].Value[2, 1], tensors["0.weight"][1, 2]);
    }

    /// <summary>Images go through layers that take them apart and put them together; PyTorch has the weights in the same layout.</summary>
    [Fact]
    public void A_model_of_images_comes_back_with_the_same_predictions()
    {
        var model = new TrainedModel<float>(
            new Sequential<float>(
                new Conv2d<float>(2, 4, new(3, 2), random, stride: 2, padding: new(1, 2), dilation: new(1, 2), groups: 2, hasBias: false),
                new MaxPool2d<float>(2, stride: 1, padding: 1, dilation: new(2, 1)),
                new AveragePool2d<float>(new(2, 3), stride: 1, padding: new(0, 1), countsPadding: false),
                new Conv2d<float>(4, 3, 2, random),
                new Flatten<float>(),
                new Softmax<float>()),
            Objective.ForClasses(LossKind.MeanSquaredError, 12),
            null,
            [],
            []);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 2, 6, 5));
        float[] expected = [.. model.Predict(x)];
        ModelFile.Write(File, model);
        TrainedModel<float> read = ModelFile.Read<float>(File);
        Assert.Equal(expected, read.Predict(x));
        Assert.Equal(model.Network.Layers.Select(layer => layer.ToString()), read.Network.Layers.Select(layer => layer.ToString()));
        OrderedDictionary<string, Tensor<float>> tensors = SafeTensors.Read<float>(File).Tensors;
        Assert.Equal(["0.weight", "3.weight", "3.bias"], tensors.Keys);
        Assert.Equal([4, 1, 3, 2], tensors["0.weight"].Lengths.ToArray());
    }

    [Fact]
    public void A_model_of_sequences_comes_back_with_the_same_predictions()
    {
        var network = new Sequential<float>(
            new Embedding<float>(7, 4, random),
            new PositionEmbedding<float>(5, 4, random),
            new MultiHeadAttention<float>(4, 2, random, isCausal: true),
            new MultiHeadAttention<float>(4, 1, random, hasBias: false),
            new Lstm<float>(4, 3, random),
            new Gru<float>(3, 2, random, lastOnly: true, hasBias: false));
        var model = new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 2), null, [], []);
        Tensor<float> x = Tensor.Create([0f, 3, 6, 1, 1, 5], [2, 3]);
        float[] expected = [.. network.Forward(x)];
        ModelFile.Write(File, model);
        TrainedModel<float> read = ModelFile.Read<float>(File);
        Assert.Equal(expected, read.Network.Forward(x));
        Assert.Equal(network.ToString(), read.Network.ToString());
        Assert.Equal(["0.weight", "1.weight", "2.in_proj_weight", "2.in_proj_bias", "2.out_proj.weight"], SafeTensors.Read<float>(File).Tensors.Keys.Take(5));
    }

    /// <summary>Against the names and shapes that PyTorch printed of the same networks.</summary>
    [Fact]
    public void Normalisation_and_composition_have_the_names_and_shapes_of_PyTorch()
    {
        AssertStateDict("layers-normalization.json", new Sequential<float>(
            new BatchNorm1d<float>(4),
            new LayerNorm<float>([4]),
            new RmsNorm<float>([4]),
            new BatchNorm1d<float>(4, affine: false),
            new BatchNorm1d<float>(4, tracksStatistics: false),
            new LayerNorm<float>([4], affine: false)));
        AssertStateDict("layers-composition.json", new Sequential<float>(
            new Residual<float>(new Linear<float>(4, 3, random), new Tanh<float>(), new Linear<float>(3, 4, random)),
            new Concatenate<float>(new Linear<float>(4, 2, random), new Sequential<float>(new ReLU<float>(), new Linear<float>(4, 3, random, hasBias: false))),
            new Sequential<float>(new Linear<float>(5, 6, random), new Residual<float>(new BatchNorm1d<float>(6)))));
    }

    /// <summary>Settings, parameters, running statistics and the layers within layers.</summary>
    [Fact]
    public void Nested_layers_come_back_with_the_same_predictions()
    {
        var network = new Sequential<float>(
            new Linear<float>(3, 4, random),
            new Elu<float>(0.5),
            new BatchNorm1d<float>(4, epsilon: 0.25, momentum: 0.5),
            new Residual<float>(new LayerNorm<float>([4], 0.125), new Hardtanh<float>(-2, 3), new Linear<float>(4, 4, random)),
            new Concatenate<float>(1, new RmsNorm<float>([4], 0.5, affine: false), new Sequential<float>(new Linear<float>(4, 2, random), new BatchNorm1d<float>(2, affine: false))),
            new Reshape<float>(2, -1),
            new Transpose<float>(2, 1),
            new Reshape<float>(3, 2, 1),
            new BatchNorm2d<float>(3, tracksStatistics: false),
            new Flatten<float>(),
            new LogSoftmax<float>());
        for (int batch = 0; batch < 3; batch++)
        {
            network.Forward(Tensor.ConvertTruncating<double, float>(random.Randn(8, 3))); // the running statistics move
        }

        var model = new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 6), null, ["a", "b", "c", "d", "e", "f"], ["x", "y", "z"]);
        ModelFile.Write(File, model);
        TrainedModel<float> read = ModelFile.Read<float>(File);
        Assert.Equal(network.Layers.Select(layer => layer.ToString()), read.Network.Layers.Select(layer => layer.ToString()));
        Assert.Equal(network.Parameters.Select(parameter => parameter.Name), read.Network.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(network.Statistics.Select(statistic => statistic.Name), read.Network.Statistics.Select(statistic => statistic.Name));
        Assert.Equal(network.Parameters.Count, network.Parameters.Select(parameter => parameter.Name).Distinct().Count());
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(5, 3));
        Assert.Equal(model.Predict(x).ToArray(), read.Predict(x).ToArray());
    }

    [Fact]
    public void Tensors_without_a_model_and_models_that_contradict_themselves_are_refused()
    {
        Tensor<float> tensor = Tensor.Create([1f], [1]);
        SafeTensors.Write<float>(File, [new("a", tensor)]);
        AssertRefused("no model of chainrule");
        foreach ((string model, string problem) in new[]
        {
            ("{", "can be read"),
            ("""{"version":2}""", "version 2"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Linear","inputs":2147483647,"outputs":2147483647,"bias":false}],"classNames":[],"featureNames":[]}""", "the file holds 1."),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Linear","inputs":1,"outputs":1,"bias":false}],"classNames":[],"featureNames":[]}""", "'0.weight' is missing"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Conv2d","inputs":9,"outputs":9,"kernel":[2147483647,2147483647],"stride":[1,1],"padding":[0,0],"dilation":[1,1],"groups":3,"bias":false}],"classNames":[],"featureNames":[]}""", "the file holds 1."),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Conv2d","inputs":1,"outputs":1,"kernel":[1],"stride":[1,1],"padding":[0,0],"dilation":[1,1],"groups":0,"bias":false}],"classNames":[],"featureNames":[]}""", "a kernel that is no height and width"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Teapot"}],"classNames":[],"featureNames":[]}""", "'Teapot'"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"ReLU"}],"classNames":[],"featureNames":[]}""", "holds 1 tensors"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Lstm","inputs":1,"hidden":46341,"lastOnly":false,"bias":true}],"classNames":[],"featureNames":[]}""", "the file holds 1."),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"MultiHeadAttention","dimension":4,"heads":3,"causal":false,"bias":true}],"classNames":[],"featureNames":[]}""", "the file holds 1."),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"BatchNorm1d","channels":2147483647,"epsilon":1,"momentum":1,"affine":false,"tracksStatistics":true}],"classNames":[],"featureNames":[]}""", "the file holds 1."),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Residual","layers":[{"kind":"LayerNorm","normalizedShape":[65536,65536],"epsilon":1,"affine":true}]}],"classNames":[],"featureNames":[]}""", "layer 0.0, LayerNorm, needs 4294967296 numbers"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"RmsNorm","normalizedShape":[65536,65536],"epsilon":1,"affine":false}],"classNames":[],"featureNames":[]}""", "(65536, 65536)"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Transpose","order":[1,1]}],"classNames":[],"featureNames":[]}""", "each once"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[{"kind":"Concatenate","dimension":0,"layers":[{"kind":"ReLU"}]}],"classNames":[],"featureNames":[]}""", "expected a dimension"),
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[],"classNames":[],"featureNames":[]}""", "at least one layer"),
        })
        {
            SafeTensors.Write<float>(File, [new("a", tensor)], new Dictionary<string, string> { ["chainrule"] = model });
            AssertRefused(problem);
        }
    }

    private void AssertStateDict(string fixture, Sequential<float> network)
    {
        ModelFile.Write(File, new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 2), null, [], []));
        string[] expected = [.. Fixture.Read(fixture).GetProperty("stateDict").EnumerateObject().Select(tensor => $"{tensor.Name} {tensor.Value.GetRawText()}")];
        Assert.Equal(expected, SafeTensors.Read<float>(File).Tensors.Select(tensor => $"{tensor.Key} [{string.Join(",", tensor.Value.Lengths.ToArray())}]"));
    }

    private void AssertRefused(string problem)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => ModelFile.Read<float>(File));
        Assert.Contains(File, exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>With every kind of layer that the format knows.</summary>
    private TrainedModel<float> Model() => new(
        new Sequential<float>(
            new Linear<float>(3, 4, random),
            new ReLU<float>(),
            new LeakyReLU<float>(0.2),
            new Sigmoid<float>(),
            new Tanh<float>(),
            new Softplus<float>(),
            new Gelu<float>(GeluForm.Tanh),
            new Silu<float>(),
            new Linear<float>(4, 3, random, hasBias: false),
            new Flatten<float>(),
            new Softmax<float>()),
        Objective.ForClasses(LossKind.MeanSquaredError, 3),
        new Normalization([0.5, 1, -2], [2, 0.25, 1e-3]),
        ["one", "둘", "\"three\""],
        ["a", "b", "c"]);
}
