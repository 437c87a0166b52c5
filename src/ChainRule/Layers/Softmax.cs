using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>Softmax over the last dimension: aⱼ = exp(xⱼ) / Σₖ exp(xₖ), which makes each row a probability distribution.</summary>
/// <remarks>
/// <para>
/// Shapes: any of at least two dimensions; a has the shape of x. The row's maximum is subtracted first, which changes nothing
/// in the quotient and keeps exp from overflowing.
/// </para>
/// <para>
/// Backward: every output of a row depends on every input of it, ∂aₖ/∂xⱼ = aₖ([j = k] − aⱼ). Summed over k:
/// ∂L/∂xⱼ = aⱼ(∂L/∂aⱼ − Σₖ ∂L/∂aₖ·aₖ). The sum is the cross terms.
/// </para>
/// <para>Source: Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs (1990).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softmax<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>aⱼ = exp(xⱼ − max) / Σₖ exp(xₖ − max), row by row.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        int width = (int)InputShape[^1];
        RowSoftmax.Shift(input, width, output);
        Elementwise.Map(default(RowSoftmax.Exponential<T>), output, output);
        for (int start = 0; start < output.Length; start += width)
        {
            RowSoftmax.Normalize(output.Slice(start, width));
        }
    }

    /// <summary>∂L/∂xⱼ = aⱼ(∂L/∂aⱼ − Σₖ ∂L/∂aₖ·aₖ), row by row.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int width = (int)InputShape[^1];
        for (int start = 0; start < inputGradient.Length; start += width)
        {
            ReadOnlySpan<T> a = Output.Slice(start, width);
            ReadOnlySpan<T> da = outputGradient.Slice(start, width);
            Span<T> dx = inputGradient.Slice(start, width);
            T crossTerms = T.Zero;
            for (int k = 0; k < width; k++)
            {
                crossTerms += da[k] * a[k];
            }

            for (int j = 0; j < width; j++)
            {
                dx[j] = a[j] * (da[j] - crossTerms);
            }
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        inputShape.Length >= 2
            ? base.OutputShape(inputShape, outputShape)
            : throw new ArgumentException($"{Description}: expected an input of shape (batch, …, classes), got {Shape.Describe(inputShape)}.");
}
