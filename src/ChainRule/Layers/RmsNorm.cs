using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>
/// Root mean square normalisation: each sample, or each place of a sequence, is divided by the root mean square of its last
/// dimensions, then scaled by γ, which is learnt. Unlike <see cref="LayerNorm{T}"/> it takes no mean away.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: x and a (batch, …, normalised dimensions); γ as the normalised dimensions, together n numbers. The rest of x are rows of
/// n numbers that do not see each other.
/// </para>
/// <para>Forward, for each row: r = 1/√(1/n · Σ x² + ε), x̂ = x·r, a = γ∘x̂.</para>
/// <para>
/// Backward: ∂L/∂γ = Σ ∂L/∂a∘x̂ over the rows. r depends on every x of the row, ∂r/∂x = −r³x/n, which takes a mean away from
/// g = ∂L/∂a∘γ: ∂L/∂x = r(g − x̂ · 1/n · Σ g∘x̂).
/// </para>
/// <para>As PyTorch's <c>nn.RMSNorm</c> with ε = 10⁻⁶. Source: Zhang and Sennrich, Root Mean Square Layer Normalization (NeurIPS 2019).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsNorm<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] normalizedShape;
    private readonly int size;
    private readonly Parameter<T>[] parameters;
    private T[] normalized = [];
    private T[] scales = [];

    /// <summary>Makes a layer that scales by 1.</summary>
    /// <param name="normalizedShape">The last dimensions of the input, over which it normalises: [features], or more.</param>
    /// <param name="epsilon">ε, above 0: keeps the root away from 0.</param>
    /// <param name="affine">Whether there is γ.</param>
    /// <exception cref="ArgumentException">There are no dimensions, one of them is not positive, or ε is not above 0.</exception>
    public RmsNorm(IReadOnlyList<int> normalizedShape, double epsilon = 1e-6, bool affine = true)
    {
        size = LastDimensions.Size(normalizedShape, Kind);
        this.normalizedShape = [.. normalizedShape];
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "RmsNorm: expected a finite epsilon above 0.");
        }

        Epsilon = epsilon;
        if (affine)
        {
            Weight = new Parameter<T>("weight", LastDimensions.Filled(this.normalizedShape, T.One));
        }

        parameters = Weight is null ? [] : [Weight];
    }

    /// <summary>The dimensions that are normalised over.</summary>
    public IReadOnlyList<int> NormalizedShape => normalizedShape;

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>Whether there is γ.</summary>
    public bool IsAffine => Weight is not null;

    /// <summary>γ, in the normalised shape; null where the layer has none.</summary>
    public Parameter<T>? Weight { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <summary>x̂ and r: where x̂ is next to ±1 the gradient is a small difference of large numbers.</summary>
    internal override IEnumerable<Memory<T>> InnerValues => [normalized, scales];

    /// <summary>E.g. RmsNorm(8).</summary>
    public override string ToString() => $"RmsNorm({string.Join(", ", normalizedShape)}{(IsAffine ? "" : ", not affine")})";

    /// <summary>x̂ = x/√(1/n · Σ x² + ε), a = γ∘x̂, row by row.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        T n = T.CreateChecked(size);
        Reserve(input.Length);
        for (int row = 0; row < input.Length / size; row++)
        {
            ReadOnlySpan<T> x = input.Slice(row * size, size);
            Span<T> hat = normalized.AsSpan(row * size, size);
            Span<T> a = output.Slice(row * size, size);
            scales[row] = T.One / T.Sqrt((TensorPrimitives.SumOfSquares(x) / n) + T.CreateTruncating(Epsilon));
            TensorPrimitives.Multiply(x, scales[row], hat);
            if (Weight is null)
            {
                hat.CopyTo(a);
            }
            else
            {
                TensorPrimitives.Multiply(hat, Weight.Value.AsSpan(), a);
            }
        }
    }

    /// <summary>∂L/∂γ = Σ ∂L/∂a∘x̂, ∂L/∂x = r(g − x̂ · 1/n · Σ g∘x̂) with g = ∂L/∂a∘γ, row by row.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        T n = T.CreateChecked(size);
        Span<T> weightGradient = Weight is null ? [] : Weight.AccumulateGradient();
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
                TensorPrimitives.MultiplyAdd(da, hat, weightGradient, weightGradient);
                TensorPrimitives.Multiply(da, Weight.Value.AsSpan(), g);
            }

            T productMean = TensorPrimitives.Dot(g, hat) / n;
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
