using System.Numerics.Tensors;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the way back through the states of a GRU that is as small as can be: an update gate that stands at one half.</summary>
/// <remarks>rₜ = σ(xₜ·uₜ), nₜ = tanh(xₜ·vₜ + rₜ·hₜ₋₁), aₜ = hₜ = (hₜ₋₁ + nₜ)/2.</remarks>
internal abstract class CandidateBug : RecurrentBug
{
    protected sealed override string Formula => "hₜ = (hₜ₋₁ + nₜ)/2, with nₜ = tanh(xₜ·vₜ + rₜ·hₜ₋₁), rₜ = σ(xₜ·uₜ)";

    protected sealed override string Result => "dh";

    /// <summary>dh from x, the weights u and v, the states h, and da.</summary>
    protected sealed override Code<Line> Right { get; } = new((x, p, h, da) =>
    {
        (Tensor<double> r, Tensor<double> n) = Gates(x, p);
        Tensor<double> dh = da.Copy();
        for (nint t = h.Lengths[1] - 2; t >= 0; t--)
        {
            for (nint i = 0; i < h.Lengths[0]; i++)
            {
                double dn = (1 - (n[i, t + 1] * n[i, t + 1])) * dh[i, t + 1] / 2;
                dh[i, t] += (dh[i, t + 1] / 2) + (r[i, t + 1] * dn);
            }
        }

        return dh;
    });

    protected sealed override Tensor<double> Forward(Tensor<double> x, Tensor<double>[] p) => Walk(x, p).H;

    /// <summary>r and n of all steps.</summary>
    protected static (Tensor<double> R, Tensor<double> N) Gates(Tensor<double> x, Tensor<double>[] p)
    {
        (Tensor<double> r, Tensor<double> n, _) = Walk(x, p);
        return (r, n);
    }

    protected sealed override (Tensor<double> OfU, Tensor<double> OfV) ProductGradients(Tensor<double> x, Tensor<double>[] p, Tensor<double> a, Tensor<double> da, Line line)
    {
        Tensor<double> n = Walk(x, p).N;
        Tensor<double> dn = line(x, p, a, da) * (n.Ones() - (n * n)) / 2.0;
        return (dn * a.OneStepLater() * (x * p[0]).Map(Activation.SigmoidDerivative), dn);
    }

    private static (Tensor<double> R, Tensor<double> N, Tensor<double> H) Walk(Tensor<double> x, Tensor<double>[] p)
    {
        (Tensor<double> r, Tensor<double> n, Tensor<double> h) = ((x * p[0]).Map(Activation.Sigmoid), x.Zeros(), x.Zeros());
        for (nint i = 0; i < x.Lengths[0]; i++)
        {
            for (nint t = 0; t < x.Lengths[1]; t++)
            {
                double before = t == 0 ? 0 : h[i, t - 1];
                n[i, t] = Math.Tanh((x[i, t] * p[1][t]) + (r[i, t] * before));
                h[i, t] = (before + n[i, t]) / 2;
            }
        }

        return (r, n, h);
    }
}
