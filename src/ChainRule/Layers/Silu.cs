using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The sigmoid linear unit, also called swish: a = x·σ(x).</summary>
/// <remarks>
/// <para>Shapes: any; a has the shape of x. Backward, by the product rule: ∂a/∂x = σ(x) + x·σ(x)(1 − σ(x)).</para>
/// <para>Source: Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning (2018).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Silu<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = x·σ(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(default(Activation), input, output);

    /// <summary>∂L/∂x = ∂L/∂a · σ(x)(1 + x(1 − σ(x))).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(default(Gradient), Input, outputGradient, inputGradient);

    private readonly struct Activation : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => x * VectorElementary.Sigmoid(x);
    }

    private readonly struct Gradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da)
        {
            Vector<T> s = VectorElementary.Sigmoid(x);
            Vector<T> oneMinusS = VectorElementary.Sigmoid(-x); // 1 − σ(x) = σ(−x), without the digits that the subtraction loses
            return da * (s * (Vector<T>.One + (x * oneMinusS)));
        }
    }
}
