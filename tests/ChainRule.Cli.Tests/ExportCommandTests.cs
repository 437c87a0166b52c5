using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Serialization;

namespace ChainRule.Cli.Tests;

/// <summary><c>chainrule export</c> and <c>chainrule import</c> as their users meet them.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_model_goes_to_onnx_and_npz_and_back_from_safetensors()
    {
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 4 --epochs 2 --save a.safetensors --quiet", folder.Path)).ExitCode);
        Run onnx = await Tool.RunAsync("export a.safetensors --to onnx --output a.onnx --json", folder.Path);
        Assert.Equal(0, onnx.ExitCode);
        using JsonDocument document = JsonDocument.Parse(onnx.Output);
        Assert.Equal("onnx", document.RootElement.GetProperty("format").GetString());
        Assert.Equal("a.onnx", document.RootElement.GetProperty("output").GetString());

        Assert.Equal(0, (await Tool.RunAsync("export a.safetensors --to npz --output a.npz", folder.Path)).ExitCode);
        OrderedDictionary<string, Tensor<float>> arrays = NpzFile.Read<float>(Path.Combine(folder.Path, "a.npz")).Tensors;
        Assert.Equal(["layer1.weight", "layer1.bias", "layer2.weight", "layer2.bias"], arrays.Keys);
        Assert.Equal([2, 4], arrays["layer1.weight"].Lengths.ToArray());

        // Weights of another training, without any metadata, as PyTorch saves them.
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 4 --epochs 2 --seed 7 --save b.safetensors --quiet", folder.Path)).ExitCode);
        OrderedDictionary<string, Tensor<float>> weights = SafeTensors.Read<float>(Path.Combine(folder.Path, "b.safetensors")).Tensors;
        SafeTensors.Write<float>(Path.Combine(folder.Path, "weights.safetensors"), [.. weights]);
        Run import = await Tool.RunAsync("import weights.safetensors --like a.safetensors --output c.safetensors", folder.Path);
        Assert.Equal(0, import.ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "b.safetensors")), File.ReadAllBytes(Path.Combine(folder.Path, "c.safetensors")));
    }

    [Theory]
    [InlineData("export nothing.safetensors --to onnx --output a.onnx", "there is no file 'nothing.safetensors'")]
    [InlineData("export a.safetensors --to teapot --output a.onnx", "--to: expected one of onnx, npz, safetensors, got 'teapot'")]
    [InlineData("export a.safetensors --to onnx --output no/a.onnx", "there is no folder")]
    [InlineData("import a.safetensors --like nothing.safetensors --output c.safetensors", "--like: there is no file")]
    [InlineData("import wide.safetensors --like a.safetensors --output c.safetensors", "the tensor '0.weight' has the shape (5, 2), expected (4, 2).")]
    public async Task Wrong_calls_say_what_was_expected(string call, string problem)
    {
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 4 --epochs 1 --save a.safetensors --quiet", folder.Path)).ExitCode);
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 5 --epochs 1 --save wide.safetensors --quiet", folder.Path)).ExitCode);
        Run run = await Tool.RunAsync(call, folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.OneLine, StringComparison.Ordinal);
        Assert.Equal(["a.safetensors", "wide.safetensors"], folder.Files);
    }
}
