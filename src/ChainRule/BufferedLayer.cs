using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// The base of layers that compute something: it checks shapes, keeps the input and the output for the backward pass,
/// and owns the memory of both results, so that a warm training step allocates nothing.
/// </summary>
/// <remarks>
/// A layer of one's own writes two methods side by side: <see cref="Forward(ReadOnlySpan{T}, Span{T})"/> and
/// <see cref="Backward(ReadOnlySpan{T}, Span{T})"/>. It overrides <see cref="OutputShape"/> where the output has
/// another shape than the input. Values lie row by row, the batch is the first dimension.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class BufferedLayer<T> : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TensorBuffer<T> outputs = new();
    private readonly TensorBuffer<T> inputGradients = new();
    private Tensor<T>? input;
    private Tensor<T>? output;
    private Tensor<T>? inputGradient;

    // The last upstream gradient that was found to be right for the output of now.
    private Tensor<T>? checkedGradient;

    /// <summary>The values of the last output where a gradient check may move them; nothing where there was none.</summary>
    internal Span<T> LastOutput => output is null ? [] : output.AsSpan();

    /// <summary>The values of the last input, x.</summary>
    protected ReadOnlySpan<T> Input => input!.AsSpan();

    /// <summary>The shape of the last input.</summary>
    protected ReadOnlySpan<nint> InputShape => input!.Lengths;

    /// <summary>The values of the last output, a.</summary>
    protected ReadOnlySpan<T> Output => output!.AsSpan();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public sealed override Tensor<T> Forward(Tensor<T> input)
    {
        if (input is not null && output is not null && (ReferenceEquals(input, this.input) || HasLastShape(input)))
        {
            // A tensor keeps its shape: what was right in the last step is right in this one. Its values may not be.
            RequireValues(input);
            this.input = input;
            Forward(input.AsSpan(), output.AsSpan());
            return output;
        }

        PassGuard.RequireInput(this, input);
        Span<nint> outputShape = stackalloc nint[Shape.MaximumRank];
        outputShape = outputShape[..OutputShape(input.Lengths, outputShape)]; // throws on a wrong shape before anything has changed
        RequireValues(input);
        this.input = input;
        output = outputs.WithShape(outputShape);
        checkedGradient = null;
        inputGradient = null;
        Forward(input.AsSpan(), output.AsSpan());
        return output;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public sealed override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        if (output is null || !ReferenceEquals(outputGradient, checkedGradient))
        {
            PassGuard.RequireOutputGradient(this, output, outputGradient);
            checkedGradient = outputGradient;
        }

        if (!HasInputGradient || (!NeedsInputGradient && CanSkipInputGradient))
        {
            Backward(outputGradient.AsSpan(), []);
            return Tensor<T>.Empty;
        }

        inputGradient ??= inputGradients.WithShape(input!.Lengths);
        Backward(outputGradient.AsSpan(), inputGradient.AsSpan());
        return inputGradient;
    }

    /// <summary>
    /// Whether <see cref="Backward(ReadOnlySpan{T}, Span{T})"/> takes an empty span for ∂L/∂x and then computes ∂L/∂θ alone. A layer
    /// without an input gradient never gets another one.
    /// </summary>
    protected virtual bool CanSkipInputGradient => false;

    /// <summary>Writes a = f(x; θ) into <paramref name="output"/>, whose old content is of no meaning.</summary>
    /// <param name="input">x, row by row.</param>
    /// <param name="output">Where a goes, row by row.</param>
    protected abstract void Forward(ReadOnlySpan<T> input, Span<T> output);

    /// <summary>
    /// Writes ∂L/∂x into <paramref name="inputGradient"/>, whose old content is of no meaning, and adds ∂L/∂θ to
    /// <see cref="Parameter{T}.AccumulateGradient"/> of every parameter.
    /// </summary>
    /// <param name="outputGradient">∂L/∂a, row by row.</param>
    /// <param name="inputGradient">Where ∂L/∂x goes, row by row.</param>
    protected abstract void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient);

    /// <summary>The shape of the output for an input of the given shape, on which alone it depends; by default the same.</summary>
    /// <param name="inputShape">The shape of the input.</param>
    /// <param name="outputShape">Where the shape of the output goes; it has room for eight dimensions.</param>
    /// <returns>The number of dimensions of the output.</returns>
    /// <exception cref="ArgumentException">The layer takes no input of that shape.</exception>
    protected virtual int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        inputShape.CopyTo(outputShape);
        return inputShape.Length;
    }

    /// <summary>Throws where a value of the input is not one that the layer takes; by default it takes any number.</summary>
    /// <param name="input">x. Nothing has changed in the layer yet.</param>
    /// <exception cref="ArgumentException">A value is not one that the layer takes.</exception>
    protected virtual void RequireValues(Tensor<T> input)
    {
    }

    private bool HasLastShape(Tensor<T> other) => Shape.IsBatch(other) && other.Lengths.SequenceEqual(input!.Lengths);
}
