using System.Numerics;

namespace ChainRule.Verification;

/// <summary>How far rounding may have moved claimed gradients; measured once, and only if somebody asks.</summary>
/// <param name="subject">Who claims. Where the backward pass cannot be run again, nothing is known but the rounding of the result.</param>
/// <param name="entries">The entries of each tensor that anybody will ask for.</param>
/// <param name="seed">The seed of the measurement.</param>
internal sealed class ClaimNoise<T>(Subject<T> subject, int[][] entries, uint seed)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private double[][]? noise;

    /// <summary>How far rounding may have moved one claim.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="position">The place of the entry among those of its tensor that were named.</param>
    public double At(int tensor, int position) => (noise ??= Measure())[tensor][position];

    private double[][] Measure()
    {
        double[] Claims(double[][] gradients) => [.. entries.SelectMany((drawn, t) => drawn.Select(i => gradients[t][i]))];
        double[] claims = Claims(subject.Claims);
        double[] measured = subject.Gradients is null ? new double[claims.Length] : RoundingNoise.Of(() => Claims(subject.Gradients()), subject.Values, seed);
        double[] shaken = subject.ShakenGradients is null ? new double[claims.Length] : RoundingNoise.OfShaken(random => Claims(subject.ShakenGradients(random)), claims, seed);
        double[][] all = [.. entries.Select(drawn => new double[drawn.Length])];
        int next = 0;
        foreach (double[] part in all)
        {
            for (int i = 0; i < part.Length; i++, next++)
            {
                part[i] = measured[next] + shaken[next] + (Subject<T>.LeastNoise * Subject<T>.Unit * Math.Abs(claims[next]));
            }
        }

        return all;
    }
}
