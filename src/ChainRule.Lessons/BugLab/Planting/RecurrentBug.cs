using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the way back through time, in a recurrent layer that is as small as can be: one number and two weights, uₜ and vₜ, a step. A row is a sequence.</summary>
internal abstract class RecurrentBug : BugOfAFormula
{
    protected sealed override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("u", random.Randn(inputs)), new("v", random.Randn(inputs))];

    protected sealed override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        (Tensor<double> ofU, Tensor<double> ofV) = ProductGradients(x, p, a, da, line);
        return [(ofU * x).SumOverBatch(), (ofV * x).SumOverBatch()];
    }

    protected sealed override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        (Tensor<double> ofU, Tensor<double> ofV) = ProductGradients(x, p, a, da, line);
        return (ofU * p[0]) + (ofV * p[1]);
    }

    /// <summary>The gradients of xₜ·uₜ and of xₜ·vₜ, for all steps.</summary>
    protected abstract (Tensor<double> OfU, Tensor<double> OfV) ProductGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line);
}
