using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>Keeps x between two bounds: a = l where x &lt; l, h where x &gt; h, else x.</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 where l &lt; x &lt; h, else 0; on the two corners themselves, where there
/// is no derivative, 0.
/// </para>
/// <para>As PyTorch's <c>nn.Hardtanh</c>; with l = 0 and h = 6 its <c>nn.ReLU6</c>. Source: Collobert, Large Scale Machine Learning (thesis, 2004).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Hardtanh<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T low;
    private readonly T high;

    /// <summary>Makes the layer.</summary>
    /// <param name="low">l.</param>
    /// <param name="high">h, above l.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or h is not above l.</exception>
    public Hardtanh(double low = -1, double high = 1)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || high <= low)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, string.Create(CultureInfo.InvariantCulture, $"Hardtanh: expected two finite bounds, the second above the first, got {low} and {high}."));
        }

        Low = low;
        High = high;
        this.low = T.CreateChecked(low);
        this.high = T.CreateChecked(high);
    }

    /// <summary>l.</summary>
    public double Low { get; }

    /// <summary>h.</summary>
    public double High { get; }

    /// <summary>E.g. Hardtanh(-1, 1).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Hardtanh({Low}, {High})");

    /// <summary>a = l where x &lt; l, h where x &gt; h, else x.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(new Activation(low, high), input, output);

    /// <summary>∂L/∂x = ∂L/∂a where l &lt; x &lt; h, else 0.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(new Gradient(low, high), Input, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected internal override int BranchCount => Input.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit)
    {
        T x = Input[unit];
        return x < low ? -2 : x == low ? -1 : x == high ? 1 : x > high ? 2 : 0;
    }

    // Comparisons with a number that is none are false: it stays what it is.
    private readonly struct Activation(T low, T high) : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x)
        {
            Vector<T> atLeast = Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(low)), Vector.Create(low), x);
            return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector.Create(high)), Vector.Create(high), atLeast);
        }
    }

    private readonly struct Gradient(T low, T high) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da)
        {
            Vector<T> isInside = Vector.GreaterThan(x, Vector.Create(low)) & Vector.LessThan(x, Vector.Create(high));
            return Vector.ConditionalSelect(isInside, da, Vector<T>.Zero);
        }
    }
}
