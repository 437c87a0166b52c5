using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The softplus, a ReLU without a corner: a = log(1 + exp(x)).</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Computed as max(x, 0) + log(1 + exp(−|x|)), which cannot overflow.
/// Backward: ∂a/∂x = exp(x) / (1 + exp(x)) = σ(x).
/// </para>
/// <para>Source: Dugas, Bengio, Bélisle, Nadeau and Garcia, Incorporating Second-Order Functional Knowledge for Better Option Pricing (NIPS 2000).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softplus<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = log(1 + exp(x)).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(default(Activation), input, output);

    /// <summary>∂L/∂x = ∂L/∂a · σ(x).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(default(Gradient), Input, outputGradient, inputGradient);

    private readonly struct Activation : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => VectorElementary.Softplus(x);
    }

    private readonly struct Gradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => da * VectorElementary.Sigmoid(x);
    }
}
