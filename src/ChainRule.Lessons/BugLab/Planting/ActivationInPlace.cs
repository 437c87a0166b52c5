using System.Numerics.Tensors;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>a = f(x), element by element, in the memory that its lines choose.</summary>
/// <param name="layer">f.</param>
internal sealed class ActivationInPlace(Layer<double> layer) : Layer<double>
{
    private Tensor<double> x = Tensor<double>.Empty;

    /// <summary>a from f and x.</summary>
    public delegate Tensor<double> Forwards(Function f, Tensor<double> x);

    /// <summary>dx from f, x and the gradient da from above.</summary>
    public delegate Tensor<double> Back(Function f, Tensor<double> x, Tensor<double> da);

    public Forwards GoesForward { get; init; } = (f, x) => f.Value(x);

    public Back GoesBack { get; init; } = (f, x, da) => da * f.Slope(x);

    public override string ToString() => layer.ToString();

    public override Tensor<double> Forward(Tensor<double> input)
    {
        x = input;
        return GoesForward(new Function(layer), input);
    }

    public override Tensor<double> Backward(Tensor<double> outputGradient) => GoesBack(new Function(layer), x, outputGradient);

    /// <summary>An activation, at any values.</summary>
    public sealed class Function(Layer<double> layer)
    {
        public Tensor<double> Value(Tensor<double> values) => layer.Forward(values).Copy();

        public Tensor<double> Slope(Tensor<double> values)
        {
            layer.Forward(values);
            return layer.Backward(values.Ones()).Copy();
        }
    }
}
