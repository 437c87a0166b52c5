using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the line that takes the gradient through a softmax over the rows.</summary>
internal abstract class SoftmaxBug : BugOfALayer
{
    /// <summary>dx from the output a and the gradient da from above, both (batch, classes).</summary>
    public delegate Tensor<double> Line(Tensor<double> a, Tensor<double> da);

    private static readonly Code<Line> right = new((a, da) => a * (da - (da * a).SumOfEachRow()));

    protected abstract Code<Line> Wrong { get; }

    public sealed override BugCode Code => new("a = exp(x) / Σ exp(x), row by row", Wrong.Text("dx"), right.Text("dx"));

    protected sealed override bool Fits(Layer<double> layer) => layer is Softmax<double>;

    protected sealed override Layer<double> Replace(Layer<double> layer, bool mended) => new Wired(layer, (mended ? right : Wrong).Run);

    protected sealed override Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, outputs, random), new Softmax<double>());

    private sealed class Wired(Layer<double> layer, Line line) : BufferedLayer<double>
    {
        public override string ToString() => layer.ToString();

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) =>
            layer.Forward(Tensor.Create(input.ToArray(), InputShape)).AsSpan().CopyTo(output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            nint[] rows = [outputGradient.Length / InputShape[^1], InputShape[^1]];
            line(Tensor.Create(Output.ToArray(), rows), Tensor.Create(outputGradient.ToArray(), rows)).AsSpan().CopyTo(inputGradient);
        }
    }
}
