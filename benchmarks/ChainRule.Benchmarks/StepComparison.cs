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
    /// <summary>The networks of the main table.</summary>
    public static IReadOnlyList<string> AllJobs { get; } = ["2-8-1/4", "2-16-16-2/16", "64-32-10/32", "784-128-10/64", "784-128-10/256", "784-512-256-10/128", "784-1024-1024-10/256"];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report, int rounds, IReadOnlyList<string> jobs, IReadOnlyList<int> threadCounts)
    {
        Dictionary<(string Job, int Threads), Times> all = Measure(rounds, jobs, threadCounts, out string version);
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"A training step (forward, cross-entropy, backward, SGD), float32, in microseconds; PyTorch {version} with {Peer.OpenBlas}:");
        report.Text.AppendLine();
        report.Text.AppendLine("| network/batch | threads | ChainRule | PyTorch | times as long |");
        report.Text.AppendLine("|---|---:|---:|---:|---:|");
        foreach (((string job, int threads), Times times) in all)
        {
            bool hasPeer = double.IsFinite(times.Theirs);
            string peer = hasPeer ? string.Create(CultureInfo.InvariantCulture, $"{times.Theirs:N0} | {times.Theirs / times.Ours:F2}") : " | ";
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {job} | {threads} | {times.Ours:N1} | {peer} |");
            report.Measurements.Add(new Measurement($"step {job}", threads, "µs", times.Ours, hasPeer ? $"PyTorch {version}" : null, hasPeer ? times.Theirs : null, hasPeer ? times.Theirs / times.Ours : null));
        }

        report.Text.AppendLine();
    }

    /// <summary>The best microseconds of each network with each number of threads; infinite where a peer does not run.</summary>
    /// <param name="rounds">How often the engines take turns.</param>
    /// <param name="jobs">Layers and batch.</param>
    /// <param name="threadCounts">Numbers of threads.</param>
    /// <param name="version">PyTorch's.</param>
    /// <param name="mode"><c>train</c>, or <c>infer</c> for the forward pass alone.</param>
    public static Dictionary<(string Job, int Threads), Times> Measure(int rounds, IReadOnlyList<string> jobs, IReadOnlyList<int> threadCounts, out string version, string mode = "train")
    {
        var all = new Dictionary<(string Job, int Threads), Times>();
        version = "";
        for (int round = 1; round <= rounds; round++)
        {
            foreach (int threads in threadCounts)
            {
                Parallelism.Threads = threads;
                string[][] lines = Peer.Run("steps_pytorch.py", threads, [mode, $"{threads}", .. jobs]) ?? [];
                version = lines is [[var found], ..] ? found : version;
                for (int j = 0; j < jobs.Count; j++)
                {
                    Times best = all.GetValueOrDefault((jobs[j], threads), new Times(double.PositiveInfinity, double.PositiveInfinity));
                    double theirs = lines.Length == jobs.Count + 1 ? Peer.Number(lines[j + 1][1]) : double.PositiveInfinity;
                    all[(jobs[j], threads)] = new Times(Math.Min(best.Ours, Microseconds(jobs[j], mode == "train")), Math.Min(best.Theirs, theirs));
                }
            }

            Console.Error.WriteLine($"{(mode == "train" ? "steps" : "inference")}: round {round} of {rounds}");
        }

        return all;
    }

    /// <summary>Microseconds here and in PyTorch.</summary>
    internal readonly record struct Times(double Ours, double Theirs);

    private static double Microseconds(string job, bool trains)
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
        network.IsTraining = trains;
        void Step()
        {
            if (!trains)
            {
                network.Forward(x);
                return;
            }

            loss.Forward(network.Forward(x), y);
            network.Backward(loss.Backward());
            optimizer.Step();
        }

        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < 200 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.15; i++)
        {
            Step();
        }

        double best = double.PositiveInfinity;
        begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.4)
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
}
