using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Benchmarks;

/// <summary>From the call to the first output and the end of the process: the native tool, the tool under the JIT, and Python with its libraries.</summary>
internal static class StartComparison
{
    private const int Rounds = 10;
    private const string Python = "/usr/bin/python3";

    /// <summary>Measures, and adds a table.</summary>
    /// <param name="report">Where to.</param>
    /// <param name="nativeTool">The tool as NativeAOT made it; null where it is not there.</param>
    /// <param name="managedTool">The tool for the JIT; null where it is not there.</param>
    public static void Run(Report report, string? nativeTool, string? managedTool)
    {
        (string Name, string? Program, string[] Arguments)[] programs =
        [
            ("chainrule lesson --list, native", nativeTool, ["lesson", "--list"]),
            ("chainrule lesson --list, JIT", managedTool, ["lesson", "--list"]),
            ("python3 -c 'import numpy'", Python, ["-c", "import numpy"]),
            ("python3 -c 'import torch'", Python, ["-c", "import torch"]),
        ];
        double[] best = [.. programs.Select(_ => double.PositiveInfinity)];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < programs.Length; i++)
            {
                best[i] = Math.Min(best[i], Milliseconds(programs[i].Program, programs[i].Arguments));
            }
        }

        Console.Error.WriteLine("start-up: done");
        report.Text.AppendLine("Start to end of a process:");
        report.Text.AppendLine();
        report.Text.AppendLine("| process | milliseconds |");
        report.Text.AppendLine("|---|---:|");
        for (int i = 0; i < programs.Length; i++)
        {
            if (double.IsFinite(best[i]))
            {
                report.Text.AppendLine(CultureInfo.InvariantCulture, $"| `{programs[i].Name}` | {best[i]:F0} |");
                bool isOurs = programs[i].Program != Python;
                report.Measurements.Add(new Measurement($"start: {programs[i].Name}", 1, "ms", isOurs ? best[i] : null, isOurs ? null : "Python", isOurs ? null : best[i]));
            }
        }

        report.Text.AppendLine();
    }

    private static double Milliseconds(string? program, string[] arguments)
    {
        if (program is null || !File.Exists(program))
        {
            return double.PositiveInfinity;
        }

        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : double.PositiveInfinity;
    }
}
