namespace ChainRule.Cli.Tests;

/// <summary>What the README shows is what runs: its program is the sample, its numbers are what the tool and the benchmark printed.</summary>
public sealed class ReadmeTests
{
    private static readonly string readme = Read("README.md");

    [Fact]
    public void The_program_is_the_sample() => Assert.Contains($"```csharp\n{Read("samples", "xor.cs")}```", readme, StringComparison.Ordinal);

    [Fact]
    public void The_figures_are_those_of_one_of_the_machines_that_were_measured() =>
        Assert.Contains(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "results")), file => readme.Contains(Read(file), StringComparison.Ordinal));

    [Fact]
    public async Task The_output_is_what_the_lesson_prints()
    {
        string shown = Block("text");
        Run run = await Tool.RunAsync("lesson 5");
        Assert.Contains(shown, run.Output, StringComparison.Ordinal);
    }

    private static string Block(string language)
    {
        string start = $"```{language}\n";
        int from = readme.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([AppContext.BaseDirectory, .. path])).ReplaceLineEndings("\n");
}
