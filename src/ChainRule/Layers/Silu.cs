using System.Numerics;
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
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = input[i] * Elementary.Sigmoid(input[i]);
        }
    }

    /// <summary>∂L/∂x = ∂L/∂a · σ(x)(1 + x(1 − σ(x))).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        ReadOnlySpan<T> x = Input;
        for (int i = 0; i < x.Length; i++)
        {
            T s = Elementary.Sigmoid(x[i]);
            T oneMinusS = Elementary.Sigmoid(-x[i]); // 1 − σ(x) = σ(−x), without the digits that the subtraction loses
            inputGradient[i] = outputGradient[i] * s * (T.One + (x[i] * oneMinusS));
        }
    }
}
