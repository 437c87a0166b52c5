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

    /// <summary>The file was written by PyTorch's side of the oracle, the outputs are what PyTorch computed.</summary>
    [Fact]
    public async Task Weights_that_PyTorch_saved_are_imported_and_give_its_outputs()
    {
        using JsonDocument fixture = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "safetensors.json")));
        JsonElement test = fixture.RootElement.GetProperty("cases")[0];
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.safetensors"), test.GetProperty("file").GetBytesFromBase64());
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 4 --epochs 1 --save like.safetensors --quiet", folder.Path)).ExitCode);
        Assert.Equal(0, (await Tool.RunAsync("import weights.safetensors --like like.safetensors --output model.safetensors", folder.Path)).ExitCode);
        Tensor<float> x = Tensor.Create(Numbers("input"), [5, 2]);
        Assert.All(ModelFile.Read<float>(Path.Combine(folder.Path, "model.safetensors")).Network.Forward(x).Zip(Numbers("output")), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));

        float[] Numbers(string name) => [.. test.GetProperty(name).GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
    }

    [Theory]
    [InlineData("pytorch", "a.py", "nn.Linear(2, 4)")]
    [InlineData("csharp", "a.cs", "new Linear<float>(2, 4, random)")]
    public async Task A_model_becomes_a_program(string format, string file, string layer)
    {
        Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 4 --epochs 1 --save a.safetensors --quiet", folder.Path)).ExitCode);
        Run run = await Tool.RunAsync($"export a.safetensors --to {format} --output {file} --json", folder.Path);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(format, document.RootElement.GetProperty("format").GetString());
        Assert.Equal([file], document.RootElement.GetProperty("files").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains(layer, File.ReadAllText(Path.Combine(folder.Path, file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export nothing.safetensors --to onnx --output a.onnx", "there is no file 'nothing.safetensors'")]
    [InlineData("export a.safetensors --to teapot --output a.onnx", "--to: expected one of onnx, npz, safetensors, pytorch, csharp, got 'teapot'")]
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
