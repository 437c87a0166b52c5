using System.Text.RegularExpressions;

namespace ChainRule.Docs.Tests;

/// <summary>Every program of a page is compiled and run here, and prints what the page says; every link of a page leads somewhere.</summary>
public sealed partial class PageTests
{
    private static readonly Dictionary<string, Action> programs = new()
    {
        ["train"] = Snippets.Train,
        ["trainer"] = Snippets.Trainer,
        ["neuron"] = Snippets.Neuron,
        ["layer"] = Snippets.Check,
        ["check"] = Snippets.Check,
        ["difference"] = Snippets.Difference,
        ["wrong"] = Snippets.Wrong,
        ["files"] = Snippets.Files,
    };

    private static readonly string code = string.Join('\n', Directory.GetFiles(AppContext.BaseDirectory, "*.cs").Select(File.ReadAllText)).ReplaceLineEndings("\n");

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "docs")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Programs_are_what_runs_and_print_what_is_shown(string page)
    {
        string text = Read(page);
        Assert.Equal(Code().Count(text), Marked().Count(text)); // no program without a mark
        foreach (Match snippet in Marked().Matches(text))
        {
            string name = snippet.Groups["name"].Value;
            Assert.Equal(Body(name), snippet.Groups["code"].Value.Trim());
            using var printed = new StringWriter { NewLine = "\n" };
            TextWriter before = Console.Out;
            Console.SetOut(printed);
            try
            {
                programs[name]();
            }
            finally
            {
                Console.SetOut(before);
            }

            Assert.NotEmpty(printed.ToString());
            if (snippet.Groups["output"].Success)
            {
                Assert.Equal(snippet.Groups["output"].Value, printed.ToString());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_between_pages_lead_somewhere(string page) =>
        Assert.All(Link().Matches(Read(page)), link => Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "docs", link.Groups[1].Value)), $"{page} links to {link.Groups[1].Value}."));

    private static string Read(string page) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", page)).ReplaceLineEndings("\n");

    private static string Body(string name)
    {
        Match match = Regex.Match(code, $"^ *// <{name}>\n(.*?)^ *// </{name}>", RegexOptions.Singleline | RegexOptions.Multiline);
        string[] lines = match.Groups[1].Value.Split('\n');
        int indent = lines.Where(line => line.Length > 0).DefaultIfEmpty("").Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 || line.Trim().Length == 0 ? "" : line[indent..])).Trim();
    }

    [GeneratedRegex("<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n(?<code>.*?)```\n(\n```text\n(?<output>.*?)```)?", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Marked();

    [GeneratedRegex("```csharp")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([a-z-]+\.md)\)")]
    private static partial Regex Link();
}
