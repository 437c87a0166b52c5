using System.Numerics;

namespace ChainRule.Tests.Verification;

/// <summary>a = x³ on a scale that stays within bounds: x³/(1 + x²).</summary>
internal sealed class Cube<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            T x = input[i];
            output[i] = x * (x * x / (T.One + (x * x)));
        }
    }

    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < Input.Length; i++)
        {
            T square = Input[i] * Input[i];
            T share = square / (T.One + square);
            inputGradient[i] = outputGradient[i] * share * (T.One + (T.CreateTruncating(2) / (T.One + square)));
        }
    }
}
