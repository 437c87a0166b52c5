using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Mpi;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Benchmarks;

/// <summary>
/// What training with several processes costs: an all-reduce by size, and a step of networks of several sizes with and without
/// overlap. <c>mpirun -n N dotnet ChainRule.Benchmarks.dll scaling</c>; one thread a process, best of several.
/// </summary>
internal static class ScalingMeasurement
{
    private const int Repeats = 30;
    private const int Steps = 8;

    private static readonly int[][] networks = [[64, 32, 10], [784, 128, 10], [784, 512, 256, 10], [784, 1024, 1024, 10]];

    /// <summary>Measures; rank 0 prints.</summary>
    public static void Run()
    {
        Parallelism.Threads = 1;
        using MpiCollective mpi = MpiCollective.Start();
        var waiting = new Waiting(mpi);
        Print(mpi, $"{mpi.Library}, {mpi.Size} ranks");
        Print(mpi, "bytes,microseconds");
        for (int bytes = 4; bytes <= 1 << 26 && mpi.Size > 1; bytes *= 8)
        {
            Print(mpi, string.Create(CultureInfo.InvariantCulture, $"{bytes},{Reduce(mpi, bytes / sizeof(float)):0.0}"));
        }

        Print(mpi, "network,parameters,batch,milliseconds a step waiting,overlapping");
        foreach (int[] widths in networks)
        {
            foreach (int batch in (int[])[256, 256 * mpi.Size])
            {
                Print(mpi, string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', widths)},{Parameters(widths)},{batch},{Step(waiting, widths, batch):0.000},{Step(mpi, widths, batch):0.000}"));
            }
        }
    }

    private static long Parameters(int[] widths) => Enumerable.Range(1, widths.Length - 1).Sum(i => (widths[i - 1] + 1L) * widths[i]);

    /// <summary>An all-reduce, in microseconds.</summary>
    private static double Reduce(MpiCollective mpi, int length)
    {
        float[] values = GC.AllocateArray<float>(length, pinned: true);
        double best = double.PositiveInfinity;
        for (int i = 0; i < Repeats; i++)
        {
            mpi.Barrier();
            long start = Stopwatch.GetTimestamp();
            mpi.Sum<float>(values);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return best;
    }

    /// <summary>A step of training, in milliseconds.</summary>
    private static double Step(ICollective collective, int[] widths, int batch)
    {
        var random = new NumPyRandom(1);
        var layers = new List<Layer<float>>();
        for (int i = 1; i < widths.Length; i++)
        {
            layers.Add(new Linear<float>(widths[i - 1], widths[i], random));
            layers.Add(new ReLU<float>());
        }

        var network = new Sequential<float>([.. layers[..^1]]);
        Tensor<float> inputs = Tensor.CreateFromShape<float>([batch * Steps, widths[0]]);
        inputs.Fill(0.5f);
        Tensor<float> targets = Tensor.CreateFromShape<float>([batch * Steps]);
        double best = double.PositiveInfinity;
        var epochs = new Listener(report => best = report.Epoch > 1 ? Math.Min(best, report.Seconds) : best);
        new Trainer<float>(network, new SoftmaxCrossEntropy<float>(), new Sgd<float>(network.Parameters, 0.01)) { Collective = collective, EpochProgress = epochs }
            .Train(inputs, targets, new TrainingOptions { Epochs = 6, BatchSize = batch, ShuffleSeed = null });
        return best * 1e3 / Steps;
    }

    private static void Print(MpiCollective mpi, string line)
    {
        if (mpi.Rank == 0)
        {
            Console.WriteLine(line);
        }
    }

    private sealed class Listener(Action<EpochReport> act) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => act(value);
    }

    /// <summary>The same ranks without overlap: every sum is waited for.</summary>
    private sealed class Waiting(MpiCollective mpi) : ICollective
    {
        public int Rank => mpi.Rank;

        public int Size => mpi.Size;

        public void Sum<T>(Span<T> values)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => mpi.Sum(values);

        public void Broadcast(Span<byte> bytes, int root) => mpi.Broadcast(bytes, root);

        public void Barrier() => mpi.Barrier();
    }
}
