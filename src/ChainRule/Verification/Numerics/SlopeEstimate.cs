namespace ChainRule.Verification;

/// <summary>
/// A derivative measured with the step that suits it. Small steps drown in rounding, large ones see the curve and other
/// corners; how far rounding reaches is known, the curve is not.
/// </summary>
/// <remarks>
/// A step h measures φ′ up to rounding of at most noise/h and an error that falls with h. From the smallest step upwards each
/// is compared with all that are smaller: as long as the intervals D(h) ± noise/h have a point in common, the larger step
/// is no worse. The first that leaves them has seen the curve. Source of the rule: Lepskii, On a problem of adaptive estimation
/// in Gaussian white noise (1991).
/// </remarks>
internal sealed class SlopeEstimate
{
    private const double Ratio = 10;

    // How much of the rounding of φ, over the step, the gap between the two sides can show: φ to the left, to the right, and twice in the middle.
    private const double GapNoise = 4;

    // Of a difference: rounding that is no more leaves no doubt about it.
    private const double ClearShare = 0.1;

    private readonly List<Slopes> measured;
    private readonly int chosen;
    private readonly double lossNoise;

    private SlopeEstimate(List<Slopes> measured, int chosen, double lossNoise)
    {
        this.measured = measured;
        this.chosen = chosen;
        this.lossNoise = lossNoise;
    }

    /// <summary>At the step that suits.</summary>
    public Slopes Slopes => measured[chosen];

    /// <summary>How far rounding may have moved the central slope.</summary>
    public double Noise => NoiseAt(Slopes);

    /// <summary>Measures with one step after the other.</summary>
    /// <param name="line">φ.</param>
    /// <param name="center">Where φ′ is wanted.</param>
    /// <param name="smallest">The smallest step.</param>
    /// <param name="largest">The largest.</param>
    /// <param name="lossNoise">How far rounding may move φ.</param>
    /// <param name="extrapolate">Whether each step is extrapolated.</param>
    /// <returns>The estimate; null where φ cannot be computed beside the center.</returns>
    public static SlopeEstimate? Find(LossLine line, double center, double smallest, double largest, double lossNoise, bool extrapolate)
    {
        int decades = Math.Max(1, (int)Math.Ceiling(Math.Log(largest / smallest, Ratio) - 1e-9));
        var measured = new List<Slopes>();
        (double low, double high) = (double.NegativeInfinity, double.PositiveInfinity);
        bool seesCurve = false;
        for (int i = decades; i >= 0 && !seesCurve; i--)
        {
            var slopes = Slopes.Measure(line, center, largest / Math.Pow(Ratio, i), extrapolate);
            if (slopes.IsUsable)
            {
                double noise = slopes.NoiseGain * lossNoise / slopes.Step;
                low = Math.Max(low, slopes.Central - noise);
                high = Math.Min(high, slopes.Central + noise);
                seesCurve = low > high;
                measured.Add(slopes);
            }
            else if (measured.Count > 0)
            {
                break; // beyond where the loss is defined; before that, a step too small to move θ
            }
        }

        // Of the steps that agree the last but one: the last may have begun to see the curve, as far as the rounding of the others hides.
        return measured.Count == 0 ? null : new SlopeEstimate(measured, Math.Max(0, measured.Count - (seesCurve ? 3 : 2)), lossNoise);
    }

    /// <summary>
    /// The slopes to the left and to the right where φ has a corner. On a corner they stay apart as the step shrinks; on a smooth
    /// curve they come together as fast as the step.
    /// </summary>
    /// <returns>The lower, the higher, and how far rounding may have moved either; null where there is no corner to be seen.</returns>
    public (double Low, double High, double Noise)? Corner()
    {
        for (int i = chosen; i > 0; i--)
        {
            if (measured[i - 1].Gap > measured[i].Gap / 2 && measured[i - 1].Gap > GapNoise * NoiseAt(measured[i - 1]))
            {
                return Sides(i);
            }
        }

        return null;
    }

    /// <summary>The same for a point that is known to be a corner.</summary>
    public (double Low, double High, double Noise) Sides() => Sides(Math.Max(chosen, Math.Min(1, measured.Count - 1)));

    private (double Low, double High, double Noise) Sides(int i)
    {
        Slopes larger = measured[i];
        Slopes smaller = measured[Math.Max(0, i - 1)];

        // A slope to one side is off by the curvature times half the step: where two steps lead, at a step of 0, it is not.
        double share = i == 0 ? 0 : smaller.Step / (larger.Step - smaller.Step);
        double left = smaller.Left + (share * (smaller.Left - larger.Left));
        double right = smaller.Right + (share * (smaller.Right - larger.Right));
        return (Math.Min(left, right), Math.Max(left, right), 2 * (1 + (2 * share)) * NoiseAt(smaller));
    }

    /// <summary>The smallest step of those that agree at which a difference still shows clearly; where none does, the one that suits.</summary>
    /// <param name="difference">The difference.</param>
    /// <returns>The slopes, and how far rounding may have moved the central one.</returns>
    public (Slopes Slopes, double Noise) Finest(double difference)
    {
        int finest = measured.FindIndex(0, chosen + 1, slopes => NoiseAt(slopes) <= ClearShare * difference);
        return finest < 0 ? (Slopes, Noise) : (measured[finest], NoiseAt(measured[finest]));
    }

    private double NoiseAt(Slopes slopes) => slopes.NoiseGain * lossNoise / slopes.Step;
}
