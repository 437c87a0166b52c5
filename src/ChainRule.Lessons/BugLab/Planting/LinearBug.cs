using System.Numerics.Tensors;
using ChainRule.Layers;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in one of the three lines that take the gradient through z = x·W + b.</summary>
internal abstract class LinearBug : BugOfALayer
{
    /// <summary>∂L/∂W as loops over the samples, inputs and outputs: dWₖⱼ = Σᵢ xᵢₖ·dzᵢⱼ.</summary>
    protected static Code<Line> WeightSampleBySample { get; } = new((x, W, dz) =>
    {
        Tensor<double> dW = W.Zeros();
        for (int i = 0; i < x.Lengths[0]; i++)
        {
            for (int k = 0; k < W.Lengths[0]; k++)
            {
                for (int j = 0; j < W.Lengths[1]; j++)
                {
                    dW[k, j] += x[i, k] * dz[i, j];
                }
            }
        }

        return dW;
    });

    /// <summary>dW, db or dx from x (batch, inputs), W (inputs, outputs) and the gradient dz (batch, outputs) from above.</summary>
    public delegate Tensor<double> Line(Tensor<double> x, Tensor<double> W, Tensor<double> dz);

    private static readonly Code<Line> weight = new((x, W, dz) => x.Transpose().MatMul(dz));
    private static readonly Code<Line> bias = new((x, W, dz) => dz.SumOverBatch());
    private static readonly Code<Line> input = new((x, W, dz) => dz.MatMul(W.Transpose()));

    /// <summary>The three gradients.</summary>
    public enum Gradient
    {
        Weight,
        Bias,
        Input,
    }

    /// <summary>Which of them is wrong.</summary>
    protected abstract Gradient Of { get; }

    protected abstract Code<Line> Wrong { get; }

    /// <summary>The right line, as the formula; a bug in an index shows it as a loop.</summary>
    protected virtual Code<Line> Right => Of switch
    {
        Gradient.Weight => weight,
        Gradient.Bias => bias,
        _ => input,
    };

    /// <summary>Whether the mistake shows in a layer of that size.</summary>
    protected virtual bool Shows(Linear<double> layer) => layer.Inputs > 1 && layer.Outputs > 1;

    public sealed override BugCode Code
    {
        get
        {
            string result = Of switch
            {
                Gradient.Weight => "dW",
                Gradient.Bias => "db",
                _ => "dx",
            };
            return new BugCode("z = x·W + b", Wrong.Text(result), Right.Text(result));
        }
    }

    protected sealed override bool Fits(Layer<double> layer) => layer is Linear<double> linear && (Of != Gradient.Bias || linear.Bias is not null) && Shows(linear);

    protected sealed override Layer<double> Replace(Layer<double> layer, bool mended) => new Wired((Linear<double>)layer, Of, (mended ? Right : Wrong).Run);

    private sealed class Wired(Linear<double> layer, Gradient of, Line line) : BufferedLayer<double>
    {
        private readonly Parameter<double>[] parameters = [.. layer.Parameters.Select(SharedParameter.Of)];

        public override IReadOnlyList<Parameter<double>> Parameters => parameters;

        public override string ToString() => layer.ToString();

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) =>
            layer.Forward(Tensor.Create(input.ToArray(), InputShape)).AsSpan().CopyTo(output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            Tensor<double> x = Tensor.Create(Input.ToArray(), [Input.Length / layer.Inputs, layer.Inputs]); // all leading dimensions are rows
            Tensor<double> dz = Tensor.Create(outputGradient.ToArray(), [outputGradient.Length / layer.Outputs, layer.Outputs]);
            Tensor<double> Compute(Gradient gradient) => (gradient == of ? line : gradient switch
            {
                Gradient.Weight => weight.Run,
                Gradient.Bias => bias.Run,
                _ => input.Run,
            })(x, layer.Weight.Value, dz);

            Add(Compute(Gradient.Weight), parameters[0].AccumulateGradient());
            if (layer.Bias is not null)
            {
                Add(Compute(Gradient.Bias), parameters[1].AccumulateGradient());
            }

            Compute(Gradient.Input).Copy().AsSpan().CopyTo(inputGradient);
        }

        protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
        {
            inputShape.CopyTo(outputShape);
            outputShape[inputShape.Length - 1] = layer.Outputs;
            return inputShape.Length;
        }

        private static void Add(Tensor<double> gradient, Span<double> sum) => TensorPrimitives.Add(sum, gradient.Copy().AsSpan(), sum);
    }
}
