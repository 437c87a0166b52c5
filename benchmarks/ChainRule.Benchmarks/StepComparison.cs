using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>One training step of networks of many sizes here and in PyTorch, in turn, the best of several rounds.</summary>
internal static class StepComparison
{
    private const int Rounds = 3;

    private static readonly string[] jobs = ["2-8-1/4", "2-16-16-2/16", "64-32-10/32", "784-128-10/64", "784-128-10/256", "784-512-256-10/128", "784-1024-1024-10/256"];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report)
    {
        int[] threadCounts = Environment.ProcessorCount > 1 ? [1, 2] : [1];
        double[,] ours = Unmeasured(threadCounts.Length);
        double[,] theirs = Unmeasured(threadCounts.Length);
        string version = "";
        for (int round = 1; round <= Rounds; round++)
        {
            for (int t = 0; t < threadCounts.Length; t++)
            {
                Parallelism.Threads = threadCounts[t];
                for (int j = 0; j < jobs.Length; j++)
                {
                    ours[t, j] = Math.Min(ours[t, j], Microseconds(jobs[j]));
                }

                if (Peer.Run("steps_pytorch.py", threadCounts[t], [$"{threadCounts[t]}", .. jobs]) is [[var found], .. var lines])
                {
                    version = found;
                    for (int j = 0; j < jobs.Length; j++)
                    {
                        theirs[t, j] = Math.Min(theirs[t, j], Peer.Number(lines[j][1]));
                    }
                }
            }

            Console.Error.WriteLine($"steps: round {round} of {Rounds}");
        }

        report.Text.AppendLine(CultureInfo.InvariantCulture, $"A training step (forward, cross-entropy, backward, SGD), float32, in microseconds; PyTorch {version} with OpenBLAS:");
        report.Text.AppendLine();
        report.Text.AppendLine("| network/batch | threads | ChainRule | PyTorch | times as long |");
        report.Text.AppendLine("|---|---:|---:|---:|---:|");
        for (int t = 0; t < threadCounts.Length; t++)
        {
            for (int j = 0; j < jobs.Length; j++)
            {
                string peer = double.IsFinite(theirs[t, j]) ? string.Create(CultureInfo.InvariantCulture, $"{theirs[t, j]:N0} | {theirs[t, j] / ours[t, j]:F2}") : " | ";
                report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {jobs[j]} | {threadCounts[t]} | {ours[t, j]:N1} | {peer} |");
                bool hasPeer = double.IsFinite(theirs[t, j]);
                report.Measurements.Add(new Measurement($"step {jobs[j]}", threadCounts[t], "µs", ours[t, j], hasPeer ? $"PyTorch {version}" : null, hasPeer ? theirs[t, j] : null, hasPeer ? theirs[t, j] / ours[t, j] : null));
            }
        }

        report.Text.AppendLine();
    }

    private static double Microseconds(string job)
    {
        int[] sizes = [.. job.Split('/')[0].Split('-').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        int batch = int.Parse(job.Split('/')[1], CultureInfo.InvariantCulture);
        var random = new NumPyRandom(0);
        var layers = new List<Layer<float>>();
        for (int i = 1; i < sizes.Length; i++)
        {
            layers.Add(new Linear<float>(sizes[i - 1], sizes[i], random));
            layers.Add(new ReLU<float>());
        }

        layers.RemoveAt(layers.Count - 1);
        var network = new Sequential<float>([.. layers]) { NeedsInputGradient = false };
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new Sgd<float>(network.Parameters, 0.01);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(batch, sizes[0]));
        Tensor<float> y = Tensor.ConvertTruncating<long, float>(random.RandInt(0, sizes[^1], [batch]));
        void Step()
        {
            loss.Forward(network.Forward(x), y);
            network.Backward(loss.Backward());
            optimizer.Step();
        }

        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < 200 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.3; i++)
        {
            Step();
        }

        double best = double.PositiveInfinity;
        begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.6)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 10; i++)
            {
                Step();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / 10);
        }

        return best;
    }

    private static double[,] Unmeasured(int rows)
    {
        double[,] times = new double[rows, jobs.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i / jobs.Length, i % jobs.Length] = double.PositiveInfinity;
        }

        return times;
    }
}
