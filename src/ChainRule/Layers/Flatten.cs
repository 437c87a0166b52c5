using System.Numerics;

namespace ChainRule.Layers;

/// <summary>Makes each sample one row: (batch, d₁, d₂, …) becomes (batch, d₁·d₂·…).</summary>
/// <remarks>Forward moves no value to another place in memory, so backward gives each value the gradient of its own place: ∂a/∂x = 1.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Flatten<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = x, in another shape.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => input.CopyTo(output);

    /// <summary>∂L/∂x = ∂L/∂a, in the shape of x.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => outputGradient.CopyTo(inputGradient);

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        outputShape[0] = inputShape[0];
        outputShape[1] = 1;
        foreach (nint length in inputShape[1..])
        {
            outputShape[1] *= length;
        }

        return 2;
    }
}
