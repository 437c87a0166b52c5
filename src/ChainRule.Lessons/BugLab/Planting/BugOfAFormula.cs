using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in a layer that somebody wrote by hand: its forward formula, and the right and the wrong lines back.</summary>
internal abstract class BugOfAFormula : PlantedBug
{
    /// <summary>The gradient of one thing from the input x, the parameters p, the output a and the gradient da from above.</summary>
    public delegate Tensor<double> Line(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da);

    /// <summary>The formula of the forward pass, in words of mathematics.</summary>
    protected abstract string Formula { get; }

    /// <summary>What the wrong line computes, e.g. dx.</summary>
    protected abstract string Result { get; }

    protected abstract Code<Line> Right { get; }

    protected abstract Code<Line> Wrong { get; }

    public sealed override BugCode Code => new(Formula, Wrong.Text(Result), Right.Text(Result));

    /// <summary>a from x and the parameters.</summary>
    protected abstract Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p);

    /// <summary>The parameters as they start.</summary>
    protected virtual IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [];

    /// <summary>The gradients of the parameters; the line stands for one of them, or for that of the input.</summary>
    protected virtual IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => [];

    /// <summary>Whether the input can be differentiated.</summary>
    protected virtual bool HasInputGradient => true;

    /// <summary>The gradient of the input.</summary>
    protected virtual Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line) => line(x, p, a, da);

    /// <summary>The inputs of the case.</summary>
    protected virtual Tensor<double> Inputs(int batch, int inputs, double scale, NumPyRandom random) => scale * random.Randn(batch, inputs);

    public sealed override GradientCheckReport Check(uint seed, bool mended = false, double scale = 1)
    {
        var random = new NumPyRandom(seed);
        (int batch, int inputs) = ((int)random.RandInt(3, 8), (int)random.RandInt(4, 8));
        var layer = new Written(this, Start(inputs, random), (mended ? Right : Wrong).Run);
        return GradientCheck.Run(layer, Inputs(batch, inputs, scale, random));
    }

    private sealed class Written(BugOfAFormula bug, IReadOnlyList<Parameter<double>> parameters, Line line) : Layer<double>
    {
        private readonly Tensor<double>[] values = [.. parameters.Select(parameter => parameter.Value)];
        private Tensor<double> x = Tensor<double>.Empty;
        private Tensor<double> a = Tensor<double>.Empty;

        public override IReadOnlyList<Parameter<double>> Parameters => parameters;

        public override bool HasInputGradient => bug.HasInputGradient;

        public override string ToString() => bug.Formula.Split(',')[0];

        public override Tensor<double> Forward(Tensor<double> input)
        {
            x = input;
            a = bug.Forward(x, values).Copy();
            return a;
        }

        public override Tensor<double> Backward(Tensor<double> outputGradient)
        {
            IReadOnlyList<Tensor<double>> gradients = bug.ParameterGradients(x, values, a, outputGradient, line);
            for (int i = 0; i < gradients.Count; i++)
            {
                Span<double> sum = parameters[i].AccumulateGradient();
                TensorPrimitives.Add(sum, gradients[i].Copy().AsSpan(), sum);
            }

            return bug.HasInputGradient ? bug.InputGradient(x, values, a, outputGradient, line).Copy() : Tensor<double>.Empty;
        }
    }
}
