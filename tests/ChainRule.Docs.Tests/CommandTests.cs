using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using ChainRule.Serialization;

namespace ChainRule.Docs.Tests;

/// <summary>The calls of <c>chainrule</c> that README and docs/ show do what they are shown for: they run, page by page, in the order of the page.</summary>
public sealed partial class CommandTests
{
    // What is shown and not run here, and why.
    private static readonly Dictionary<string, string> elsewhere = new()
    {
        ["chainrule train fashion-mnist --hidden 128 --optimizer sgd --epochs 5"] = "takes a minute; the data set's reader has tests of its own",
        ["mpirun -n 4 chainrule train fashion-mnist --distributed mpi"] = "takes minutes; tests/ChainRule.Mpi.Tests trains on smaller data",
        ["chainrule lesson --list, native"] = "names a measurement",
        ["chainrule lesson --list, JIT"] = "names a measurement",
    };

    private static string Root => AppContext.BaseDirectory;

    public static TheoryData<string> Pages => [.. All.Where(page => Calls(page).Any(call => !elsewhere.ContainsKey(call)))];

    private static IEnumerable<string> All => Directory.GetFiles(Path.Combine(Root, "docs")).Select(path => $"docs/{Path.GetFileName(path)}").Prepend("README.md");

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Calls_do_what_they_are_shown_for(string page)
    {
        string folder = Directory.CreateTempSubdirectory("docs-").FullName;
        try
        {
            // The reader's own files.
            string[] rows = [.. Enumerable.Range(0, 60).Select(i => $"{Math.Sin(i):0.000},{Math.Cos(i):0.000}")];
            await File.WriteAllLinesAsync(Path.Combine(folder, "data.csv"), rows.Select((row, i) => $"{row},{(i % 3 == 0 ? "iris" : "rose")}").Prepend("a,b,kind"), TestContext.Current.CancellationToken);
            await File.WriteAllLinesAsync(Path.Combine(folder, "new.csv"), rows.Prepend("a,b"), TestContext.Current.CancellationToken);
            foreach (string call in Calls(page).Where(call => !elsewhere.ContainsKey(call)))
            {
                if (call.Contains("weights.safetensors", StringComparison.Ordinal))
                {
                    SafeTensors.Write<float>(Path.Combine(folder, "weights.safetensors"), [.. SafeTensors.Read<float>(Path.Combine(folder, "model.safetensors")).Tensors]);
                }

                (int exitCode, string output, string error) = await RunAsync(call, folder);
                Assert.True(exitCode == 0, $"{page}: {call} ended with {exitCode}: {error}");
                Assert.True(output.Length > 0 || call.Contains("--quiet", StringComparison.Ordinal), $"{page}: {call} says nothing.");
                foreach (string file in Written().Matches(call).Select(match => match.Groups["file"].Value))
                {
                    Assert.True(Path.Exists(Path.Combine(folder, file)), $"{page}: {call} did not write {file}.");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>An exception that no page needs any more has to go.</summary>
    [Fact]
    public void What_is_not_run_is_shown_somewhere() =>
        Assert.Empty(elsewhere.Keys.Except(All.SelectMany(Calls)));

    /// <summary>The calls in blocks of shell, and in the first column of tables.</summary>
    private static IEnumerable<string> Calls(string page)
    {
        string text = File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");
        IEnumerable<string> blocks = Block().Matches(text).SelectMany(block => block.Groups["lines"].Value.Split('\n')).Where(line => Call().IsMatch(line));
        return blocks.Concat(Row().Matches(text).Select(row => row.Groups["call"].Value));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string call, string folder)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
            ArgumentList = { Path.Combine(Root, "ChainRule.Cli.dll") },
        };
        foreach (string argument in call.Split(' ').Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output, await error);
    }

    [GeneratedRegex("^```(sh|bash)\n(?<lines>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex("^(mpirun .*)?chainrule ")]
    private static partial Regex Call();

    [GeneratedRegex(@"^\| `(?<call>(mpirun [^`]*)?chainrule [^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("--(output|save|plot|checkpoint) (?<file>[^ ]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Written();
}
