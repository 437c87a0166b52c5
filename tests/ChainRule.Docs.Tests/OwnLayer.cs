namespace ChainRule.Docs.Tests;

// <layer>
internal sealed class Softsign : BufferedLayer<double>
{
    protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = input[i] / (1 + Math.Abs(input[i]));
        }
    }

    protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
    {
        for (int i = 0; i < Input.Length; i++)
        {
            double denominator = 1 + Math.Abs(Input[i]);
            inputGradient[i] = outputGradient[i] / (denominator * denominator);
        }
    }
}
// </layer>

/// <summary>x² with a lost factor 2: the mistake of the page on gradient checking.</summary>
internal sealed class WrongSquare : BufferedLayer<double>
{
    protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = input[i] * input[i];
        }
    }

    protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
    {
        for (int i = 0; i < Input.Length; i++)
        {
            inputGradient[i] = outputGradient[i] * Input[i];
        }
    }
}
