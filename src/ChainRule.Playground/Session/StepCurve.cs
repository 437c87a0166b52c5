using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Playground.Session;

/// <summary>
/// The V-curve of one entry: how far its central difference is from its derivative, for steps from 1 to 10⁻¹². Large steps see
/// that the loss is curved, small ones that numbers are rounded; between them lies the best step.
/// </summary>
/// <param name="Bits64">Steps and relative errors in float64.</param>
/// <param name="Bits32">The same in float32.</param>
public sealed record StepCurve(IReadOnlyList<(double Step, double Error)> Bits64, IReadOnlyList<(double Step, double Error)> Bits32)
{
    private const int Decades = 12;
    private const int StepsInADecade = 3;

    // An error of nothing has no place on a logarithmic axis; a difference of nothing is wrong by all of it.
    private const double Smallest = 1e-16;
    private const double Largest = 1e2;

    /// <summary>Measures both curves on copies of the network, for the batch of the next step.</summary>
    /// <param name="run">The run; it stays as it is.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="derivative">The derivative that the differences are compared with.</param>
    /// <returns>The curves; null where the derivative is 0, which no error can be relative to.</returns>
    public static StepCurve? Of(TrainingRun run, Entry entry, double derivative)
    {
        ArgumentNullException.ThrowIfNull(run);
        return derivative == 0 || !double.IsFinite(derivative) ? null : new StepCurve(Measure<double>(run, entry, derivative), Measure<float>(run, entry, derivative));
    }

    private static List<(double Step, double Error)> Measure<T>(TrainingRun run, Entry entry, double derivative)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Pass pass = run.Pass;
        Sequential<T> network = ExportedNetwork.Copy<T>(run);
        Loss<T> loss = run.Objective.CreateLoss<T>();
        Tensor<T> inputs = Narrow<T>(pass.Inputs, [pass.Samples, pass.Features]);
        Tensor<T> targets = Narrow<T>(pass.Targets, run.Objective.Loss == Training.LossKind.CrossEntropy ? [pass.Samples] : [pass.Samples, run.Objective.Outputs]);
        ref T theta = ref network.Parameters[(2 * entry.Layer) + (entry.IsBias ? 1 : 0)].Value.AsSpan()[entry.Position(run.NeuronLayers[entry.Layer].Units)];
        T original = theta;
        var curve = new List<(double, double)>();
        for (int i = 0; i <= Decades * StepsInADecade; i++)
        {
            double step = Math.Pow(10, -(double)i / StepsInADecade);
            T right = theta = original + T.CreateTruncating(step);
            double above = Loss();
            T left = theta = original - T.CreateTruncating(step);
            double below = Loss();
            double distance = double.CreateTruncating(right) - double.CreateTruncating(left);
            double error = distance == 0 ? 1 : Math.Abs(((above - below) / distance) - derivative) / Math.Abs(derivative);
            curve.Add((step, Math.Clamp(error, Smallest, Largest)));
        }

        return curve;

        double Loss() => double.CreateTruncating(loss.Forward(network.Forward(inputs), targets));
    }

    private static Tensor<T> Narrow<T>(IReadOnlyList<double> values, params ReadOnlySpan<nint> shape)
        where T : unmanaged, IFloatingPointIeee754<T> => Tensor.Create([.. values.Select(T.CreateTruncating)], shape);
}
