using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace ChainRule.Cli.Tests;

/// <summary><c>chainrule lesson</c> as its users meet it.</summary>
public sealed class LessonCommandTests
{
    private static readonly byte[] pngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task The_whole_lesson_prints_the_reference_numbers_and_saves_the_loss_curve()
    {
        using var folder = new TemporaryFolder();
        Run run = await Tool.RunAsync("lesson", folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        foreach (string number in new[] { "0.7016", "0.0890", "-0.2498", "-0.1249", "0.001076", "0.000418", "0.000247", "0.000172", "0.000131", "0.0168", "0.9901", "0.9905", "0.0071", "kink" })
        {
            Assert.Contains(number, run.Output, StringComparison.Ordinal);
        }

        Assert.Equal(["xor_loss.png", "xor_loss.svg"], folder.Files);
        Assert.Equal(pngSignature, File.ReadAllBytes(Path.Combine(folder.Path, "xor_loss.png")).Take(4));
        Assert.Equal("svg", XDocument.Load(Path.Combine(folder.Path, "xor_loss.svg")).Root!.Name.LocalName);
    }

    /// <summary>A pipe gets plain text that fits a terminal: no colour, no cursor movement, no progress bar.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("ko")]
    public async Task Redirected_output_is_plain_text_of_eighty_columns(string language)
    {
        Run run = await Tool.RunAsync($"lesson --no-plot --language {language}");
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain('\e', run.Output);
        Assert.DoesNotContain('\r', run.Output);
        Assert.All(run.Output.Split('\n'), line => Assert.True(Columns(line) <= 80, $"{Columns(line)} columns: {line}"));
    }

    [Fact]
    public async Task Korean_is_chosen_by_option_or_by_the_environment()
    {
        Run byOption = await Tool.RunAsync("lesson 1 --language ko");
        Run byEnvironment = await Tool.RunAsync("lesson 1", null, ("LC_ALL", "ko_KR.UTF-8"));
        Assert.Contains("활성화 함수", byOption.Output, StringComparison.Ordinal);
        Assert.Equal(byOption.Output, byEnvironment.Output);
        Assert.Contains("0.2500", byOption.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_names_every_section_and_each_can_be_shown_alone()
    {
        Run list = await Tool.RunAsync("lesson --list");
        Assert.Equal(0, list.ExitCode);
        foreach (string section in new[] { "1", "2", "3", "4", "5", "6", "summary" })
        {
            Run run = await Tool.RunAsync($"lesson {section} --no-plot");
            Assert.Equal(0, run.ExitCode);
            string title = list.Output.Split('\n').Single(line => line.StartsWith(section, StringComparison.Ordinal))[section.Length..].Trim();
            Assert.Contains(title, run.Output.Split('\n')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Json_is_one_document_with_the_reference_numbers_and_text_goes_to_standard_error()
    {
        Run run = await Tool.RunAsync("lesson --json --no-plot");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("0.000131", run.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json")));
        JsonElement xor = document.RootElement.GetProperty("xor");
        JsonElement expected = reference.RootElement.GetProperty("xor");
        AssertNumbers(expected.GetProperty("losses"), xor.GetProperty("losses"), 1e-9);
        AssertNumbers(expected.GetProperty("predictions"), xor.GetProperty("predictions"), 1e-9);
        foreach (string parameter in new[] { "W1", "b1", "W2", "b2" })
        {
            AssertNumbers(expected.GetProperty("initial").GetProperty(parameter), xor.GetProperty("initial").GetProperty(parameter), 1e-15);
            AssertNumbers(expected.GetProperty("final").GetProperty(parameter), xor.GetProperty("final").GetProperty(parameter), 1e-9);
        }

        Assert.Equal(5, document.RootElement.GetProperty("activations").GetProperty("sigmoid").GetArrayLength());
        Assert.Equal(-0.24982404699679328, document.RootElement.GetProperty("neuron").GetProperty("dLdw").GetDouble(), 1e-14);
        Assert.Equal(4, document.RootElement.GetProperty("agreement").GetArrayLength());
        foreach (JsonElement row in document.RootElement.GetProperty("gradientCheck").EnumerateArray())
        {
            bool kink = row.GetProperty("parameter").GetString() == "b1";
            Assert.Equal(kink ? "kink" : "pass", row.GetProperty("verdict").GetString());
            Assert.InRange(row.GetProperty("differenceNorm").GetDouble(), 0, kink ? 0.04 : 1e-10);
            Assert.True(row.TryGetProperty("analytic", out _) && row.TryGetProperty("numeric", out _) && row.TryGetProperty("maxRelativeError", out _));
        }
    }

    [Fact]
    public async Task Options_change_the_experiment()
    {
        Run run = await Tool.RunAsync("lesson 4 --json --quiet --no-plot --seed 7 --hidden 3 --epochs 50 --lr 0.5");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement xor = document.RootElement.GetProperty("xor");
        Assert.Equal((7, 3, 0.5, 50), (xor.GetProperty("seed").GetInt32(), xor.GetProperty("hidden").GetInt32(), xor.GetProperty("learningRate").GetDouble(), xor.GetProperty("losses").GetArrayLength()));
    }

    [Theory]
    [InlineData("lesson 9", "'9'")]
    [InlineData("lesson --epochs -1", "'-1'")]
    [InlineData("lesson --epochs 1.5", "'1.5'")]
    [InlineData("lesson --learning-rate abc", "'abc'")]
    [InlineData("lesson --learning-rate NaN", "'NaN'")]
    [InlineData("lesson --seed 4294967296", "4294967295")]
    [InlineData("lesson --hidden 0", "from 1 to")]
    [InlineData("lesson --language fr", "en or ko")]
    [InlineData("lesson --frobnicate", "'--frobnicate'")]
    [InlineData("lesson --output ChainRule.Cli.dll", "expected a folder")]
    [InlineData("lesson --output /proc/none", "'/proc/none'")]
    [InlineData("lessons", "'lessons'")]
    public async Task Rubbish_gets_one_line_that_names_it_and_exit_code_2(string arguments, string named)
    {
        Run run = await Tool.RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("chainrule: ", run.OneLine, StringComparison.Ordinal);
        Assert.Contains(named, run.OneLine, StringComparison.Ordinal);
    }

    /// <summary>With weights near the largest number, the next forward pass is ∞ − ∞, or the sigmoid is saturated for good.</summary>
    [Theory]
    [InlineData("--hidden 20 --seed 1", "The loss stopped being a number at epoch 2")]
    [InlineData("--hidden 8 --seed 42", "From epoch 2 on every gradient is exactly 0")]
    public async Task Diverged_training_says_at_which_epoch_and_what_to_try_and_fails(string options, string message)
    {
        Run run = await Tool.RunAsync($"lesson 4 --no-plot --learning-rate 1e308 --json {options}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("smaller learning rate", run.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.True(document.RootElement.TryGetProperty("xor", out _));
    }

    [Fact]
    public async Task Help_is_an_answer_not_an_error()
    {
        foreach (string arguments in new[] { "", "--help", "lesson --help" })
        {
            Run run = await Tool.RunAsync(arguments);
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("lesson", run.Output, StringComparison.Ordinal);
        }
    }

    private static void AssertNumbers(JsonElement expected, JsonElement actual, double tolerance)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(expected.GetArrayLength(), actual.GetArrayLength());
            for (int i = 0; i < expected.GetArrayLength(); i++)
            {
                AssertNumbers(expected[i], actual[i], tolerance);
            }

            return;
        }

        Assert.InRange(actual.GetDouble() - expected.GetDouble(), -tolerance * Math.Abs(expected.GetDouble()), tolerance * Math.Abs(expected.GetDouble()));
    }

    /// <summary>The width in a terminal, where a Korean syllable takes two columns.</summary>
    private static int Columns(string line) => line.EnumerateRunes().Sum(rune => rune.Value is >= 0xAC00 and <= 0xD7A3 ? 2 : 1);
}
