using System.Text.Json;
using Xunit;

namespace ChainRule.Cli.Tests;

public sealed class CheckCommandTests
{
    [Fact]
    public async Task Every_layer_and_loss_is_proved_four_ways()
    {
        Run run = await Tool.RunAsync("check --json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal("pass", document.RootElement.GetProperty("verdict").GetString());
        JsonElement[] layers = [.. document.RootElement.GetProperty("layers").EnumerateArray()];
        Assert.Contains("Dropout", layers.Select(layer => layer.GetProperty("name").GetString()));
        Assert.Contains("SoftmaxCrossEntropy, class indices", layers.Select(layer => layer.GetProperty("name").GetString()));
        Assert.All(layers, layer =>
        {
            string name = layer.GetProperty("name").GetString()!;
            Assert.All(["byHand", "autodiff", "pytorch"], opinion => Assert.True(layer.GetProperty(opinion).GetDouble() < 1e-12, $"{name} {opinion}"));
            Assert.True(layer.GetProperty("numeric").GetDouble() < 1e-6, name);
            Assert.InRange(layer.GetProperty("taylorOrder").GetDouble(), 1.9, 2.1);
        });
    }

    /// <summary>The lesson's network: its bias sits on ReLU's corner for the sample (0, 0).</summary>
    [Fact]
    public async Task The_reference_network_passes_with_a_kink_in_its_bias()
    {
        Run run = await Tool.RunAsync("check --hidden 8 --loss mse --seed 42 --data xor --json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        var verdicts = document.RootElement.GetProperty("parameters").EnumerateArray().ToDictionary(row => row.GetProperty("parameter").GetString()!, row => row.GetProperty("verdict").GetString());
        Assert.Equal(("pass", "kink", "pass", "pass"), (verdicts["layer1.weight"], verdicts["layer1.bias"], verdicts["layer2.weight"], verdicts["layer2.bias"]));
        Assert.Equal(2, document.RootElement.GetProperty("taylorOrder").GetDouble(), 0.01);
        Assert.Equal("kink", document.RootElement.GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_trained_model_is_checked_and_the_V_curve_drawn()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "model.safetensors");
        string plot = Path.Combine(folder.Path, "v-curve.png");
        Assert.Equal(0, (await Tool.RunAsync($"train moons --hidden 8 --activation tanh --epochs 3 --save {model}")).ExitCode);
        Run run = await Tool.RunAsync($"check {model} --data moons --after-epochs 5 --samples 7 --plot {plot} --json");
        Assert.Equal(0, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.All(document.RootElement.GetProperty("parameters").EnumerateArray(), row => Assert.InRange(row.GetProperty("entries").GetInt32(), 1, 7));
        Assert.True(new FileInfo(plot).Length > 1000);
    }

    /// <summary>Central differences with a step of 1 are no match for a tolerance of 10⁻¹².</summary>
    [Fact]
    public async Task A_gradient_that_does_not_pass_is_exit_code_1()
    {
        Run run = await Tool.RunAsync("check --activation tanh --tolerance 1e-15 --step 0.5 --json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"verdict\":\"fail\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("is wrong", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check nosuch.safetensors", "there is no file 'nosuch.safetensors'")]
    [InlineData("check --hidden x", "expected up to 64 whole numbers")]
    [InlineData("check --data nosuch", "got 'nosuch'")]
    [InlineData("check --step 0", "a number above 0")]
    [InlineData("check --plot x.gif", ".png or .svg")]
    public async Task Wrong_calls_are_exit_code_2(string arguments, string message)
    {
        Run run = await Tool.RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
