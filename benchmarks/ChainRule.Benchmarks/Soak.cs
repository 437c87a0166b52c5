using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Data;
using ChainRule.Data.Digits;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Benchmarks;

/// <summary>
/// Trains small networks one after the other, each with other layers, data, precision and threads, saves and reads each as a
/// model file, and writes every half minute what the process holds: memory, handles and threads that grow are leaks.
/// </summary>
internal static class Soak
{
    private const uint Seed = 20261124;
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(30);

    /// <summary>Runs, and writes one line of comma-separated values every half minute.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="path">The file, which is written anew.</param>
    public static void Run(TimeSpan duration, string path)
    {
        string model = Path.Combine(Path.GetTempPath(), $"soak-{Environment.ProcessId}.safetensors");
        var random = new NumPyRandom(Seed);
        var steps = new StepCounter();
        using var lines = new StreamWriter(path) { AutoFlush = true };
        lines.WriteLine("seconds,steps,networks,workingSetBytes,managedHeapBytes,collections0,collections1,collections2,openHandles,threads");
        long start = Stopwatch.GetTimestamp();
        TimeSpan next = TimeSpan.Zero;
        long networks = 0;
        try
        {
            while (Stopwatch.GetElapsedTime(start) is var elapsed && elapsed < duration)
            {
                if (elapsed >= next)
                {
                    lines.WriteLine(Line(elapsed, steps.Count, networks));
                    next += interval;
                }

                if (networks % 2 == 0)
                {
                    TrainOne<float>(networks / 2, random, steps, model);
                }
                else
                {
                    TrainOne<double>(networks / 2, random, steps, model);
                }

                networks++;
            }

            lines.WriteLine(Line(Stopwatch.GetElapsedTime(start), steps.Count, networks));
        }
        finally
        {
            File.Delete(model);
        }
    }

    private static void TrainOne<T>(long number, NumPyRandom random, IProgress<StepReport> steps, string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int names = ToyData.Names.Count;
        int choice = (int)(number % (names + 1));
        DataSet<T> data = choice < names ? ToyData.Create<T>(ToyData.Names[choice], 100 + Below(400), 0.2, random) : HandwrittenDigits.Load<T>();
        Objective objective = data.IsClassification ? Objective.ForClasses(LossKind.CrossEntropy, data.Outputs) : Objective.ForValues(data.Outputs);
        var layers = new List<Layer<T>>();
        int width = data.Features;
        for (int depth = 1 + Below(3); depth > 0; depth--)
        {
            int next = 4 + Below(125);
            layers.AddRange(new Linear<T>(width, next, random), NewActivation());
            width = next;
        }

        layers.Add(new Linear<T>(width, objective.Outputs, random));
        var network = new Sequential<T>([.. layers]);
        Optimizer<T> optimizer = Below(2) == 0 ? new Sgd<T>(network.Parameters, 0.05, momentum: 0.9) : new Adam<T>(network.Parameters, 0.003);
        Parallelism.Threads = 1 + Below(Environment.ProcessorCount);
        Loss<T> loss = objective.CreateLoss<T>();
        Tensor<T> targets = objective.Encode(data.Targets);
        Normalization normalization = Normalization.ToStandardScore(data.Inputs);
        Tensor<T> inputs = normalization.Apply(data.Inputs);
        var options = new TrainingOptions { Epochs = 5, BatchSize = 1 + Below(128), ShuffleSeed = (uint)number, ClipNorm = 5 };
        new Trainer<T>(network, loss, optimizer) { StepProgress = steps }.Train(inputs, targets, options, () => Evaluation.Of(network, loss, inputs, targets, objective));

        ModelFile.Write(path, new TrainedModel<T>(network, objective, normalization, data.ClassNames, data.FeatureNames));
        network.IsTraining = false;
        Tensor<T> expected = network.Forward(inputs);
        Tensor<T> actual = ModelFile.Read<T>(path).Predict(data.Inputs);
        if (!actual.SequenceEqual(expected))
        {
            throw new InvalidOperationException($"Network {number}, {network}, on '{data.Name}' (seed {Seed}) answers otherwise after it was saved and read.");
        }

        int Below(int limit) => (int)random.RandInt(0, limit, [1])[0];

        Layer<T> NewActivation() => Below(8) switch
        {
            0 => new ReLU<T>(),
            1 => new LeakyReLU<T>(),
            2 => new Tanh<T>(),
            3 => new Sigmoid<T>(),
            4 => new Softplus<T>(),
            5 => new Gelu<T>(),
            6 => new Silu<T>(),
            _ => new Dropout<T>(0.2, random),
        };
    }

    private static string Line(TimeSpan elapsed, long steps, long networks)
    {
        using Process process = Process.GetCurrentProcess();
        int handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds:F0},{steps},{networks},{process.WorkingSet64},{GC.GetTotalMemory(forceFullCollection: false)},{GC.CollectionCount(0)},{GC.CollectionCount(1)},{GC.CollectionCount(2)},{handles},{process.Threads.Count}");
    }

    /// <summary>Counts steps.</summary>
    private sealed class StepCounter : IProgress<StepReport>
    {
        public long Count { get; private set; }

        public void Report(StepReport value) => Count++;
    }
}
