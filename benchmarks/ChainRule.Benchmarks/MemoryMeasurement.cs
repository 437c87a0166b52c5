using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>
/// The bytes that training 784-1024-1024-10 at batch 256 with Adam allocates from construction to the last of several steps,
/// against what it cannot do without: parameters, gradients, the optimizer's state and activations with their gradients.
/// </summary>
internal static class MemoryMeasurement
{
    private const int Batch = 256;
    private static readonly int[] sizes = [784, 1024, 1024, 10];

    /// <summary>Measures, and adds a line.</summary>
    public static void Run(Report report)
    {
        Parallelism.Threads = 1;
        var random = new NumPyRandom(0);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(Batch, sizes[0]));
        Tensor<float> y = Tensor.ConvertTruncating<long, float>(random.RandInt(0, sizes[^1], [Batch]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        var network = new Sequential<float>(new Linear<float>(784, 1024, random), new ReLU<float>(), new Linear<float>(1024, 1024, random), new ReLU<float>(), new Linear<float>(1024, 10, random)) { NeedsInputGradient = false };
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new Adam<float>(network.Parameters);
        for (int step = 0; step < 5; step++)
        {
            loss.Forward(network.Forward(x), y);
            network.Backward(loss.Backward());
            optimizer.Step();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long parameters = network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength);
        long activations = (long)Batch * ((4 * 1024) + 10);
        long needed = sizeof(float) * ((4 * parameters) + (2 * activations));
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Memory of training 784-1024-1024-10, batch 256, Adam, float32: {allocated / 1e6:F1} MB allocated in all, {(double)allocated / needed:F2} times parameters, gradients, optimizer state and activations ({needed / 1e6:F1} MB).");
        report.Text.AppendLine();
        report.Measurements.Add(new Measurement("memory of training 784-1024-1024-10/256 with Adam", 1, "times what it needs", (double)allocated / needed));
    }
}
