using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Cli.Tests;

public sealed class ExplainCommandTests
{
    /// <summary>Factors multiply to products, products add up to the gradient, and the opinions agree.</summary>
    [Theory]
    [InlineData("explain --hidden 8 --seed 42 --data xor --sample 3 --weight layer1.weight[0,3] --json")]
    [InlineData("explain --hidden 8 --seed 42 --data xor --weight layer1.weight[1,4] --loss mse --json --quiet")]
    [InlineData("explain --hidden 6,5,4 --activation silu --initialization glorot --data moons --after-epochs 20 --weight layer2.bias[3] --json --paths 7")]
    [InlineData("explain --hidden 5,5 --activation gelu --data spirals --weight input[3,1] --json --paths 0")]
    [InlineData("explain --hidden 16 --data digits --sample 1700 --weight layer1.weight[20,3] --json --activation softplus")]
    public async Task The_parts_of_the_document_add_up(string arguments)
    {
        Run run = await Tool.RunAsync(arguments);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        double gradient = document.RootElement.GetProperty("gradient").GetDouble();
        (int Sample, double[] Factors, double Product)[] paths = [.. document.RootElement.GetProperty("paths").EnumerateArray().Select(path => (
            path.GetProperty("sample").GetInt32(),
            path.GetProperty("factors").EnumerateArray().Select(factor =>
            {
                Assert.NotEmpty(factor.GetProperty("symbol").GetString()!);
                Assert.NotEmpty(factor.GetProperty("formula").GetString()!);
                return factor.GetProperty("value").GetDouble();
            }).ToArray(),
            path.GetProperty("product").GetDouble()))];
        double scale = paths.Max(path => Math.Abs(path.Product)) + 1e-300;
        Assert.All(paths, path => Assert.Equal(path.Product, path.Factors.Aggregate(1.0, (product, factor) => product * factor), 1e-15 * scale));
        Assert.Equal(gradient, paths.Sum(path => path.Product), 1e-12 * scale);
        JsonElement opinions = document.RootElement.GetProperty("opinions");
        Assert.Equal(gradient, opinions.GetProperty("byHand").GetDouble());
        Assert.Equal(gradient, opinions.GetProperty("autodiff").GetDouble(), 1e-12 * scale);
        Assert.Equal(gradient, opinions.GetProperty("numeric").GetDouble(), 1e-6 * scale);
        Assert.Equal("pass", document.RootElement.GetProperty("verdict").GetString());
    }

    /// <summary>The lesson's network, whose bias sits on ReLU's corner for the sample (0, 0).</summary>
    [Fact]
    public async Task A_kink_is_called_one()
    {
        Run run = await Tool.RunAsync("explain --loss mse --weight layer1.bias[3]");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("kink: the loss has a corner here", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_names_every_factor()
    {
        Run run = await Tool.RunAsync("explain --hidden 8 --loss mse --sample 3 --weight layer1.weight[0,3]");
        Assert.Equal(0, run.ExitCode);
        Assert.All(
            ["dL/da2[0]", "2(a2[0] − y[0])", "σ(z2[0])(1 − σ(z2[0]))", "dz2[0]/da1[3]", "[z1[3] > 0]", "dz1[3]/dW1[0,3]", "x[0]", "pass: they agree"],
            piece => Assert.Contains(piece, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Korean_is_spoken_where_it_is_asked_for()
    {
        Run run = await Tool.RunAsync("explain --weight layer1.weight[0,3]", null, ("LC_ALL", "ko_KR.UTF-8"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("layer1.weight[0,3]의 기울기", run.Output, StringComparison.Ordinal);
        Assert.Equal(run.Output, (await Tool.RunAsync("explain --weight layer1.weight[0,3] --lang ko")).Output);
    }

    /// <summary>Section 6 of the lesson for any network: all values and all gradients.</summary>
    [Fact]
    public async Task Without_a_weight_the_whole_pass_is_shown()
    {
        Run run = await Tool.RunAsync("explain --hidden 3,2 --activation tanh --loss mse --data moons --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("dL/dz1 = dL/da1 ∘ tanh′(z1)", run.Error, StringComparison.Ordinal);
        Assert.Contains("dL/dW2 = a1ᵀ·dL/dz2", run.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(32, document.RootElement.GetProperty("samples").GetArrayLength());
        JsonElement[] layers = [.. document.RootElement.GetProperty("layers").EnumerateArray()];
        Assert.Equal(["z1", "a1", "z2", "a2", "z3", "a3"], layers.Select(layer => layer.GetProperty("symbol").GetString()));
        Assert.Equal(32 * 3, layers[0].GetProperty("gradients").GetArrayLength());
        Assert.Equal("layer1.weight", layers[0].GetProperty("parameters")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_trained_model_is_explained()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "model.safetensors");
        Assert.Equal(0, (await Tool.RunAsync($"train moons --hidden 8 --activation tanh --epochs 3 --save {model}")).ExitCode);
        Run run = await Tool.RunAsync($"explain {model} --data moons --sample 150 --weight layer2.weight[3,1] --output {Path.Combine(folder.Path, "why.txt")}");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("sample 150 of moons", await File.ReadAllTextAsync(Path.Combine(folder.Path, "why.txt"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(2, (await Tool.RunAsync($"explain {model} --data moons --hidden 3")).ExitCode);
    }

    /// <summary>Models that other programs of this library saved: their first layer need not be linear, and their layers may have no formula here.</summary>
    [Theory]
    [InlineData("conv", "layer1.weight[0,0,1,2]", "r0[0,")]
    [InlineData("lstm", "layer1.weight_ih_l0[3,1]", "weight_ih_l0⁽¹⁾[3,1]")]
    [InlineData("attention", "layer1.in_proj_weight[3,1]", "multiheadattention′(")]
    [InlineData("residual", "layer2.layer2.weight[1,0]", "layer2.weight⁽²⁾[1,0]")]
    [InlineData("norm", "layer2.weight[1]", "(z1[1] − μ2[1])/√(v2[1] + ε)")]
    public async Task Layers_of_every_kind_are_explained(string kind, string weight, string piece)
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "model.safetensors");
        var random = new NumPyRandom(1);
        ModelFile.Write(model, new TrainedModel<double>(
            new Sequential<double>(kind switch
            {
                "conv" => [new Reshape<double>(1, 8, 8), new Conv2d<double>(1, 2, 3, random), new ReLU<double>(), new MaxPool2d<double>(2), new Flatten<double>(), new Linear<double>(18, 10, random)],
                "lstm" => [new Reshape<double>(8, 8), new Lstm<double>(8, 6, random, lastOnly: true), new Linear<double>(6, 10, random)],
                "attention" => [new Reshape<double>(8, 8), new MultiHeadAttention<double>(8, 2, random), new Flatten<double>(), new Linear<double>(64, 10, random)],
                "residual" => [new Linear<double>(64, 4, random), new Residual<double>(new LayerNorm<double>([4]), new Linear<double>(4, 4, random), new Gelu<double>()), new Linear<double>(4, 10, random)],
                _ => [new Linear<double>(64, 4, random), new BatchNorm1d<double>(4), new Tanh<double>(), new Dropout<double>(0.5, random), new Linear<double>(4, 10, random)],
            }),
            Objective.ForClasses(LossKind.CrossEntropy, 10),
            new Normalization([.. new double[64]], [.. Enumerable.Repeat(1 / 16.0, 64)]),
            [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")],
            []));
        Run run = await Tool.RunAsync($"explain {model} --data digits --sample 7 --weight {weight} --paths 3");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(piece, run.Output, StringComparison.Ordinal);
        Assert.Contains("pass: they agree", run.Output, StringComparison.Ordinal);
        Assert.Contains("the model expects 64 inputs", (await Tool.RunAsync($"explain {model} --data moons")).OneLine, StringComparison.Ordinal);
    }

    /// <summary>What is a formula to people is one in the document too, and not a row of escapes; and the help says once what is usual.</summary>
    [Fact]
    public async Task The_document_and_the_help_can_be_read()
    {
        Assert.Contains("\"formula\":\"softmax(z2)[1] − y[1]\"", (await Tool.RunAsync("explain --sample 3 --weight layer1.weight[0,3] --json --quiet")).Output, StringComparison.Ordinal);
        string help = (await Tool.RunAsync("explain --help")).Output;
        Assert.Contains("[default: relu]", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Split("[default:").Length, 1, 2));
    }

    [Theory]
    [InlineData("explain --weight layer3.weight[0,0]", "There is no 'layer3.weight[0,0]': expected an entry of layer1.weight[0…1,0…7], layer1.bias[0…7], layer2.weight[0…7,0…1], layer2.bias[0…1], input[0…3,0…1].")]
    [InlineData("explain --weight layer1.weight[0,8] --sample 1", "There is no 'layer1.weight[0,8]'")]
    [InlineData("explain --weight x", "There is no 'x'")]
    [InlineData("explain --sample 4", "'xor' has 4 samples: expected a number from 0 to 3, got 4")]
    [InlineData("explain --sample -1", "--sample: expected a whole number")]
    [InlineData("explain --format png", "--format: expected one of text, markdown, mathml, mermaid, dot, svg")]
    [InlineData("explain --output nosuch/why.txt", "there is no folder")]
    [InlineData("explain --wieght layer1.weight[0,3]", "There is no option '--wieght'. See: chainrule explain --help")]
    [InlineData("explain nosuch.safetensors", "there is no file 'nosuch.safetensors'")]
    [InlineData("explain --data nosuch", "got 'nosuch'")]
    public async Task Wrong_calls_are_exit_code_2(string arguments, string message)
    {
        Run run = await Tool.RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.OneLine, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
