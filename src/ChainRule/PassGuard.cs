using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>What every layer asks of the tensors that come in, with one message for each mistake.</summary>
internal static class PassGuard
{
    /// <summary>Throws where an input is no batch.</summary>
    /// <exception cref="ArgumentException">It is empty, strided, or has no or too many dimensions.</exception>
    public static void RequireInput<T>(Layer<T> layer, [NotNull] Tensor<T>? input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!Shape.IsBatch(input))
        {
            throw Shape.NotABatch(input, $"{layer.Description}: the input", nameof(input));
        }
    }

    /// <summary>Throws where there is no output yet, or where an output gradient does not belong to it.</summary>
    /// <exception cref="InvalidOperationException">Forward has not run.</exception>
    /// <exception cref="ArgumentException">The gradient has another shape than the output, or is strided.</exception>
    public static void RequireOutputGradient<T>(Layer<T> layer, [NotNull] Tensor<T>? output, Tensor<T> outputGradient)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (output is null)
        {
            throw new InvalidOperationException($"{layer.Description}: Backward was called before Forward. Run Forward on a batch first; Backward needs the values that it keeps.");
        }

        if (!outputGradient.Lengths.SequenceEqual(output.Lengths))
        {
            throw new ArgumentException($"{layer.Description}: expected an output gradient in the shape of the last output, {Shape.Describe(output.Lengths)}, got {Shape.Describe(outputGradient.Lengths)}.", nameof(outputGradient));
        }

        if (!Shape.IsBatch(outputGradient))
        {
            throw Shape.NotABatch(outputGradient, $"{layer.Description}: the output gradient", nameof(outputGradient));
        }
    }
}
