using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Explanation;
using ChainRule.Kernels;
using ChainRule.Verification;

namespace ChainRule.Playground.Session;

/// <summary>Judges gradients by moving each parameter a little to both sides: quick enough to do it for a whole network while somebody watches.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Judgement<T>(Sequential<T> network, Loss<T> loss, Tensor<T> inputs, Tensor<T> targets)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Rounding is a few units in the last place for each of the additions that made the loss.
    private const double RoundingUnits = 16;

    private static double Step => typeof(T) == typeof(double) ? 1e-5 : 1e-2;

    /// <summary>Judges every entry.</summary>
    /// <param name="pass">Whose gradients are judged; its loss is that of the parameters as they are.</param>
    public Verdicts Judge(Pass pass)
    {
        PassParameter[] claims = [.. pass.Layers.SelectMany(layer => layer.Parameters)];
        double rounding = RoundingUnits * double.CreateTruncating(T.BitIncrement(T.One) - T.One) * Math.Abs(pass.Loss);
        return new Verdicts([.. network.Parameters.Select((parameter, i) => Judge(parameter.Value, claims[i].Gradients, rounding, pass.Loss))]);
    }

    /// <summary>Judges a gradient that somebody else explains.</summary>
    /// <param name="claim">The gradient.</param>
    /// <param name="opinions">What others say.</param>
    public static GradientVerdict Of(double claim, Opinions opinions)
    {
        double tolerance = Step * Math.Max(Math.Abs(claim), Math.Abs(opinions.Paths));
        return Math.Abs(claim - opinions.Paths) <= Math.Max(tolerance, 1e-12) ? opinions.Verdict : GradientVerdict.Fail;
    }

    private GradientVerdict[] Judge(Tensor<T> values, IReadOnlyList<double> claims, double rounding, double here)
    {
        var verdicts = new GradientVerdict[claims.Count];
        for (int i = 0; i < verdicts.Length; i++)
        {
            ref T theta = ref values.AsSpan()[i];
            T original = theta;
            double step = Step * Math.Max(1, Math.Abs(double.CreateTruncating(original)));
            T right = theta = original + T.CreateTruncating(step);
            double above = Loss();
            T left = theta = original - T.CreateTruncating(step);
            double below = Loss();
            theta = original;
            double toRight = double.CreateTruncating(right - original);
            double toLeft = double.CreateTruncating(original - left);
            double numeric = (above - below) / (toLeft + toRight);
            double slack = Math.Max(rounding / step, Step * Math.Max(Math.Abs(claims[i]), Math.Abs(numeric)));
            (double one, double other) = ((here - below) / toLeft, (above - here) / toRight);
            bool between = claims[i] >= Math.Min(one, other) - slack && claims[i] <= Math.Max(one, other) + slack;
            verdicts[i] = Math.Abs(claims[i] - numeric) <= slack ? GradientVerdict.Pass : between ? GradientVerdict.Kink : GradientVerdict.Fail;
        }

        return verdicts;
    }

    private double Loss() => double.CreateTruncating(loss.Forward(network.Forward(inputs), targets));
}
