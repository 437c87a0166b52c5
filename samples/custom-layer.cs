#:project ../src/ChainRule

// A layer of one's own: two methods side by side, and a proof that the second is the derivative of the first.
using System.Numerics.Tensors;
using ChainRule;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;

var random = new NumPyRandom(0);
var network = new Sequential<double>(new Linear<double>(3, 4, random), new Scale(4), new Softsign(), new Linear<double>(4, 1, random));
GradientCheckReport report = GradientCheck.Run(network, random.Randn(5, 3));
Console.Write(report);
report.ThrowIfFailed();

/// <summary>a = x / (1 + |x|), so ∂a/∂x = 1 / (1 + |x|)².</summary>
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

/// <summary>a = s·x with a learnt factor s for each feature: ∂L/∂x = ∂L/∂a·s, and ∂L/∂s = Σ over the batch of ∂L/∂a·x.</summary>
internal sealed class Scale(int features) : BufferedLayer<double>
{
    private readonly Parameter<double> factor = new("factor", Tensor.Create(Enumerable.Repeat(1.5, features).ToArray()));

    public override IReadOnlyList<Parameter<double>> Parameters => [factor];

    protected override void Forward(ReadOnlySpan<double> input, Span<double> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = factor.Value[i % features] * input[i];
        }
    }

    protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
    {
        Span<double> factorGradient = factor.AccumulateGradient();
        for (int i = 0; i < Input.Length; i++)
        {
            inputGradient[i] = outputGradient[i] * factor.Value[i % features];
            factorGradient[i % features] += outputGradient[i] * Input[i];
        }
    }
}
