using System.Numerics.Tensors;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the way back through the cells of an LSTM that is as small as can be: a forget gate, no state that comes back.</summary>
/// <remarks>fₜ = σ(xₜ·uₜ), gₜ = tanh(xₜ·vₜ), cₜ = fₜ·cₜ₋₁ + gₜ, aₜ = tanh(cₜ).</remarks>
internal abstract class CellBug : RecurrentBug
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

    /// <summary>tanh′.</summary>
    protected static double TanhSlope(double c) => 1 - (Math.Tanh(c) * Math.Tanh(c));

    protected sealed override (Tensor<double> OfU, Tensor<double> OfV) ProductGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
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
