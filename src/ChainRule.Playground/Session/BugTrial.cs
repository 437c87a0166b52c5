using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Lessons.BugLab;

namespace ChainRule.Playground.Session;

/// <summary>Tries whether a bug makes a difference in a network: one that does not would be no fun to look for.</summary>
internal static class BugTrial
{
    // Rounding in another order is no difference.
    private const double Rounding = 1e-9;

    /// <summary>Whether a gradient of two batches in a row is another one with the bug than without.</summary>
    public static bool Shows(PlantedBug bug, Sequential<double> network, Loss<double> loss, Tensor<double> inputs, Tensor<double> targets)
    {
        if (!bug.IsRepeatable || !bug.CanPlantIn(network, loss)) // a moment that is gone back to must give the same bits
        {
            return false;
        }

        try
        {
            PlantedNetwork planted = bug.Plant(network, loss);
            return new[] { 0, (int)inputs.Lengths[0] / 2 }.Any(start =>
            {
                (Tensor<double> x, Tensor<double> y) = (From(inputs, start), From(targets, start));
                double[] wrong = Gradients(planted.Network, planted.Loss, x, y);
                double[] right = Gradients(network, loss, x, y);
                double size = right.Concat(wrong).Max(Math.Abs);
                return wrong.Zip(right).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Rounding * size));
            });
        }
        catch (ArgumentException)
        {
            return false; // the shapes of this network do not go with the mistake
        }
    }

    private static double[] Gradients(Sequential<double> network, Loss<double> loss, Tensor<double> x, Tensor<double> y)
    {
        foreach (Parameter<double> parameter in network.Parameters)
        {
            parameter.DiscardGradient();
        }

        loss.Forward(network.Forward(x), y);
        network.Backward(loss.Backward());
        double[] gradients = [.. network.Parameters.SelectMany(parameter => parameter.Gradient)];
        foreach (Parameter<double> parameter in network.Parameters)
        {
            parameter.DiscardGradient();
        }

        return gradients;
    }

    private static Tensor<double> From(Tensor<double> tensor, int start)
    {
        nint[] shape = tensor.Lengths.ToArray();
        int width = (int)(tensor.FlattenedLength / shape[0]);
        shape[0] -= start;
        return Tensor.Create(tensor.AsSpan()[(start * width)..].ToArray(), shape);
    }
}
