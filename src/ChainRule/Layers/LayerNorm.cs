using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>
/// Layer normalisation: each sample, or each place of a sequence, gets mean 0 and variance 1 over its last dimensions, then a
/// scale γ and a shift β that are learnt.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: x and a (batch, …, normalised dimensions); γ and β as the normalised dimensions, together n numbers. The rest of x are
/// rows of n numbers that do not see each other.
/// </para>
/// <para>
/// Forward, for each row: μ = 1/n · Σ x, v = 1/n · Σ (x − μ)², x̂ = (x − μ)/√(v + ε), a = γ∘x̂ + β.
/// </para>
/// <para>
/// Backward: ∂L/∂β = Σ ∂L/∂a and ∂L/∂γ = Σ ∂L/∂a∘x̂ over the rows. μ and v depend on every x of the row, which takes two means away
/// from g = ∂L/∂a∘γ: ∂L/∂x = (g − 1/n · Σ g − x̂ · 1/n · Σ g∘x̂)/√(v + ε).
/// </para>
/// <para>As PyTorch's <c>nn.LayerNorm</c>. Source: Ba, Kiros and Hinton, Layer Normalization (2016).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNorm<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] normalizedShape;
    private readonly int size;
    private readonly Parameter<T>[] parameters;
    private T[] normalized = [];
    private T[] scales = [];

    /// <summary>Makes a layer that scales by 1 and shifts by 0.</summary>
    /// <param name="normalizedShape">The last dimensions of the input, over which it normalises: [features], or more.</param>
    /// <param name="epsilon">ε, above 0: keeps the root away from 0.</param>
    /// <param name="affine">Whether there are γ and β.</param>
    /// <exception cref="ArgumentException">There are no dimensions, one of them is not positive, or ε is not above 0.</exception>
    public LayerNorm(IReadOnlyList<int> normalizedShape, double epsilon = 1e-5, bool affine = true)
    {
        size = LastDimensions.Size(normalizedShape, Kind);
        this.normalizedShape = [.. normalizedShape];
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "LayerNorm: expected a finite epsilon above 0.");
        }

        Epsilon = epsilon;
        if (affine)
        {
            Weight = new Parameter<T>("weight", LastDimensions.Filled(this.normalizedShape, T.One));
            Bias = new Parameter<T>("bias", LastDimensions.Filled(this.normalizedShape, T.Zero));
        }

        parameters = Weight is null || Bias is null ? [] : [Weight, Bias];
    }

    /// <summary>The dimensions that are normalised over.</summary>
    public IReadOnlyList<int> NormalizedShape => normalizedShape;

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>Whether there are γ and β.</summary>
    public bool IsAffine => Weight is not null;

    /// <summary>γ, in the normalised shape; null where the layer has none.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β, in the normalised shape; null where the layer has none.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <summary>x̂ and r: where x̂ is next to ±1 the gradient is a small difference of large numbers.</summary>
    internal override IEnumerable<Memory<T>> InnerValues => [normalized, scales];

    /// <summary>E.g. LayerNorm(8).</summary>
    public override string ToString() => $"LayerNorm({string.Join(", ", normalizedShape)}{(IsAffine ? "" : ", not affine")})";

    /// <summary>x̂ = (x − μ)/√(v + ε), a = γ∘x̂ + β, row by row.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        T n = T.CreateChecked(size);
        Reserve(input.Length);
        for (int row = 0; row < input.Length / size; row++)
        {
            ReadOnlySpan<T> x = input.Slice(row * size, size);
            Span<T> hat = normalized.AsSpan(row * size, size);
            Span<T> a = output.Slice(row * size, size);
            TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / n, hat);
            scales[row] = T.One / T.Sqrt((TensorPrimitives.SumOfSquares<T>(hat) / n) + T.CreateTruncating(Epsilon));
            TensorPrimitives.Multiply(hat, scales[row], hat);
            if (Weight is null || Bias is null)
            {
                hat.CopyTo(a);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(hat, Weight.Value.AsSpan(), Bias.Value.AsSpan(), a);
            }
        }
    }

    /// <summary>∂L/∂β = Σ ∂L/∂a, ∂L/∂γ = Σ ∂L/∂a∘x̂, ∂L/∂x = (g − 1/n · Σ g − x̂ · 1/n · Σ g∘x̂)/√(v + ε) with g = ∂L/∂a∘γ, row by row.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        T n = T.CreateChecked(size);
        Span<T> weightGradient = Weight is null ? [] : Weight.AccumulateGradient();
        Span<T> biasGradient = Bias is null ? [] : Bias.AccumulateGradient();
        for (int row = 0; row < outputGradient.Length / size; row++)
        {
            ReadOnlySpan<T> da = outputGradient.Slice(row * size, size);
            ReadOnlySpan<T> hat = normalized.AsSpan(row * size, size);
            Span<T> g = inputGradient.Slice(row * size, size); // g first, then ∂L/∂x in its place
            if (Weight is null)
            {
                da.CopyTo(g);
            }
            else
            {
                TensorPrimitives.Add(biasGradient, da, biasGradient);
                TensorPrimitives.MultiplyAdd(da, hat, weightGradient, weightGradient);
                TensorPrimitives.Multiply(da, Weight.Value.AsSpan(), g);
            }

            T mean = TensorPrimitives.Sum<T>(g) / n;
            T productMean = TensorPrimitives.Dot(g, hat) / n;
            TensorPrimitives.Subtract(g, mean, g);
            TensorPrimitives.MultiplyAdd(hat, -productMean, g, g);
            TensorPrimitives.Multiply(g, scales[row], g);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        LastDimensions.AreLastOf(inputShape, normalizedShape)
            ? base.OutputShape(inputShape, outputShape)
            : throw new ArgumentException($"{Description}: expected an input of shape (batch, …, {string.Join(", ", normalizedShape)}), got {Shape.Describe(inputShape)}.");

    private void Reserve(int length)
    {
        if (normalized.Length < length)
        {
            normalized = new T[length];
            scales = new T[length / size];
        }
    }
}
