using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ChainRule.Benchmarks;

/// <summary>The samples that train for a while, as they are, and the same networks in PyTorch: a short run of each, in turn, the best of several.</summary>
internal static partial class SampleComparison
{
    private const int Rounds = 2;
    private const int Pictures = 20_000;
    private const int Steps = 100;

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report, int[] threadCounts)
    {
        string text = Path.Combine(Root(), "src", "ChainRule", "Layers");
        string[] files = [.. Directory.GetFiles(text, "*.cs").Order(StringComparer.Ordinal)];
        string version = "";
        var rows = new List<string>();
        foreach (int threads in threadCounts)
        {
            Add("fashion-convolution", $"{Pictures} pictures, batch 64", ["--epochs", "1", "--samples", $"{Pictures}"], "fashion_convolution_pytorch.py", ["1", $"{Pictures}"]);
            Add("character-transformer", $"{Steps} steps of 32×64 characters", ["--steps", $"{Steps}"], "character_transformer_pytorch.py", [$"{Steps}", .. files]);

            void Add(string sample, string work, string[] arguments, string peer, string[] peerArguments)
            {
                double ours = double.PositiveInfinity;
                double theirs = double.PositiveInfinity;
                for (int round = 0; round < Rounds; round++)
                {
                    ours = Math.Min(ours, Seconds(sample, [.. arguments, "--threads", $"{threads}"]));
                    if (Peer.Run(peer, threads, [$"{threads}", .. peerArguments]) is [[var found, var seconds, _]])
                    {
                        version = found;
                        theirs = Math.Min(theirs, Peer.Number(seconds));
                    }
                }

                Console.Error.WriteLine($"{sample}: {threads} threads");
                rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {sample}, {work} | {threads} | {ours:F2} |{(double.IsFinite(theirs) ? string.Create(CultureInfo.InvariantCulture, $" {theirs:F2} | {theirs / ours:F2} |") : " | |")}"));
                report.Measurements.Add(double.IsFinite(theirs)
                    ? new Measurement($"sample {sample}, {work}", threads, "s", ours, $"PyTorch {version}", theirs, theirs / ours)
                    : new Measurement($"sample {sample}, {work}", threads, "s", ours));
            }
        }

        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Samples, float32, in seconds; PyTorch {version}:");
        report.Text.AppendLine();
        report.Text.AppendLine("| sample | threads | ChainRule | PyTorch | times as long |");
        report.Text.AppendLine("|---|---:|---:|---:|---:|");
        rows.ForEach(row => report.Text.AppendLine(row));
        report.Text.AppendLine();
    }

    /// <summary>The seconds that a sample says it has trained.</summary>
    private static double Seconds(string sample, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", Path.Combine(Root(), "samples", $"{sample}.cs"), "--", .. arguments]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Time().Match(output) is { Success: true } match
            ? Peer.Number(match.Groups[1].Value)
            : throw new InvalidOperationException($"samples/{sample}.cs said nothing of its time:\n{output}");
    }

    [GeneratedRegex(@"^\d+ (?:epochs|steps) in ([\d.]+) s", RegexOptions.Multiline)]
    private static partial Regex Time();

    private static string Root([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..");
}
