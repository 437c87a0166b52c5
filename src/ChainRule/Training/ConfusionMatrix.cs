using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Training;

/// <summary>How often samples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] counts;

    /// <summary>Counts.</summary>
    /// <param name="objective">What the outputs mean.</param>
    /// <param name="outputs">The network's outputs, one sample a row.</param>
    /// <param name="classes">The right classes, shape (samples).</param>
    public static ConfusionMatrix Of<T>(Objective objective, Tensor<T> outputs, Tensor<T> classes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(classes);
        int[,] counts = new int[objective.Classes, objective.Classes];
        ReadOnlySpan<T> values = outputs.AsSpan();
        int width = objective.Outputs;
        for (int i = 0; i < classes.Lengths[0]; i++)
        {
            counts[int.CreateTruncating(classes[i]), objective.ClassOf(values.Slice(i * width, width))]++;
        }

        return new ConfusionMatrix(counts);
    }

    private ConfusionMatrix(int[,] counts) => this.counts = counts;

    /// <summary>The number of classes.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>How many samples of one class were taken for another, or for the same.</summary>
    /// <param name="right">The class that they are of.</param>
    /// <param name="predicted">The class that they were taken for.</param>
    public int this[int right, int predicted] => counts[right, predicted];
}
