using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>Learnt positions: adds to every step of a sequence a vector that says which step it is, aₜ = xₜ + Wₜ.</summary>
/// <remarks>
/// <para>Shapes: x and a (batch, time, dimension), W (length, dimension); a sequence may be shorter than the table.</para>
/// <para>
/// Backward: ∂L/∂x = ∂L/∂a, and ∂L/∂Wₜ = Σ over the batch of ∂L/∂aₜ. Rows of W beyond the end of the sequences get 0.
/// </para>
/// <para>Source: Gehring et al., Convolutional Sequence to Sequence Learning (ICML 2017), section 3.1.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PositionEmbedding<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;

    /// <summary>Makes a table and draws its first values.</summary>
    /// <param name="length">The most steps that a sequence may have.</param>
    /// <param name="dimension">The width of a step.</param>
    /// <param name="random">Where the first values are drawn from.</param>
    /// <param name="weight">How they start; normal with standard deviation 1, as in PyTorch's embedding, where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public PositionEmbedding(int length, int dimension, NumPyRandom random, Initializer? weight = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Length = length;
        Dimension = dimension;
        Weight = new Parameter<T>("weight", Tensor.CreateFromShape<T>([length, dimension]));
        (weight ?? Initializer.Normal(1)).Fill(Weight.Value, length, dimension, random);
        parameters = [Weight];
    }

    /// <summary>The most steps that a sequence may have.</summary>
    public int Length { get; }

    /// <summary>The width of a step.</summary>
    public int Dimension { get; }

    /// <summary>W, shape (length, dimension).</summary>
    public Parameter<T> Weight { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. PositionEmbedding(64, 32).</summary>
    public override string ToString() => $"PositionEmbedding({Length}, {Dimension})";

    /// <summary>aₜ = xₜ + Wₜ, sequence by sequence.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        int size = (int)InputShape[1] * Dimension;
        ReadOnlySpan<T> weight = Weight.Value.AsSpan()[..size];
        for (int start = 0; start < input.Length; start += size)
        {
            TensorPrimitives.Add(input.Slice(start, size), weight, output[start..]);
        }
    }

    /// <summary>∂L/∂Wₜ = Σ over the batch of ∂L/∂aₜ, ∂L/∂x = ∂L/∂a.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int size = (int)InputShape[1] * Dimension;
        Span<T> weightGradient = Weight.BeginGradient(out bool accumulate);
        BiasRow.SumRows(outputGradient, weightGradient[..size], accumulate);
        if (!accumulate)
        {
            weightGradient[size..].Clear();
        }

        if (!inputGradient.IsEmpty)
        {
            outputGradient.CopyTo(inputGradient);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        inputShape.Length == 3 && inputShape[1] <= Length && inputShape[2] == Dimension
            ? base.OutputShape(inputShape, outputShape)
            : throw new ArgumentException($"{Description}: expected an input of shape (batch, time, {Dimension}) of at most {Length} time steps, got {Shape.Describe(inputShape)}.");
}
