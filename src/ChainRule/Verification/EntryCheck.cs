using System.Numerics;

namespace ChainRule.Verification;

/// <summary>What was found for one entry θ of a tensor.</summary>
/// <param name="Analytic">The claimed derivative.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="Verdict">What follows.</param>
internal readonly record struct EntryCheck(double Analytic, double Numeric, GradientVerdict Verdict)
{
    /// <summary>|a − n| / max(|a|, |n|); 0 where both are 0.</summary>
    public double RelativeError
    {
        get
        {
            if (Analytic == Numeric)
            {
                return 0;
            }

            double error = Math.Abs(Analytic - Numeric) / Math.Max(Math.Abs(Analytic), Math.Abs(Numeric));
            return double.IsNaN(error) ? double.PositiveInfinity : error; // not a number is as wrong as it gets
        }
    }

    /// <summary>Judges the claim for one entry.</summary>
    /// <param name="loss">Computes L from the values as they are.</param>
    /// <param name="analyticNow">Runs the backward pass on the values as they are and reads this entry's derivative; null where only the claim is known.</param>
    /// <param name="theta">The entry; it comes back bit for bit.</param>
    /// <param name="analytic">The claim.</param>
    /// <param name="step">h, for |θ| up to 1.</param>
    /// <param name="tolerance">The largest relative error that passes.</param>
    /// <param name="lossRounding">How far rounding may move L.</param>
    public static EntryCheck Run<T>(Func<T> loss, Func<double>? analyticNow, ref T theta, double analytic, double step, double tolerance, double lossRounding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T original = theta;
        try
        {
            step *= Math.Max(1, Math.Abs(double.CreateTruncating(original))); // a fixed step would drown in the rounding of a large θ
            double noise = lossRounding / step;
            bool Agree(double a, double n) => Math.Abs(a - n) <= Math.Max(noise, tolerance * Math.Max(Math.Abs(a), Math.Abs(n)));

            Slopes slopes = Slopes.Measure(loss, ref theta, step);
            if (Agree(analytic, slopes.Central))
            {
                return new EntryCheck(analytic, slopes.Central, GradientVerdict.Pass);
            }

            // Strong curvature, or a corner that θ ± h crosses but θ is not on: a smaller step does not see it.
            Slopes closer = Slopes.Measure(loss, ref theta, step / 10);
            Slopes closest = Slopes.Measure(loss, ref theta, step / 100);
            if (Agree(analytic, closer.Central) || Agree(analytic, closest.Central))
            {
                return new EntryCheck(analytic, Agree(analytic, closer.Central) ? closer.Central : closest.Central, GradientVerdict.Pass);
            }

            // On a smooth curve the slopes to both sides come together as fast as the step shrinks; on a corner they stay apart.
            bool corner = closer.Gap > slopes.Gap / 2 && closer.Gap > noise;
            if (!corner)
            {
                return new EntryCheck(analytic, slopes.Central, GradientVerdict.Fail);
            }

            // A slope to one side is off by the curvature times half the step: where two steps lead, at a step of 0, it is not.
            // That multiplies the rounding of the smaller step, which is ten times that of the larger, by up to two.
            double left = closer.Left + ((closer.Left - slopes.Left) / 9);
            double right = closer.Right + ((closer.Right - slopes.Right) / 9);
            double slack = Math.Max(20 * noise, tolerance * Math.Abs(analytic));
            bool between = analytic >= Math.Min(left, right) - slack && analytic <= Math.Max(left, right) + slack;
            if (between)
            {
                return new EntryCheck(analytic, slopes.Central, GradientVerdict.Kink);
            }

            // Where several units sit on their corners at once, the value need not lie between the slopes: a unit that counts
            // as off may be on to the left and another to the right. Then the derivatives beside the corner are the proof.
            bool proved = analyticNow is not null;
            foreach (double side in proved ? new[] { step, -step } : [])
            {
                theta = original + T.CreateTruncating(side);
                proved &= Agree(analyticNow!(), Slopes.Measure(loss, ref theta, step / 10).Central);
                theta = original;
            }

            return new EntryCheck(analytic, slopes.Central, proved ? GradientVerdict.Kink : GradientVerdict.Fail);
        }
        finally
        {
            theta = original;
        }
    }

    /// <summary>The slopes of L to the left of θ, through it and to the right.</summary>
    private readonly record struct Slopes(double Left, double Central, double Right)
    {
        public double Gap => Math.Abs(Right - Left);

        /// <summary>Measures them with one step; θ comes back bit for bit.</summary>
        public static Slopes Measure<T>(Func<T> loss, ref T theta, double step)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            T original = theta;
            double here = double.CreateTruncating(loss());
            T right = theta = original + T.CreateTruncating(step);
            double above = double.CreateTruncating(loss());
            T left = theta = original - T.CreateTruncating(step);
            double below = double.CreateTruncating(loss());
            theta = original;

            // The distance that was gone, which rounding makes differ from the step where θ is large.
            double toRight = double.CreateTruncating(right - original);
            double toLeft = double.CreateTruncating(original - left);
            return new Slopes((here - below) / toLeft, (above - below) / (toLeft + toRight), (above - here) / toRight);
        }
    }
}
