using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>Targets that name the class of each row of predictions by its number.</summary>
internal static class ClassIndices
{
    /// <summary>Throws where a target is not a whole number from 0 to the number of classes − 1.</summary>
    /// <param name="loss">Whose targets they are.</param>
    /// <param name="prediction">Predictions of shape (batch, …, classes).</param>
    /// <param name="target">Targets of shape (batch, …).</param>
    /// <exception cref="ArgumentException">One is not.</exception>
    public static void Require<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint classes = prediction.Lengths[^1];
        ReadOnlySpan<nint> rows = prediction.Lengths[..^1];
        ReadOnlySpan<T> y = target.AsSpan();
        for (int i = 0; i < y.Length; i++)
        {
            if (!(y[i] >= T.Zero && y[i] < T.CreateChecked(classes) && T.IsInteger(y[i])))
            {
                string place = rows.Length == 1 ? $"for sample {i}" : $"at {Shape.Position(i, rows)}";
                throw new ArgumentException($"{loss}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected class indices from 0 to {classes - 1}, got {y[i]} {place}.", nameof(target));
            }
        }
    }
}
