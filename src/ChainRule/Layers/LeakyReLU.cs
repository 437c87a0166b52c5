using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The leaky rectified linear unit: a = x where x &gt; 0, else s·x with a small slope s.</summary>
/// <remarks>
/// <para>Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 where x &gt; 0, else s.</para>
/// <para>Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models (ICML 2013).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LeakyReLU<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T slope;

    /// <summary>Makes the layer.</summary>
    /// <param name="negativeSlope">s, the slope left of zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not finite.</exception>
    public LeakyReLU(double negativeSlope = 0.01)
    {
        if (!double.IsFinite(negativeSlope))
        {
            throw new ArgumentOutOfRangeException(nameof(negativeSlope), negativeSlope, "LeakyReLU: expected a finite slope.");
        }

        NegativeSlope = negativeSlope;
        slope = T.CreateChecked(negativeSlope);
    }

    /// <summary>s, the slope left of zero.</summary>
    public double NegativeSlope { get; }

    /// <summary>E.g. LeakyReLU(0.01).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"LeakyReLU({NegativeSlope})");

    /// <summary>a = x where x &gt; 0, else s·x.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(new Activation(slope), input, output);

    /// <summary>∂L/∂x = ∂L/∂a where x &gt; 0, else s·∂L/∂a.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(new Gradient(slope), Input, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected internal override int BranchCount => Input.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit) => Input[unit] > T.Zero ? 1 : Input[unit] < T.Zero ? -1 : 0;

    private readonly struct Activation(T slope) : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), x, x * slope);
    }

    private readonly struct Gradient(T slope) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), da, da * slope);
    }
}
