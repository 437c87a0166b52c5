namespace ChainRule.Cli.Tests;

/// <summary>What the README shows is what runs: its program is the sample, its numbers are what the tool and the benchmark printed.</summary>
public sealed class ReadmeTests
{
    private static readonly string readme = Read("README.md");

    [Fact]
    public void The_program_is_the_sample() => Assert.Contains($"```csharp\n{Read("samples", "xor.cs")}```", readme, StringComparison.Ordinal);

    /// <summary>Every line of a table and every caption of its section on speed stands in the results that it points to.</summary>
    [Fact]
    public void The_figures_are_those_that_were_measured()
    {
        string section = readme[readme.IndexOf("## Speed\n", StringComparison.Ordinal)..readme.IndexOf("## Proof\n", StringComparison.Ordinal)];
        string[] figures = [.. section.Split('\n').Where(line => line.StartsWith('|') || line.EndsWith(':'))];
        string results = Assert.Single(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "results")), file => section.Contains($"(benchmarks/results/{Path.GetFileName(file)})", StringComparison.Ordinal));
        string[] measured = Read(results).Split('\n');
        Assert.True(figures.Length > 20);
        Assert.All(figures, line => Assert.Contains(line, measured));
    }

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
