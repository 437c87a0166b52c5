using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The hyperbolic tangent: a = tanh(x).</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 − tanh²(x) = 4e / (1 + e)² with e = exp(−2|x|). The last form is the
/// same number without a difference from 1: where a has been rounded to ±1, 1 − a² would be 0.
/// </para>
/// <para>Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tanh<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = tanh(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(default(Activation), input, output);

    /// <summary>∂L/∂x = ∂L/∂a · (1 − tanh²(x)).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(default(Gradient), Input, outputGradient, inputGradient);

    internal readonly struct Activation : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => QuotientExponential.Tanh(x);
    }

    internal readonly struct Gradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da)
        {
            Vector<T> e = VectorElementary.Exp(Vector.Abs(x) * T.CreateTruncating(-2));
            Vector<T> factor = Vector.Create(T.CreateTruncating(2)) / (Vector<T>.One + e);
            return da * (e * factor * factor);
        }
    }
}
