using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The exponential linear unit: a = x where x &gt; 0, else α(exp(x) − 1).</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 where x &gt; 0, else α·exp(x). At x = 0 itself there is a corner unless
/// α = 1, and the slope is that of the left side, α.
/// </para>
/// <para>As PyTorch's <c>nn.ELU</c>. Source: Clevert, Unterthiner and Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear Units (ICLR 2016).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Elu<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T alpha;

    /// <summary>Makes the layer.</summary>
    /// <param name="alpha">α: far on the left the output is −α.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is not finite.</exception>
    public Elu(double alpha = 1)
    {
        if (!double.IsFinite(alpha))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "Elu: expected a finite alpha.");
        }

        Alpha = alpha;
        this.alpha = T.CreateChecked(alpha);
    }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <summary>E.g. Elu(1).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Elu({Alpha})");

    /// <summary>a = x where x &gt; 0, else α(exp(x) − 1).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(new Activation(alpha), input, output);

    /// <summary>∂L/∂x = ∂L/∂a where x &gt; 0, else ∂L/∂a · α·exp(x).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(new Gradient(alpha), Input, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected internal override int BranchCount => Alpha == 1 ? 0 : Input.Length; // with α = 1 both sides have the slope 1

    /// <inheritdoc/>
    protected internal override int Branch(int unit) => Input[unit] > T.Zero ? 1 : Input[unit] < T.Zero ? -1 : 0;

    private readonly struct Activation(T alpha) : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, VectorElementary.ExpMinusOne(x) * alpha);
    }

    private readonly struct Gradient(T alpha) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), da, da * (VectorElementary.Exp(x) * alpha));
    }
}
