using System.Numerics;

namespace ChainRule.Layers;

/// <summary>The hyperbolic tangent: a = tanh(x).</summary>
/// <remarks>
/// <para>Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 − tanh²(x) = 1 − a².</para>
/// <para>Source: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Tanh<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = tanh(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = T.Tanh(input[i]);
        }
    }

    /// <summary>∂L/∂x = ∂L/∂a · (1 − a²).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        ReadOnlySpan<T> a = Output;
        for (int i = 0; i < a.Length; i++)
        {
            inputGradient[i] = outputGradient[i] * (T.One - (a[i] * a[i]));
        }
    }
}
