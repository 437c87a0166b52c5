using System.Numerics;

namespace ChainRule.Layers;

/// <summary>Puts the dimensions of each sample into another order: the batch stays in front.</summary>
/// <remarks>
/// <para>
/// Dimensions are counted as the input's shape shows them, the batch being 0: <c>Transpose(2, 1)</c> makes (batch, channels, length)
/// of (batch, length, channels). Dimension d of the output is dimension <c>order[d − 1]</c> of the input, as in PyTorch's
/// <c>permute(0, …)</c>.
/// </para>
/// <para>Forward moves each value to another place; backward moves its gradient back: ∂a/∂x = 1 along the way, else 0.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Transpose<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] order;
    private readonly int[] lengths;
    private readonly int[] strides;

    /// <summary>Makes the layer.</summary>
    /// <param name="order">The numbers from 1 to the number of a sample's dimensions, in the new order.</param>
    /// <exception cref="ArgumentException">There are no numbers or too many, or they are not those from 1 up, each once.</exception>
    public Transpose(params IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Count is 0 or >= Shape.MaximumRank || !order.Order().SequenceEqual(Enumerable.Range(1, order.Count)))
        {
            throw new ArgumentException($"Transpose: expected the numbers from 1 to the number of a sample's dimensions (at most {Shape.MaximumRank - 1}), each once, got ({string.Join(", ", order)}).", nameof(order));
        }

        this.order = [.. order];
        lengths = new int[order.Count + 1];
        strides = new int[order.Count + 1];
    }

    /// <summary>Which dimension of the input is where in the output; the batch, 0, is left out.</summary>
    public IReadOnlyList<int> Order => order;

    /// <summary>E.g. Transpose(2, 1).</summary>
    public override string ToString() => $"Transpose({string.Join(", ", order)})";

    /// <summary>Each value goes to its new place.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        Measure();
        int width = lengths[^1];
        for (int start = 0; start < output.Length; start += width)
        {
            int place = PlaceOfRow(start / width);
            for (int j = 0; j < width; j++)
            {
                output[start + j] = input[place + (j * strides[^1])];
            }
        }
    }

    /// <summary>Each gradient goes back to the place that its value came from.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int width = lengths[^1];
        for (int start = 0; start < outputGradient.Length; start += width)
        {
            int place = PlaceOfRow(start / width);
            for (int j = 0; j < width; j++)
            {
                inputGradient[place + (j * strides[^1])] = outputGradient[start + j];
            }
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        if (inputShape.Length != order.Length + 1)
        {
            throw new ArgumentException($"{Description}: expected an input of {order.Length} dimensions beside the batch, got {Shape.Describe(inputShape)}.");
        }

        outputShape[0] = inputShape[0];
        for (int d = 0; d < order.Length; d++)
        {
            outputShape[d + 1] = inputShape[order[d]];
        }

        return inputShape.Length;
    }

    /// <summary>The lengths of the output, and how far apart in the input its neighbours along each dimension are.</summary>
    private void Measure()
    {
        ReadOnlySpan<nint> shape = InputShape;
        for (int d = 0; d < lengths.Length; d++)
        {
            int from = d == 0 ? 0 : order[d - 1];
            lengths[d] = (int)shape[from];
            strides[d] = (int)Shape.Volume(shape[(from + 1)..]);
        }
    }

    /// <summary>Where in the input a row of the output begins.</summary>
    private int PlaceOfRow(int row)
    {
        int place = 0;
        for (int d = lengths.Length - 2; d >= 0; d--)
        {
            (row, int index) = Math.DivRem(row, lengths[d]);
            place += index * strides[d];
        }

        return place;
    }
}
