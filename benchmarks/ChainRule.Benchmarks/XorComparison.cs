using System.Diagnostics;
using System.Globalization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>The lesson's job here and in the peers, in turn, the best of several rounds.</summary>
internal static class XorComparison
{
    // The reference's last loss: a peer that computes something else is not a peer.
    private const double ExpectedLoss = 0.000131;

    private static readonly (string Name, string Script)[] peers = [("NumPy", "xor_numpy.py"), ("PyTorch", "xor_pytorch.py"), ("NumSharp", "")];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report, int rounds, string? numSharp)
    {
        var job = new XorTraining();
        double ours = double.PositiveInfinity;
        double[] best = [.. peers.Select(_ => double.PositiveInfinity)];
        string[] versions = new string[peers.Length];
        for (int i = 0; i < 200; i++)
        {
            job.Train(); // warm: the JIT recompiles what runs often
        }

        for (int round = 1; round <= rounds; round++)
        {
            for (int i = 0; i < 50; i++)
            {
                long start = Stopwatch.GetTimestamp();
                double loss = job.Train();
                ours = Math.Min(ours, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Require("ChainRule", loss);
            }

            for (int p = 0; p < peers.Length; p++)
            {
                if ((peers[p].Script.Length > 0 ? Peer.Run(peers[p].Script, threads: 1) : RunNumSharp(numSharp)) is [[var milliseconds, var loss, var version]])
                {
                    Require(peers[p].Name, Peer.Number(loss));
                    best[p] = Math.Min(best[p], Peer.Number(milliseconds));
                    versions[p] = version;
                }
            }

            Console.Error.WriteLine($"XOR: round {round} of {rounds}");
        }

        report.Text.AppendLine("XOR, 2-8-1, 2,000 epochs of the full batch, float64, one thread:");
        report.Text.AppendLine();
        report.Text.AppendLine("| engine | milliseconds | times as long as ChainRule |");
        report.Text.AppendLine("|---|---:|---:|");
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"| ChainRule | {ours:F2} | 1 |");
        for (int p = 0; p < peers.Length; p++)
        {
            if (double.IsFinite(best[p]))
            {
                report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {peers[p].Name} {versions[p]} | {best[p]:F1} | {best[p] / ours:F0} |");
                report.Measurements.Add(new Measurement("XOR, 2,000 epochs", 1, "ms", ours, $"{peers[p].Name} {versions[p]}", best[p], best[p] / ours));
            }
        }

        report.Text.AppendLine();
    }

    private static string[][]? RunNumSharp(string? program)
    {
        if (program is null || !File.Exists(program))
        {
            return null;
        }

        var random = new NumPyRandom(42);
        string[] weights = [.. new[] { new Linear<double>(2, 8, random), new Linear<double>(8, 1, random) }
            .SelectMany(layer => layer.Weight.Value).Select(weight => weight.ToString("R", CultureInfo.InvariantCulture))];
        using Process process = Process.Start(new ProcessStartInfo(program, weights) { RedirectStandardOutput = true })!;
        string line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? [line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : null;
    }

    private static void Require(string name, double loss)
    {
        if (Math.Abs(loss - ExpectedLoss) > 1e-6)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} ended at the loss {loss}, expected {ExpectedLoss}: it did another job."));
        }
    }
}
