using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
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
        Assert.Equal(["0.weight", "1.weight", "1.bias"], tensors.Keys);
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
            ("""{"version":1,"loss":"CrossEntropy","classes":2,"values":0,"layers":[],"classNames":[],"featureNames":[]}""", "at least one layer"),
        })
        {
            SafeTensors.Write<float>(File, [new("a", tensor)], new Dictionary<string, string> { ["chainrule"] = model });
            AssertRefused(problem);
        }
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
