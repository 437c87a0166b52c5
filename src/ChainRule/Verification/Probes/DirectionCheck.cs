using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>Checks a gradient along one random direction: one number that every entry has a part in.</summary>
internal static class DirectionCheck
{
    /// <summary>Whether nothing speaks against it.</summary>
    /// <param name="subject">Whose claims are checked.</param>
    /// <param name="options">The seed of the direction.</param>
    /// <param name="still">Tensors that stay as they are.</param>
    public static bool IsRight<T>(Subject<T> subject, GradientCheckOptions options, IReadOnlySet<int>? still = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double count = subject.Values.Sum(value => (double)value.FlattenedLength);
        var random = new NumPyRandom(options.Seed + 3);
        double[][] direction = [.. subject.Values.Select((value, i) => Magnitude.Direction(value, count, random).Select(part => still?.Contains(i) == true ? 0 : part).ToArray())];
        double Slope(double[][] gradients) => gradients.Select((part, i) => TensorPrimitives.Dot<double>(part, direction[i])).Sum();
        double slope = Slope(subject.Claims);
        double ClaimNoise() =>
            (subject.Gradients is null ? 0 : RoundingNoise.Of(() => [Slope(subject.Gradients())], subject.Values, options.Seed)[0])
            + (subject.ShakenGradients is null ? 0 : RoundingNoise.OfShaken(shaken => [Slope(subject.ShakenGradients(shaken))], [slope], options.Seed)[0])
            + (Subject<T>.LeastNoise * Subject<T>.Unit * subject.Claims.Select((part, i) => part.Select((value, k) => Math.Abs(value * direction[i][k])).Sum()).Sum());
        return Judges.For<T>(options with { Step = null, Tolerance = null }, subject.LossNoise(options.Seed))
            .Judge(new DirectionLine<T>(subject.Loss, subject.Values, direction), slope, subject.Gradients is null ? null : () => Slope(subject.Gradients()), Magnitude.One, ClaimNoise)
            .Verdict != GradientVerdict.Fail;
    }
}
