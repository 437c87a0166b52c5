using System.Diagnostics;
using System.Globalization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>Convolutions here and in PyTorch, in turn, the best of several rounds: forward, backward by the input, backward by weight and bias.</summary>
internal static class ConvolutionComparison
{
    private const int Rounds = 2;

    // Batch, inputs, size of the image, outputs, kernel, stride, padding. The first two are those of samples/fashion-convolution.cs.
    private static readonly int[][] jobs =
    [
        [64, 1, 28, 16, 3, 1, 1],
        [64, 16, 14, 32, 3, 1, 1],
        [64, 32, 14, 64, 3, 1, 1],
        [64, 16, 14, 32, 5, 1, 2],
        [16, 64, 56, 64, 3, 1, 1],
        [32, 128, 28, 128, 3, 2, 1],
        [16, 256, 14, 256, 1, 1, 0],
        [64, 256, 7, 256, 3, 1, 1],
    ];

    private static readonly string[] directions = ["forward", "by input", "by weight"];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report)
    {
        int[] threadCounts = Environment.ProcessorCount > 1 ? [1, 2] : [1];
        var ours = new Dictionary<(int Threads, int Job, int Direction), double>();
        var theirs = new Dictionary<(int Threads, int Job, int Direction), double>();
        string version = "";
        for (int round = 1; round <= Rounds; round++)
        {
            foreach (int threads in threadCounts)
            {
                for (int j = 0; j < jobs.Length; j++)
                {
                    Keep(ours, threads, j, Measure(jobs[j], threads));
                }

                if (Peer.Run("convolutions_pytorch.py", threads, [$"{threads}", .. jobs.Select(job => string.Join(',', job))]) is [[var found], .. var lines])
                {
                    version = found;
                    for (int j = 0; j < jobs.Length; j++)
                    {
                        Keep(theirs, threads, j, [.. lines[j].Select(Peer.Number)]);
                    }
                }
            }

            Console.Error.WriteLine($"convolutions: round {round} of {Rounds}");
        }

        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Convolutions, float32, in microseconds, ChainRule / PyTorch {version} with oneDNN:");
        report.Text.AppendLine();
        report.Text.AppendLine("| images, outputs, window | threads | forward | times as long | backward by input | times as long | by weight | times as long |");
        report.Text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (int threads in threadCounts)
        {
            for (int j = 0; j < jobs.Length; j++)
            {
                string name = Name(jobs[j]);
                report.Text.Append(CultureInfo.InvariantCulture, $"| {name} | {threads} |");
                for (int d = 0; d < directions.Length; d++)
                {
                    double here = ours[(threads, j, d)];
                    if (theirs.TryGetValue((threads, j, d), out double there))
                    {
                        report.Text.Append(CultureInfo.InvariantCulture, $" {here:N0} / {there:N0} | {there / here:F2} |");
                        report.Measurements.Add(new Measurement($"convolution {name} {directions[d]}", threads, "µs", here, $"PyTorch {version}", there, there / here));
                    }
                    else
                    {
                        report.Text.Append(CultureInfo.InvariantCulture, $" {here:N0} | |");
                        report.Measurements.Add(new Measurement($"convolution {name} {directions[d]}", threads, "µs", here));
                    }
                }

                report.Text.AppendLine();
            }
        }

        report.Text.AppendLine();
    }

    private static string Name(int[] job) =>
        $"{job[0]}×{job[1]}×{job[2]}×{job[2]}, {job[3]}, {job[4]}×{job[4]}{(job[5] == 1 ? "" : $" stride {job[5]}")}";

    private static void Keep(Dictionary<(int, int, int), double> best, int threads, int job, double[] times)
    {
        for (int d = 0; d < times.Length; d++)
        {
            best[(threads, job, d)] = Math.Min(best.GetValueOrDefault((threads, job, d), double.PositiveInfinity), times[d]);
        }
    }

    private static double[] Measure(int[] job, int threads)
    {
        var shape = new ConvolutionShape(job[1], job[3], 1, job[4], job[5], job[6], 1, job[2]);
        var convolution = new Convolution<float>(shape);
        var random = new NumPyRandom(0);
        float[] x = Draw(job[0] * job[1] * job[2] * job[2]);
        float[] weight = Draw(shape.Outputs * shape.Depth);
        float[] bias = Draw(shape.Outputs);
        float[] z = new float[job[0] * shape.Outputs * shape.Output.Height * shape.Output.Width];
        float[] dz = Draw(z.Length);
        float[] dx = new float[x.Length];
        float[] dw = new float[weight.Length];
        float[] db = new float[bias.Length];
        return
        [
            Microseconds(() => convolution.Forward(x, weight, bias, z, threads)),
            Microseconds(() => convolution.BackwardByInput(weight, dz, dx, threads)),
            Microseconds(() => convolution.BackwardByParameters(x, dz, dw, db, accumulate: false, threads)),
        ];

        float[] Draw(int count) => [.. random.Randn(count).Select(value => (float)value)];
    }

    private static double Microseconds(Action run)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.2; i++)
        {
            run();
        }

        double best = double.PositiveInfinity;
        begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.4)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return best;
    }
}
