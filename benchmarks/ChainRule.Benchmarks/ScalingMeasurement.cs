using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Mpi;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Benchmarks;

/// <summary>
/// What training with several processes costs: an all-reduce by size, and a step of networks of several sizes. The share of a batch
/// is computed in turn by every rank for itself, with sums that are waited for, and with sums that overlap the backward pass; the last
/// two also as if a network of 10 Gbit/s lay between the ranks.
/// <c>mpirun -n N -x DOTNET_TieredCompilation=0 dotnet ChainRule.Benchmarks.dll scaling</c> (all code is compiled fully at once, so that
/// nothing is compiled beside what is measured); one thread a process, best of several.
/// </summary>
internal static class ScalingMeasurement
{
    private const int Repeats = 30;
    private const int Rounds = 3;
    private const int Steps = 8;
    private const int StepsOfRound = 32;

    private static readonly int[][] networks = [[64, 32, 10], [784, 128, 10], [784, 512, 256, 10], [784, 1024, 1024, 10]];

    /// <summary>Measures; rank 0 prints.</summary>
    public static void Run()
    {
        Parallelism.Threads = 1;
        using MpiCollective mpi = MpiCollective.Start();
        Print(mpi, $"{mpi.Library}, {mpi.Size} ranks");
        Print(mpi, "bytes,microseconds");
        for (int bytes = 4; bytes <= 1 << 26 && mpi.Size > 1; bytes *= 4)
        {
            Print(mpi, string.Create(CultureInfo.InvariantCulture, $"{bytes},{Reduce(mpi, bytes / sizeof(float)):0.0}"));
        }

        var waiting = new Waiting(mpi);
        ICollective[] ways = mpi.Size > 1
            ? [SingleProcess.Instance, waiting, mpi, new Network(mpi, isOverlapping: false), new Network(mpi, isOverlapping: true)]
            : [SingleProcess.Instance];
        Print(mpi, "network,gradients in bytes,share of a batch,milliseconds a step without sums,waiting,overlapping,waiting for 10 Gbit/s,overlapping with 10 Gbit/s,of waiting: for the other ranks,in sums");
        int[] shares = mpi.Size > 1 ? [32, 128, 512] : [32, 64, 128, 256, 512, 1024]; // alone also the batch of two
        foreach (int[] widths in networks)
        {
            foreach (int share in shares)
            {
                double[] best = [.. ways.Select(_ => double.PositiveInfinity)];
                waiting.Reset();
                for (int round = 0; round < Rounds; round++)
                {
                    for (int i = 0; i < ways.Length; i++)
                    {
                        mpi.Barrier();
                        best[i] = Math.Min(best[i], Step(ways[i], widths, share * ways[i].Size));
                    }
                }

                double[] parts = [waiting.ForOthers, waiting.InSums];
                IEnumerable<double> numbers = best.Concat(parts.Select(part => part / (Rounds * StepsOfRound)));
                Print(mpi, $"{string.Join('-', widths)},{sizeof(float) * Parameters(widths)},{share},{string.Join(',', numbers.Select(time => time.ToString("0.000", CultureInfo.InvariantCulture)))}");
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

    /// <summary>A step of training, in milliseconds: the best epoch of a few steps.</summary>
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
            .Train(inputs, targets, new TrainingOptions { Epochs = StepsOfRound / Steps, BatchSize = batch, ShuffleSeed = null });
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

    /// <summary>The same ranks without overlap: every sum is waited for, after the others have come to it. Both are timed.</summary>
    private sealed class Waiting(MpiCollective mpi) : ICollective
    {
        public int Rank => mpi.Rank;

        public int Size => mpi.Size;

        /// <summary>Milliseconds until the others came.</summary>
        public double ForOthers { get; private set; }

        /// <summary>Milliseconds of sums.</summary>
        public double InSums { get; private set; }

        public void Reset() => ForOthers = InSums = 0;

        public void Sum<T>(Span<T> values)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            long start = Stopwatch.GetTimestamp();
            mpi.Barrier();
            ForOthers += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            mpi.Sum(values);
            InSums += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        public void Broadcast(Span<byte> bytes, int root) => mpi.Broadcast(bytes, root);

        public void Barrier() => mpi.Barrier();
    }

    /// <summary>
    /// The same ranks behind a network of 10 Gbit/s that carries one sum after the other without a processor: a sum is there no sooner
    /// than 50 µs and its bytes take.
    /// </summary>
    private sealed class Network(MpiCollective mpi, bool isOverlapping) : ICollective
    {
        private const double Latency = 50e-6;
        private const double Bandwidth = 1.25e9;

        private readonly Dictionary<int, long> arrivals = [];
        private long isFree;

        public int Rank => mpi.Rank;

        public int Size => mpi.Size;

        public void Sum<T>(Span<T> values)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            long arrival = Arrival(values.Length * Unsafe.SizeOf<T>());
            mpi.Sum(values);
            WaitUntil(arrival);
        }

        public int BeginSum<T>(Span<T> values)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (!isOverlapping)
            {
                Sum(values);
                return -1;
            }

            int ticket = mpi.BeginSum(values);
            arrivals[ticket] = Arrival(values.Length * Unsafe.SizeOf<T>());
            return ticket;
        }

        public void Progress() => mpi.Progress();

        public void EndSum(int ticket)
        {
            mpi.EndSum(ticket);
            WaitUntil(arrivals.GetValueOrDefault(ticket));
            arrivals.Remove(ticket);
        }

        public void Broadcast(Span<byte> bytes, int root) => mpi.Broadcast(bytes, root);

        public void Barrier() => mpi.Barrier();

        private static void WaitUntil(long time)
        {
            while (Stopwatch.GetTimestamp() < time)
            {
                Thread.Yield();
            }
        }

        private long Arrival(int bytes) =>
            isFree = Math.Max(isFree, Stopwatch.GetTimestamp()) + (long)((Latency + (bytes / Bandwidth)) * Stopwatch.Frequency);
    }
}
