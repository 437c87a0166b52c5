using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The logarithm of softmax over the last dimension: aⱼ = xⱼ − log Σₖ exp(xₖ).</summary>
/// <remarks>
/// <para>
/// Shapes: any of at least two dimensions; a has the shape of x. With the row's maximum taken out, aⱼ = (xⱼ − max) −
/// log Σₖ exp(xₖ − max), neither overflow nor the logarithm of 0 occurs.
/// </para>
/// <para>
/// Backward: ∂aₖ/∂xⱼ = [j = k] − pⱼ with the probability pⱼ = exp(aⱼ). Summed over k: ∂L/∂xⱼ = ∂L/∂aⱼ − pⱼ·Σₖ ∂L/∂aₖ.
/// </para>
/// <para>
/// As PyTorch's <c>nn.LogSoftmax(dim=-1)</c>. Source: Bridle, Probabilistic Interpretation of Feedforward Classification
/// Network Outputs (1990).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSoftmax<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] exponentials = [];

    /// <summary>aⱼ = (xⱼ − max) − log Σₖ exp(xₖ − max), row by row.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        int width = (int)InputShape[^1];
        RowSoftmax.Shift(input, width, output);
        Span<T> e = Exponentials(output);
        for (int start = 0; start < output.Length; start += width)
        {
            Span<T> a = output.Slice(start, width);
            T sum = TensorPrimitives.Sum<T>(e.Slice(start, width));
            Shake?.Invoke(new Span<T>(ref sum)); // next to 1 it has lost the digits that its logarithm is made of
            TensorPrimitives.Subtract(a, T.Log(sum), a);
        }
    }

    /// <summary>∂L/∂xⱼ = ∂L/∂aⱼ − pⱼ·Σₖ ∂L/∂aₖ with p = exp(a), row by row.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int width = (int)InputShape[^1];
        ReadOnlySpan<T> p = Exponentials(Output);
        for (int start = 0; start < inputGradient.Length; start += width)
        {
            ReadOnlySpan<T> da = outputGradient.Slice(start, width);
            Span<T> dx = inputGradient.Slice(start, width);
            TensorPrimitives.Multiply(p.Slice(start, width), TensorPrimitives.Sum(da), dx);
            TensorPrimitives.Subtract(da, dx, dx);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        inputShape.Length >= 2
            ? base.OutputShape(inputShape, outputShape)
            : throw new ArgumentException($"{Description}: expected an input of shape (batch, …, classes), got {Shape.Describe(inputShape)}.");

    /// <summary>exp(x), in memory that stays.</summary>
    private Span<T> Exponentials(ReadOnlySpan<T> x)
    {
        if (exponentials.Length < x.Length)
        {
            exponentials = new T[x.Length];
        }

        Span<T> result = exponentials.AsSpan(0, x.Length);
        Elementwise.Map(default(RowSoftmax.Exponential<T>), x, result);
        return result;
    }
}
