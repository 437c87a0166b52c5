using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Benchmarks;

/// <summary>
/// Times the XOR job here and in the peers, in turn, several rounds, and reports the best time of each: on a noisy machine
/// the best is what the program can do, and taking turns gives every program the same noise.
/// </summary>
internal static class Comparison
{
    private const int Rounds = 5;

    // The reference's last loss: a peer that computes something else is not a peer.
    private const double ExpectedLoss = 0.000131;

    private static readonly (string Name, string Script)[] Peers = [("NumPy", "xor_numpy.py"), ("PyTorch", "xor_pytorch.py")];

    /// <summary>Runs the comparison and prints a Markdown table.</summary>
    /// <param name="file">A file that the table is also written to.</param>
    /// <returns>0, or 1 where no peer could be run or one computed something else.</returns>
    public static int Run(string? file)
    {
        var job = new XorTraining();
        double ours = double.PositiveInfinity;
        double[] best = [.. Peers.Select(_ => double.PositiveInfinity)];
        string[] versions = new string[Peers.Length];
        for (int i = 0; i < 200; i++)
        {
            job.Train(); // warm: the JIT recompiles what runs often
        }

        for (int round = 1; round <= Rounds; round++)
        {
            for (int i = 0; i < 50; i++)
            {
                long start = Stopwatch.GetTimestamp();
                double loss = job.Train();
                ours = Math.Min(ours, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Require("ChainRule", loss);
            }

            for (int p = 0; p < Peers.Length; p++)
            {
                if (RunPeer(Peers[p].Script) is not { } result)
                {
                    continue;
                }

                Require(Peers[p].Name, result.Loss);
                best[p] = Math.Min(best[p], result.Milliseconds);
                versions[p] = result.Version;
            }

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round} of {Rounds}: ChainRule {ours:F3} ms{string.Concat(Peers.Select((peer, p) => $", {peer.Name} {best[p]:F1} ms"))}"));
        }

        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"XOR, 2-8-1, 2,000 epochs of the full batch, float64, one thread; best of {Rounds} rounds, in turn.");
        table.AppendLine(CultureInfo.InvariantCulture, $"{Processor()}, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}.");
        table.AppendLine();
        table.AppendLine("| engine | milliseconds | times as long as ChainRule |");
        table.AppendLine("|---|---:|---:|");
        table.AppendLine(CultureInfo.InvariantCulture, $"| ChainRule | {ours:F2} | 1 |");
        for (int p = 0; p < Peers.Length; p++)
        {
            if (double.IsFinite(best[p]))
            {
                table.AppendLine(CultureInfo.InvariantCulture, $"| {Peers[p].Name} {versions[p]} | {best[p]:F1} | {best[p] / ours:F0} |");
            }
        }

        Console.Write(table);
        if (file is not null)
        {
            File.WriteAllText(file, table.ToString());
        }

        return best.Any(double.IsFinite) ? 0 : 1;
    }

    /// <summary>Runs a script that prints its best time in milliseconds, its last loss and its library's version.</summary>
    private static (double Milliseconds, double Loss, string Version)? RunPeer(string script)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", script)]) { RedirectStandardOutput = true };

        // One thread, and the kernels that the library chooses for this processor.
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        using Process process = Process.Start(start)!;
        string[] words = process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0 || words.Length != 3)
        {
            Console.Error.WriteLine($"{script} does not run here; on Debian: apt-get install python3-numpy python3-torch");
            return null;
        }

        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture), words[2]);
    }

    private static void Require(string name, double loss)
    {
        if (Math.Abs(loss - ExpectedLoss) > 1e-6)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{name} ended at the loss {loss}, expected {ExpectedLoss}: it did another job."));
        }
    }

    private static string Processor()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
