using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ChainRule.Benchmarks;

/// <summary>Products and steps with AVX-512 off against OpenBLAS's kernels for AVX2, in a process of its own: instruction sets are chosen once.</summary>
internal static class NarrowComparison
{
    /// <summary>Starts the other process, and takes over its tables and numbers.</summary>
    public static void Run(Report report, int rounds)
    {
        if (Acceleration.RegisterBits < 512)
        {
            return;
        }

        string path = Path.Combine(Path.GetTempPath(), $"chainrule-narrow-{Environment.ProcessId}");
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["narrow", path, rounds.ToString(CultureInfo.InvariantCulture)]);
        start.Environment["DOTNET_EnableAVX512"] = "0";
        start.Environment[Peer.ForcedKernels] = "Haswell";
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The run with AVX-512 off ended with exit code {process.ExitCode}.");
            }

            report.Text.AppendLine("With AVX-512 off:");
            report.Text.AppendLine();
            report.Text.Append(File.ReadAllText($"{path}.md"));
            foreach (Measurement measurement in JsonSerializer.Deserialize<List<Measurement>>(File.ReadAllText($"{path}.json"))!)
            {
                report.Measurements.Add(measurement with { Work = $"{measurement.Work}, AVX-512 off" });
            }
        }
        finally
        {
            File.Delete($"{path}.md");
            File.Delete($"{path}.json");
        }
    }

    /// <summary>What the other process does.</summary>
    public static void Measure(string path, int rounds)
    {
        var report = new Report();
        ProductComparison.Run(report, rounds, [512, 1024], [1]);
        StepComparison.Run(report, rounds, ["64-32-10/32", "784-128-10/64", "784-512-256-10/128"], [1]);
        File.WriteAllText($"{path}.md", report.Text.ToString());
        File.WriteAllText($"{path}.json", JsonSerializer.Serialize(report.Measurements));
    }
}
