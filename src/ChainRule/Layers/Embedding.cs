using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>A table of vectors, one for each of a number of things such as characters: a = the row of W that x names.</summary>
/// <remarks>
/// <para>Shapes: x (batch, …), whole numbers from 0 to less than entries; W (entries, dimension); a (batch, …, dimension).</para>
/// <para>
/// Forward: aᵢⱼ = W₍ₓᵢ₎ⱼ, which is the product of a one-hot row with W. Backward: ∂L/∂Wₖⱼ = Σ ∂L/∂aᵢⱼ over the places i where
/// xᵢ = k. Whole numbers have no derivative: there is no ∂L/∂x, and the gradient that the layer returns is empty.
/// </para>
/// <para>As PyTorch's <c>nn.Embedding</c>. Source: Bengio, Ducharme, Vincent and Jauvin, A Neural Probabilistic Language Model (JMLR 3, 2003).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Embedding<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;

    /// <summary>Makes a table and draws its first values.</summary>
    /// <param name="entries">How many things there are.</param>
    /// <param name="dimension">The length of each vector.</param>
    /// <param name="random">Where the first values are drawn from.</param>
    /// <param name="weight">How they start; normal with standard deviation 1, as in PyTorch, where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Embedding(int entries, int dimension, NumPyRandom random, Initializer? weight = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Entries = entries;
        Dimension = dimension;
        Weight = new Parameter<T>("weight", Tensor.CreateFromShape<T>([entries, dimension]));
        (weight ?? Initializer.Normal(1)).Fill(Weight.Value, entries, dimension, random);
        parameters = [Weight];
    }

    /// <summary>How many things there are.</summary>
    public int Entries { get; }

    /// <summary>The length of each vector.</summary>
    public int Dimension { get; }

    /// <summary>W, shape (entries, dimension).</summary>
    public Parameter<T> Weight { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <summary>False: its input is whole numbers.</summary>
    public override bool HasInputGradient => false;

    /// <summary>E.g. Embedding(96, 32).</summary>
    public override string ToString() => $"Embedding({Entries}, {Dimension})";

    /// <summary>a = W[x].</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        ReadOnlySpan<T> weight = Weight.Value.AsSpan();
        for (int i = 0; i < input.Length; i++)
        {
            weight.Slice(Row(input[i]), Dimension).CopyTo(output[(i * Dimension)..]);
        }
    }

    /// <summary>∂L/∂W[x] += ∂L/∂a, place by place: a row that was looked up twice gets both.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Span<T> weightGradient = Weight.AccumulateGradient();
        ReadOnlySpan<T> input = Input;
        for (int i = 0; i < input.Length; i++)
        {
            Span<T> row = weightGradient.Slice(Row(input[i]), Dimension);
            TensorPrimitives.Add(row, outputGradient.Slice(i * Dimension, Dimension), row);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        if (inputShape.Length == Shape.MaximumRank)
        {
            throw new ArgumentException($"{Description}: expected an input of at most {Shape.MaximumRank - 1} dimensions, got {Shape.Describe(inputShape)}: the output has one more.");
        }

        inputShape.CopyTo(outputShape);
        outputShape[inputShape.Length] = Dimension;
        return inputShape.Length + 1;
    }

    /// <inheritdoc/>
    protected override void RequireValues(Tensor<T> input)
    {
        T entries = T.CreateChecked(Entries);
        ReadOnlySpan<T> x = input.AsSpan();
        for (int i = 0; i < x.Length; i++)
        {
            if (!(x[i] >= T.Zero && x[i] < entries && T.IsInteger(x[i])))
            {
                throw new ArgumentException($"{Description}: expected whole numbers from 0 to {Entries - 1}, got {x[i]} at {Shape.Position(i, input.Lengths)}.");
            }
        }
    }

    private int Row(T x) => int.CreateTruncating(x) * Dimension;
}
