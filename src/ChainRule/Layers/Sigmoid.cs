using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The logistic sigmoid: a = σ(x) = 1 / (1 + exp(−x)).</summary>
/// <remarks>
/// <para>Shapes: any; a has the shape of x. Backward: ∂a/∂x = σ(x)(1 − σ(x)) = a(1 − a).</para>
/// <para>Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (Nature 323, 1986).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sigmoid<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = σ(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = Elementary.Sigmoid(input[i]);
        }
    }

    /// <summary>∂L/∂x = ∂L/∂a · a(1 − a).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        ReadOnlySpan<T> a = Output;
        for (int i = 0; i < a.Length; i++)
        {
            inputGradient[i] = outputGradient[i] * a[i] * (T.One - a[i]);
        }
    }
}
