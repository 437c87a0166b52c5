using System.Numerics;

namespace ChainRule.Layers;

/// <summary>Gives each sample another shape with as many values: (batch, …) becomes (batch, shape).</summary>
/// <remarks>
/// Forward moves no value to another place in memory, so backward gives each value the gradient of its own place: ∂a/∂x = 1.
/// One length may be −1: it is what the values of a sample leave for it. As PyTorch's <c>reshape</c>, but for the batch.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Reshape<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] shape;

    /// <summary>Makes the layer.</summary>
    /// <param name="shape">The shape of a sample afterwards, without the batch; one length may be −1.</param>
    /// <exception cref="ArgumentException">There are no lengths or too many, one is neither above 0 nor −1, or two are −1.</exception>
    public Reshape(params IReadOnlyList<int> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count is 0 or >= Shape.MaximumRank || shape.Any(length => length is 0 or < -1) || shape.Count(length => length == -1) > 1)
        {
            throw new ArgumentException($"Reshape: expected from 1 to {Shape.MaximumRank - 1} lengths above 0, one of which may be -1, got ({string.Join(", ", shape)}).", nameof(shape));
        }

        this.shape = [.. shape];
    }

    /// <summary>The shape of a sample afterwards; one length may be −1.</summary>
    public IReadOnlyList<int> SampleShape => shape;

    /// <summary>E.g. Reshape(1, 28, 28).</summary>
    public override string ToString() => $"Reshape({string.Join(", ", shape)})";

    /// <summary>a = x, in another shape.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => input.CopyTo(output);

    /// <summary>∂L/∂x = ∂L/∂a, in the shape of x.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => outputGradient.CopyTo(inputGradient);

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        nint values = Shape.Volume(inputShape[1..]);
        nint known = 1;
        foreach (int length in shape)
        {
            known *= length == -1 ? 1 : length;
        }

        bool isOpen = Array.IndexOf(shape, -1) >= 0;
        if (isOpen ? values % known != 0 : values != known)
        {
            throw new ArgumentException($"{Description}: expected samples of {(isOpen ? $"a multiple of {known}" : $"{known}")} values, got {values} in the shape {Shape.Describe(inputShape)}.");
        }

        outputShape[0] = inputShape[0];
        for (int d = 0; d < shape.Length; d++)
        {
            outputShape[d + 1] = shape[d] == -1 ? values / known : shape[d];
        }

        return shape.Length + 1;
    }
}
