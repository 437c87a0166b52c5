using System.Text.Json;

namespace ChainRule.Cli.Tests;

/// <summary><c>chainrule lesson bugs</c> as its users meet it.</summary>
public sealed class BugsCommandTests
{
    [Fact]
    public async Task The_list_names_every_bug()
    {
        Run run = await Tool.RunAsync("lesson bugs --list");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.True(run.Output.Split('\n').Length >= 30);
        Assert.Contains("bias-not-summed", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Nobody answers in a pipe that is closed: the bug, its report, then the answer.</summary>
    [Theory]
    [InlineData("en", "What is the mistake?", "How it is mended", "The bias gradient of one sample")]
    [InlineData("ko", "어떤 실수일까요?", "어떻게 고치나", "샘플 하나만의 편향 기울기")]
    public async Task A_bug_is_shown_with_its_report_and_then_its_story(string language, string question, string mended, string title)
    {
        Run run = await Tool.RunAsync($"lesson bugs bias-not-summed --seed 3 --language {language}");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.DoesNotContain('\e', run.Output);
        Assert.All(run.Output.Split('\n'), line => Assert.True(Columns(line) <= 80, $"{Columns(line)} columns: {line}"));
        int asked = run.Output.IndexOf(question, StringComparison.Ordinal);
        Assert.InRange(run.Output.IndexOf("db = dz.Row(dz.Lengths[0] - 1)", StringComparison.Ordinal), 0, asked);
        Assert.InRange(run.Output.IndexOf("layer2.bias", StringComparison.Ordinal), 0, asked);
        Assert.True(run.Output.IndexOf(title, StringComparison.Ordinal) > asked);
        Assert.True(run.Output.IndexOf(mended, StringComparison.Ordinal) > asked);
        Assert.Contains("db = dz.SumOverBatch()", run.Output[asked..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1\n")]
    [InlineData("2\n")]
    [InlineData("3\n")]
    [InlineData("4\n")]
    public async Task A_guess_is_judged(string answer)
    {
        Run run = await Tool.RunWithInputAsync("lesson bugs bias-not-summed --seed 3", answer);
        Assert.Equal(0, run.ExitCode);
        string[] choices = [.. run.Output.Split('\n').Where(line => line.Length > 5 && line.StartsWith("  ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]) && line[3] == '.')];
        Assert.Equal(4, choices.Length);
        bool isRight = choices[answer[0] - '1'].Contains("the shares of the samples are not added up", StringComparison.Ordinal);
        Assert.Contains(isRight ? "\nRight.\n" : "\nNot quite. It is: the shares of the samples are not added up.\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_answer_is_said_and_asked_again()
    {
        Run run = await Tool.RunWithInputAsync("lesson bugs bias-not-summed --seed 3", "5\nseven\n\n");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("'5' is no answer", run.Output, StringComparison.Ordinal);
        Assert.Contains("'seven' is no answer", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Not quite", run.Output, StringComparison.Ordinal);
        Assert.Contains("The bias gradient of one sample", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_bug_and_others_draw_others()
    {
        Run first = await Tool.RunAsync("lesson bugs --seed 1");
        Run again = await Tool.RunAsync("lesson bugs --seed 1");
        Run other = await Tool.RunAsync("lesson bugs --seed 2");
        Assert.Equal(first.Output, again.Output);
        Assert.NotEqual(first.Output.Split('\n')[4..], other.Output.Split('\n')[4..]);
    }

    [Fact]
    public async Task Json_has_every_bug_with_its_cause_and_what_the_check_thinks()
    {
        Run run = await Tool.RunAsync("lesson bugs --json --quiet --seed 1");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] bugs = [.. document.RootElement.GetProperty("bugs").EnumerateArray()];
        Assert.True(bugs.Length >= 30);
        foreach (JsonElement bug in bugs)
        {
            Assert.NotEmpty(bug.GetProperty("name").GetString()!);
            Assert.NotEmpty(bug.GetProperty("title").GetString()!);
            Assert.NotEmpty(bug.GetProperty("cause").GetString()!);
            Assert.True(bug.GetProperty("caught").GetBoolean(), bug.GetProperty("name").GetString());
            JsonElement first = bug.GetProperty("diagnosis")[0];
            Assert.InRange(first.GetProperty("confidence").GetDouble(), 0, 1);
            Assert.NotEmpty(first.GetProperty("evidence").GetString()!);
        }

        Assert.True(document.RootElement.GetProperty("named").GetInt32() >= 0.8 * bugs.Length);
        Run one = await Tool.RunAsync("lesson bugs bias-not-summed --json --quiet --seed 1");
        using JsonDocument single = JsonDocument.Parse(one.Output);
        Assert.Equal("notSummed", Assert.Single(single.RootElement.GetProperty("bugs").EnumerateArray()).GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("lesson bugs no-such-bug", "'no-such-bug'")]
    [InlineData("lesson bugs --seed -1", "'-1'")]
    [InlineData("lesson bugs --language fr", "en or ko")]
    [InlineData("lesson bugs --frobnicate", "'--frobnicate'")]
    public async Task Rubbish_gets_one_line_that_names_it_and_exit_code_2(string arguments, string named)
    {
        Run run = await Tool.RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("chainrule: ", run.OneLine, StringComparison.Ordinal);
        Assert.Contains(named, run.OneLine, StringComparison.Ordinal);
    }

    /// <summary>The width in a terminal, where a Korean syllable takes two columns.</summary>
    private static int Columns(string line) => line.EnumerateRunes().Sum(rune => rune.Value is >= 0xAC00 and <= 0xD7A3 ? 2 : 1);
}
