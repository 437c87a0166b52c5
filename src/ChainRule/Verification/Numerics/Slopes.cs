namespace ChainRule.Verification;

/// <summary>The slopes of φ to the left of a point, through it and to the right, measured with one step h.</summary>
/// <param name="Step">h; rounding makes it differ a little from the step that was asked for.</param>
/// <param name="Left">(φ(t) − φ(t − h)) / h.</param>
/// <param name="Central">(φ(t + h) − φ(t − h)) / 2h.</param>
/// <param name="Right">(φ(t + h) − φ(t)) / h.</param>
internal readonly record struct Slopes(double Step, double Left, double Central, double Right)
{
    /// <summary>How many times the rounding of φ over the step shows in <see cref="Central"/>.</summary>
    public double NoiseGain { get; private init; } = 1;

    /// <summary>How far the two sides are apart: on a smooth curve about h·|φ″|, on a corner the jump of the slope.</summary>
    public double Gap => Math.Abs(Right - Left);

    /// <summary>Whether the loss could be computed on both sides, and θ moved at all.</summary>
    public bool IsUsable => double.IsFinite(Central) && double.IsFinite(Left) && double.IsFinite(Right);

    /// <summary>Measures them.</summary>
    /// <param name="line">φ.</param>
    /// <param name="center">t.</param>
    /// <param name="step">h.</param>
    /// <param name="extrapolate">
    /// Whether to take half the step as well and combine both so that the largest part of the error cancels (Richardson):
    /// (4·D(h/2) − D(h))/3 for the central slope, 2·D(h/2) − D(h) for each side.
    /// </param>
    public static Slopes Measure(LossLine line, double center, double step, bool extrapolate = false)
    {
        Slopes whole = Measure(line, center, step);
        if (!extrapolate)
        {
            return whole;
        }

        Slopes half = Measure(line, center, step / 2);
        return new Slopes(whole.Step, (2 * half.Left) - whole.Left, ((4 * half.Central) - whole.Central) / 3, (2 * half.Right) - whole.Right) { NoiseGain = 3 };
    }

    private static Slopes Measure(LossLine line, double center, double step)
    {
        (double from, double here) = center == 0 ? (0, line.Here) : line.At(center);
        (double rightEnd, double above) = line.At(center + step);
        (double leftEnd, double below) = line.At(center - step);

        // The distance that was gone, which rounding makes differ from the step where θ is large.
        double toRight = rightEnd - from;
        double toLeft = from - leftEnd;
        return new Slopes((toLeft + toRight) / 2, (here - below) / toLeft, (above - below) / (toLeft + toRight), (above - here) / toRight);
    }
}
