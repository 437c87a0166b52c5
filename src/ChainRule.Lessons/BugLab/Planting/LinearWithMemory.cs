using System.Numerics.Tensors;
using ChainRule.Layers;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>z = x·W + b, with the places open where a layer remembers, collects or changes something.</summary>
internal sealed class LinearWithMemory : Layer<double>
{
    private readonly Linear<double> layer;
    private readonly Parameter<double>[] parameters;
    private Tensor<double>? x;
    private Tensor<double> dx = Tensor<double>.Empty;

    public LinearWithMemory(Linear<double> layer)
    {
        this.layer = layer;
        parameters = [.. layer.Parameters.Select(SharedParameter.Of)];
    }

    /// <summary>What is kept for the way back, from what was kept before and the new input.</summary>
    public delegate Tensor<double> Keep(Tensor<double>? kept, Tensor<double> x);

    /// <summary>The gradient of W from what has been added up and that of this pass.</summary>
    public delegate Tensor<double> Collect(Tensor<double> sum, Tensor<double> dW);

    /// <summary>The gradient of the input from what its memory holds, dz and W.</summary>
    public delegate Tensor<double> Down(Tensor<double> dx, Tensor<double> dz, Tensor<double> W);

    /// <summary>W after the backward pass has computed dW.</summary>
    public delegate Tensor<double> Move(Tensor<double> W, Tensor<double> dW);

    public Keep Keeps { get; init; } = (_, x) => x.Copy();

    public Collect Collects { get; init; } = (sum, dW) => sum + dW;

    public Down HandsDown { get; init; } = (_, dz, W) => dz.MatMul(W.Transpose());

    public Move Moves { get; init; } = (W, _) => W;

    public override IReadOnlyList<Parameter<double>> Parameters => parameters;

    public override string ToString() => layer.ToString();

    public override Tensor<double> Forward(Tensor<double> input)
    {
        x = Keeps(x, input);
        return layer.Forward(input);
    }

    public override Tensor<double> Backward(Tensor<double> outputGradient)
    {
        Tensor<double> W = layer.Weight.Value;
        Tensor<double> dW = x!.Transpose().MatMul(outputGradient);
        Span<double> sum = parameters[0].AccumulateGradient();
        Collects(Tensor.Create(sum.ToArray(), W.Lengths), dW).AsSpan().CopyTo(sum);
        if (layer.Bias is not null)
        {
            sum = parameters[1].AccumulateGradient();
            TensorPrimitives.Add(sum, outputGradient.SumOverBatch().AsSpan(), sum);
        }

        Moves(W, dW).Copy().AsSpan().CopyTo(W.AsSpan());
        dx = HandsDown(dx, outputGradient, W).Copy();
        return dx;
    }
}
