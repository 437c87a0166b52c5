using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Training;

/// <summary>The length of all gradients together, as of one long vector: ‖g‖ = √(Σ over parameters and entries of g²).</summary>
public static class GradientNorm
{
    /// <summary>Computes ‖g‖.</summary>
    /// <param name="parameters">The parameters; those without a gradient since the last step count too, with their last one.</param>
    public static double Of<T>(IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            sum += double.CreateTruncating(TensorPrimitives.SumOfSquares<T>(parameters[i].Gradient.AsSpan()));
        }

        return Math.Sqrt(sum);
    }

    /// <summary>
    /// Shortens the gradients to ‖g‖ = <paramref name="maximum"/> where they are longer: g ← g · maximum / ‖g‖. Their direction
    /// stays. Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks (2013), algorithm 1.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="maximum">The longest that stays as it is; above 0.</param>
    /// <returns>‖g‖ before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not above 0.</exception>
    public static double Clip<T>(IReadOnlyList<Parameter<T>> parameters, double maximum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum);
        double norm = Of(parameters);
        if (norm > maximum && double.IsFinite(norm))
        {
            T factor = T.CreateTruncating(maximum / norm);
            for (int i = 0; i < parameters.Count; i++)
            {
                Span<T> gradient = parameters[i].Gradient.AsSpan();
                TensorPrimitives.Multiply(gradient, factor, gradient);
            }
        }

        return norm;
    }
}
