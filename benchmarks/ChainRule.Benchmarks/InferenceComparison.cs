using System.Globalization;

namespace ChainRule.Benchmarks;

/// <summary>The answer to one sample, as a server gives it: the forward pass of a batch of one, one thread.</summary>
internal static class InferenceComparison
{
    private static readonly string[] jobs = ["2-8-1/1", "64-32-10/1", "784-128-10/1", "784-1024-1024-10/1"];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report, int rounds)
    {
        Dictionary<(string Job, int Threads), StepComparison.Times> all = StepComparison.Measure(rounds, jobs, [1], out string version, "infer");
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Inference of one sample, float32, one thread, in microseconds; PyTorch {version} without gradients:");
        report.Text.AppendLine();
        report.Text.AppendLine("| network | ChainRule | PyTorch | times as long |");
        report.Text.AppendLine("|---|---:|---:|---:|");
        foreach (((string job, int _), StepComparison.Times times) in all)
        {
            bool hasPeer = double.IsFinite(times.Theirs);
            string network = job.Split('/')[0];
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {network} | {times.Ours:N2} | {(hasPeer ? times.Theirs : null):N1} | {(hasPeer ? times.Theirs / times.Ours : null):F1} |");
            report.Measurements.Add(new Measurement($"inference of one sample, {network}", 1, "µs", times.Ours, hasPeer ? $"PyTorch {version}" : null, hasPeer ? times.Theirs : null, hasPeer ? times.Theirs / times.Ours : null));
        }

        report.Text.AppendLine();
    }
}
