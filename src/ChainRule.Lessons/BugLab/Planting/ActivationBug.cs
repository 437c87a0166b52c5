using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the line that takes the gradient through an activation a = f(x), element by element.</summary>
internal abstract class ActivationBug : BugOfALayer
{
    /// <summary>dx from f, its input x, its output a and the gradient da from above, all of one shape.</summary>
    public delegate Tensor<double> Line(ActivationInPlace.Function f, Tensor<double> x, Tensor<double> a, Tensor<double> da);

    /// <summary>The formula of the forward pass.</summary>
    protected virtual string Forward => "a = f(x)";

    protected virtual Code<Line> Right { get; } = new((f, x, a, da) => da * f.Slope(x));

    protected abstract Code<Line> Wrong { get; }

    public sealed override BugCode Code => new(Forward, Wrong.Text("dx"), Right.Text("dx"));

    protected override bool Fits(Layer<double> layer) => layer is ReLU<double> or LeakyReLU<double> or Sigmoid<double> or Tanh<double> or Softplus<double> or Silu<double> or Gelu<double>;

    protected sealed override Layer<double> Replace(Layer<double> layer, bool mended) => new Wired(layer, (mended ? Right : Wrong).Run);

    private sealed class Wired(Layer<double> layer, Line line) : BufferedLayer<double>
    {
        public override string ToString() => layer.ToString();

        protected override void Forward(ReadOnlySpan<double> input, Span<double> output) =>
            layer.Forward(Tensor.Create(input.ToArray(), InputShape)).AsSpan().CopyTo(output);

        protected override void Backward(ReadOnlySpan<double> outputGradient, Span<double> inputGradient)
        {
            Tensor<double> Of(ReadOnlySpan<double> values) => Tensor.Create(values.ToArray(), InputShape);
            line(new ActivationInPlace.Function(layer), Of(Input), Of(Output), Of(outputGradient)).AsSpan().CopyTo(inputGradient);
        }
    }
}
