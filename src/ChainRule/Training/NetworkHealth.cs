using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;

namespace ChainRule.Training;

/// <summary>Looks for what keeps a network from learning: dead ReLUs, saturated units, gradients that vanish or explode.</summary>
public static class NetworkHealth
{
    // A tenth of dead units is usual and harmless; half of them is a network that is half as wide as it was meant to be.
    private const double MostDead = 0.5;
    private const double MostSaturated = 0.8;

    // σ and tanh are this near to their bounds where their slopes are below 1% and 4% of their largest.
    private const double NearBound = 0.0025;

    // Ratios of the gradients' root mean squares, first weight against last. Glorot and Bengio (2010) plot the same ratio.
    private const double Vanishing = 1e-4;
    private const double Exploding = 1e4;

    /// <summary>Runs a batch through the network, which infers, and looks at the units; the gradients are those of the last step.</summary>
    /// <param name="network">The network; its layers' outputs are those of the batch afterwards.</param>
    /// <param name="inputs">The batch, the more samples the better.</param>
    /// <returns>What was found, from the first layer to the last; empty for a healthy network.</returns>
    public static IReadOnlyList<HealthWarning> Examine<T>(Sequential<T> network, Tensor<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        bool wasTraining = network.IsTraining;
        network.IsTraining = false;
        var warnings = new List<HealthWarning>();
        Tensor<T> activation = inputs;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            Layer<T> layer = network.Layers[i];
            activation = layer.Forward(activation);
            bool isLast = i == network.Layers.Count - 1; // a sure answer is no illness
            if (layer is ReLU<T> && DeadShare(activation) is > MostDead and var dead)
            {
                warnings.Add(new HealthWarning(HealthProblem.DeadUnits, layer.Name, dead));
            }
            else if (!isLast && layer is Sigmoid<T> && SaturatedShare(activation, 0, 1) is > MostSaturated and var saturated)
            {
                warnings.Add(new HealthWarning(HealthProblem.SaturatedUnits, layer.Name, saturated));
            }
            else if (!isLast && layer is Tanh<T> && SaturatedShare(activation, -1, 1) is > MostSaturated and var saturatedTanh)
            {
                warnings.Add(new HealthWarning(HealthProblem.SaturatedUnits, layer.Name, saturatedTanh));
            }
        }

        Parameter<T>[] weights = [.. network.Parameters.Where(parameter => parameter.Value.Rank > 1)];
        if (weights.Length > 1 && RootMeanSquare(weights[^1].Gradient) is > 0 and var last)
        {
            double ratio = RootMeanSquare(weights[0].Gradient) / last;
            if (ratio is < Vanishing or > Exploding)
            {
                warnings.Add(new HealthWarning(ratio < 1 ? HealthProblem.VanishingGradient : HealthProblem.ExplodingGradient, weights[0].Name, ratio));
            }
        }

        network.IsTraining = wasTraining;
        return warnings;
    }

    /// <summary>The share of units that are 0 for every sample.</summary>
    private static double DeadShare<T>(Tensor<T> activation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int units = (int)(activation.FlattenedLength / activation.Lengths[0]);
        ReadOnlySpan<T> values = activation.AsSpan();
        int dead = 0;
        for (int unit = 0; unit < units; unit++)
        {
            bool isDead = true;
            for (int i = unit; i < values.Length && isDead; i += units)
            {
                isDead = values[i] == T.Zero;
            }

            dead += isDead ? 1 : 0;
        }

        return (double)dead / units;
    }

    /// <summary>The share of values that are next to a bound.</summary>
    private static double SaturatedShare<T>(Tensor<T> activation, double low, double high)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T from = T.CreateTruncating(low + (NearBound * (high - low)));
        T to = T.CreateTruncating(high - (NearBound * (high - low)));
        int saturated = 0;
        foreach (T value in activation.AsSpan())
        {
            saturated += value < from || value > to ? 1 : 0;
        }

        return (double)saturated / activation.FlattenedLength;
    }

    private static double RootMeanSquare<T>(Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Math.Sqrt(double.CreateTruncating(TensorPrimitives.SumOfSquares<T>(tensor.AsSpan())) / tensor.FlattenedLength);
}

/// <summary>Something that keeps a network from learning.</summary>
/// <param name="Problem">What it is.</param>
/// <param name="Place">The layer or the parameter.</param>
/// <param name="Extent">The share of units, or the ratio of the first weight's gradient to the last one's.</param>
public sealed record HealthWarning(HealthProblem Problem, string Place, double Extent);

/// <summary>What keeps a network from learning.</summary>
public enum HealthProblem
{
    /// <summary>ReLUs that are off for every sample: no gradient passes them any more.</summary>
    DeadUnits,

    /// <summary>Sigmoids or tanhs next to their bounds: hardly any gradient passes them.</summary>
    SaturatedUnits,

    /// <summary>The first layer's gradient is next to nothing beside the last one's.</summary>
    VanishingGradient,

    /// <summary>The first layer's gradient is enormous beside the last one's.</summary>
    ExplodingGradient,
}
