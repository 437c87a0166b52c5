using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the way back through the cells of an LSTM that is as small as can be: one number and two weights a step, a forget gate, no state that comes back.</summary>
/// <remarks>fₜ = σ(xₜ·uₜ), gₜ = tanh(xₜ·vₜ), cₜ = fₜ·cₜ₋₁ + gₜ, aₜ = tanh(cₜ). A row is a sequence.</remarks>
internal abstract class CellBug : BugOfAFormula
{
    protected sealed override string Formula => "cₜ = fₜ·cₜ₋₁ + gₜ, aₜ = tanh(cₜ), with fₜ = σ(xₜ·uₜ), gₜ = tanh(xₜ·vₜ)";

    protected sealed override string Result => "dc";

    /// <summary>dc from x, the weights u and v, the cells c, and da.</summary>
    protected sealed override Code<Line> Right { get; } = new((x, p, c, da) =>
    {
        Tensor<double> dc = c.Zeros();
        for (nint t = c.Lengths[1] - 1; t >= 0; t--)
        {
            for (nint i = 0; i < c.Lengths[0]; i++)
            {
                dc[i, t] = da[i, t] * TanhSlope(c[i, t]);
                if (t + 1 < c.Lengths[1])
                {
                    dc[i, t] += dc[i, t + 1] * Activation.Sigmoid(x[i, t + 1] * p[0][t + 1]);
                }
            }
        }

        return dc;
    });

    protected sealed override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => Cells(x, p).Map(Math.Tanh);

    protected sealed override IReadOnlyList<Parameter<double>> Start(int inputs, NumPyRandom random) => [new("u", random.Randn(inputs)), new("v", random.Randn(inputs))];

    protected sealed override IReadOnlyList<Tensor<double>> ParameterGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        (Tensor<double> df, Tensor<double> dg) = Sums(x, p, da, line);
        return [(df * x).SumOverBatch(), (dg * x).SumOverBatch()];
    }

    protected sealed override Tensor<double> InputGradient(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        (Tensor<double> df, Tensor<double> dg) = Sums(x, p, da, line);
        return (df * p[0]) + (dg * p[1]);
    }

    /// <summary>tanh′.</summary>
    protected static double TanhSlope(double c) => 1 - (Math.Tanh(c) * Math.Tanh(c));

    private static (Tensor<double> F, Tensor<double> G) Sums(Tensor<double> x, Tensor<double>[] p, Tensor<double> da, Line line)
    {
        Tensor<double> c = Cells(x, p);
        Tensor<double> dc = line(x, p, c, da);
        return (dc * c.OneStepLater() * (x * p[0]).Map(Activation.SigmoidDerivative), dc * (x * p[1]).Map(TanhSlope));
    }

    private static Tensor<double> Cells(Tensor<double> x, Tensor<double>[] p)
    {
        Tensor<double> c = x.Zeros();
        for (nint i = 0; i < x.Lengths[0]; i++)
        {
            for (nint t = 0; t < x.Lengths[1]; t++)
            {
                c[i, t] = Math.Tanh(x[i, t] * p[1][t]) + (t == 0 ? 0 : Activation.Sigmoid(x[i, t] * p[0][t]) * c[i, t - 1]);
            }
        }

        return c;
    }
}
