using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The logistic sigmoid: a = σ(x) = 1 / (1 + exp(−x)).</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Backward: ∂a/∂x = σ(x)(1 − σ(x)) = e / (1 + e)² with e = exp(−|x|). The last form is the
/// same number without a difference from 1: where a has been rounded to 1, a(1 − a) would be 0.
/// </para>
/// <para>Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (Nature 323, 1986).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sigmoid<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = σ(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(default(Activation), input, output);

    /// <summary>∂L/∂x = ∂L/∂a · σ(x)(1 − σ(x)).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(default(Gradient), Input, outputGradient, inputGradient);

    internal readonly struct Activation : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => VectorElementary.Sigmoid(x);
    }

    internal readonly struct Gradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da)
        {
            Vector<T> e = VectorElementary.Exp(-Vector.Abs(x));
            Vector<T> onePlusE = Vector<T>.One + e;
            return da * (e / (onePlusE * onePlusE));
        }
    }
}
