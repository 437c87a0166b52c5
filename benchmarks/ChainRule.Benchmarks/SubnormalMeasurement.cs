using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;

namespace ChainRule.Benchmarks;

/// <summary>A training step of a network whose sigmoids are so far out that their slopes are below the smallest normal number, against one at its start.</summary>
internal static class SubnormalMeasurement
{
    /// <summary>Measures, and adds a line.</summary>
    public static void Run(Report report)
    {
        Parallelism.Threads = 1;
        double usual = Microseconds(bias: 0);
        double saturated = Microseconds(bias: -95); // σ(−95) = 5.5e-42
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Step 256-256-256-10/64 with sigmoids and momentum, float32: {usual:F0} µs; with sigmoids saturated beyond the normal numbers {saturated:F0} µs, {saturated / usual:F2} times as long.");
        report.Text.AppendLine();
        report.Measurements.Add(new Measurement("step 256-256-256-10/64, sigmoids saturated beyond the normal numbers, against the usual", 1, "times as long", saturated / usual));
    }

    private static double Microseconds(double bias)
    {
        var random = new NumPyRandom(0);
        Linear<float>[] linears = [new(256, 256, random), new(256, 256, random), new(256, 10, random)];
        foreach (Linear<float> layer in linears[..2])
        {
            layer.Bias!.Value.Fill((float)bias);
        }

        var network = new Sequential<float>(linears[0], new Sigmoid<float>(), linears[1], new Sigmoid<float>(), linears[2]) { NeedsInputGradient = false };
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new Sgd<float>(network.Parameters, 1e-3, momentum: 0.9);
        Tensor<float> x = Tensor.ConvertTruncating<double, float>(random.Randn(64, 256));
        Tensor<float> y = Tensor.ConvertTruncating<long, float>(random.RandInt(0, 10, [64]));
        double best = double.PositiveInfinity;
        for (int step = 0; step < 2000; step++)
        {
            long start = Stopwatch.GetTimestamp();
            loss.Forward(network.Forward(x), y);
            network.Backward(loss.Backward());
            optimizer.Step();
            best = step < 200 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return best;
    }
}
