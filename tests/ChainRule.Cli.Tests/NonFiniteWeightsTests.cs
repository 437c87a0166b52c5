using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Cli.Tests;

/// <summary>A model whose weights are NaN or infinite answers every question wrongly: commands refuse it, with the layer's name.</summary>
public sealed class NonFiniteWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("predict bad.safetensors moons", float.NaN, "NaN")]
    [InlineData("check bad.safetensors --data moons", float.PositiveInfinity, "Infinity")]
    [InlineData("explain bad.safetensors --data moons", float.NaN, "NaN")]
    [InlineData("export bad.safetensors --to onnx --output new.onnx", float.NegativeInfinity, "-Infinity")]
    [InlineData("export bad.safetensors --to npz --output new.npz", float.NaN, "NaN")]
    [InlineData("import bad.safetensors --like good.safetensors --output new.safetensors", float.NaN, "NaN")]
    public async Task Commands_refuse_a_model_that_is_not_finite(string call, float number, string shown)
    {
        Write("good.safetensors", 1);
        Write("bad.safetensors", number);
        if (call.StartsWith("import", StringComparison.Ordinal))
        {
            // Without the model, as PyTorch saves weights.
            SafeTensors.Write<float>(Path.Combine(folder.Path, "bad.safetensors"), [.. SafeTensors.Read<float>(Path.Combine(folder.Path, "bad.safetensors")).Tensors]);
        }

        Run run = await Tool.RunAsync(call, folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"'bad.safetensors': 1 of the 8 numbers of layer2.weight is not finite, the first is {shown}.", run.OneLine, StringComparison.Ordinal);
        Assert.Equal(["bad.safetensors", "good.safetensors"], folder.Files);
    }

    private void Write(string file, float number)
    {
        var random = new NumPyRandom(1);
        var network = new Sequential<float>(new Linear<float>(2, 4, random), new ReLU<float>(), new Linear<float>(4, 2, random));
        network.Parameters[2].Value[3, 1] = number;
        ModelFile.Write(Path.Combine(folder.Path, file), new TrainedModel<float>(network, Objective.ForClasses(LossKind.CrossEntropy, 2), null, ["0", "1"], []));
    }
}
