using System.Numerics;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Tests.Oracle;
using Xunit;

namespace ChainRule.Tests.Serialization;

/// <summary>Weights that PyTorch saved, in every type of number that it saves, give the outputs that PyTorch computed with them.</summary>
public sealed class PyTorchImportTests : IDisposable
{
    private const string FixtureFile = "safetensors.json";

    private readonly string folder = Directory.CreateTempSubdirectory("import-").FullName;

    public static TheoryData<string> Cases => Fixture.Cases(FixtureFile);

    private string FileName => Path.Combine(folder, "weights.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_that_PyTorch_saved_give_its_outputs_in_double_precision(string name) => Compare<double>(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_that_PyTorch_saved_give_its_outputs_in_single_precision(string name) => Compare<float>(name);

    private void Compare<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(FixtureFile, name);
        Sequential<T> network = Network<T>(test.GetProperty("layers").GetString()!);
        File.WriteAllBytes(FileName, test.GetProperty("file").GetBytesFromBase64());
        ModelFile.ReadWeights(FileName, network);
        Fixture.Equal(test.GetProperty("output"), network.Forward(Fixture.Tensor<T>(test.GetProperty("input"))), name);
    }

    /// <summary>The networks of the fixture, in the words of their <c>ToString</c>; first weights that are not those of the file.</summary>
    private static Sequential<T> Network<T>(string layers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new NumPyRandom(4);
        var network = new Sequential<T>(layers.Split(", ")[0] switch
        {
            "Linear(2" => [new Linear<T>(2, 4, random), new ReLU<T>(), new Linear<T>(4, 2, random)],
            "Conv2d(2" => [new Conv2d<T>(2, 4, new Extent(3, 2), random, stride: 2, padding: 1, groups: 2, hasBias: false), new Tanh<T>(), new Flatten<T>(), new Linear<T>(36, 3, random)],
            _ => [new MultiHeadAttention<T>(6, 2, random), new Gru<T>(6, 3, random, lastOnly: true), new Linear<T>(3, 2, random, hasBias: false)],
        });
        Assert.Equal($"Sequential({layers})", network.ToString());
        return network;
    }
}
