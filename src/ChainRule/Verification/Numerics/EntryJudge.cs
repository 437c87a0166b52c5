namespace ChainRule.Verification;

/// <summary>Decides whether a claimed slope of a line is the slope of that line.</summary>
/// <remarks>
/// The usual step comes first. Where it does not confirm the claim, a sweep finds the step that suits (<see cref="SlopeEstimate"/>),
/// without looking at the claim. What is then farther apart than both the tolerance and rounding allow is a corner or a mistake.
/// </remarks>
internal sealed record EntryJudge
{
    // Of a value that rounding leaves less than one digit of, agreement proves nothing.
    private const double Digit = 10;

    // Beside a corner steps are smaller than the way to it.
    private const double BesideCorner = 0.5;

    // Where within a step the claim is looked at: the ends, and nearer to the middle, where what is narrow shows.
    private static ReadOnlySpan<double> Within => [-1, -0.5, -0.1, 0.1, 0.5, 1];

    /// <summary>h of the first try, in units of θ's magnitude.</summary>
    public required double Step { get; init; }

    /// <summary>Whether <see cref="Step"/> was asked for: then no larger one is taken.</summary>
    public bool IsStepFixed { get; init; }

    /// <summary>The largest relative error that passes.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Whether <see cref="Tolerance"/> was asked for: then rounding is no excuse for more.</summary>
    public bool IsToleranceFixed { get; init; }

    /// <summary>Whether central differences are extrapolated.</summary>
    public bool Extrapolates { get; init; }

    /// <summary>How far rounding may move the loss; measured only where it matters.</summary>
    public required Lazy<double> LossNoise { get; init; }

    /// <summary>The distance from 1 to the next number.</summary>
    public required double Unit { get; init; }

    /// <summary>Smaller numbers have lost their digits.</summary>
    public double Least { get; init; }

    /// <summary>Judges.</summary>
    /// <param name="line">The line.</param>
    /// <param name="claim">The claimed slope at 0.</param>
    /// <param name="claimAt">Runs the backward pass beside the line's start and gives the slope there; null where only the claim is known.</param>
    /// <param name="size">The sizes of θ.</param>
    /// <param name="claimNoise">How far rounding may move the claim; asked only where it matters.</param>
    /// <param name="unitsOnCorners">The units that change their branch between two points of the line; null where nobody tells.</param>
    /// <param name="tellsAllCorners">Whether there are no other corners than those.</param>
    public Judgement Judge(
        LossLine line, double claim, Func<double>? claimAt, Magnitude size, Func<double>? claimNoise = null, Func<double, IReadOnlyList<KinkUnit>>? unitsOnCorners = null, bool tellsAllCorners = false)
    {
        double usual = Step * size.Usual;
        var first = Slopes.Measure(line, 0, usual, Extrapolates);
        if (Agree(claim, first.Central, 0))
        {
            return new Judgement(GradientVerdict.Pass, first.Central, first.Step, 0, []);
        }

        double smallest = Math.Min(usual, Math.Pow(Unit, 2.0 / 3) * size.Smallest);
        double largest = IsStepFixed ? usual : size.Largest;
        SlopeEstimate? Find(double from, double to) => SlopeEstimate.Find(line, 0, from, to, LossNoise.Value, Extrapolates);
        SlopeEstimate? found = Find(smallest, largest);
        if (found is null && size.Own > 0)
        {
            found = Find(Math.Pow(Unit, 2.0 / 3) * size.Own, Math.Min(largest, size.Own)); // as near to the end of the domain as a probability to 0
        }

        if (found is not { } estimate)
        {
            return new Judgement(GradientVerdict.Fail, first.Central, usual, double.NaN, []);
        }

        double numeric = estimate.Slopes.Central;
        Judgement As(GradientVerdict verdict, double resolution, IReadOnlyList<KinkUnit>? units = null) => new(verdict, numeric, estimate.Slopes.Step, resolution, units ?? []);
        if (Agree(claim, numeric, 0))
        {
            return As(GradientVerdict.Pass, estimate.Noise);
        }

        if (HiddenBy(estimate.Noise, claim, numeric) is { } verdict)
        {
            return As(verdict, estimate.Noise);
        }

        IReadOnlyList<KinkUnit> units = unitsOnCorners?.Invoke(estimate.Slopes.Step) ?? [];
        (double Low, double High, double Noise)? corner = units.Count > 0 ? estimate.Sides() : tellsAllCorners ? null : estimate.Corner();
        if (corner is var (low, high, noise))
        {
            // Where several units sit on their corners at once, or nobody tells how many, the value need not lie between the slopes: a unit that counts
            // as off may be on to the left and another to the right. Then the derivatives beside the corner are the proof; and
            // where they are wrong on both sides, lying between the slopes is no excuse.
            double slack = noise + estimate.Noise + (Tolerance * Math.Max(Math.Abs(low), Math.Abs(high)));
            bool between = claim >= low - slack && claim <= high + slack;
            bool? left = claimAt is null ? null : AgreesAt(line, -usual, claimAt, smallest);
            bool? right = claimAt is null ? null : AgreesAt(line, usual, claimAt, smallest);
            bool proved = double.IsFinite(claim) && (between ? left != false || right != false : units.Count != 1 && left == true && right == true);
            if (!proved)
            {
                return As(GradientVerdict.Fail, estimate.Noise, units);
            }

            // On a corner no step is better than another: the usual one's number is the one that others get.
            return first.IsUsable ? new Judgement(GradientVerdict.Kink, first.Central, first.Step, estimate.Noise, units) : As(GradientVerdict.Kink, estimate.Noise, units);
        }

        // Last, because beside a corner the claim changes for other reasons than rounding.
        double resolution = estimate.Noise + (claimNoise?.Invoke() ?? 0);
        double distance = Math.Abs(claim - numeric);
        return HiddenBy(resolution, claim, numeric) is { } hidden ? As(hidden, resolution)
            : claimAt is not null && !IsToleranceFixed && IsSlopeNearby(line, claim, claimAt, estimate) ? As(GradientVerdict.Noise, distance)
            : As(GradientVerdict.Fail, resolution);
    }

    /// <summary>
    /// Whether the measured slope is one that the backward pass claims within the step. A right one must: by the mean value theorem a
    /// central difference is the derivative somewhere in between. Then it is the curve that keeps the two apart, and a step small
    /// enough for it drowns in rounding. Where a step sees no curve, the claims within it are all the same, and this excuses nothing.
    /// Along a parabola every step measures the same slope, and a large one reaches claims of all sizes: the smallest that still sees
    /// the difference is asked.
    /// </summary>
    private bool IsSlopeNearby(LossLine line, double claim, Func<double> claimAt, SlopeEstimate estimate)
    {
        (Slopes slopes, double noise) = estimate.Finest(Math.Abs(claim - estimate.Slopes.Central));
        (double low, double high) = (claim, claim);
        foreach (double part in Within)
        {
            double there = line.At(part * slopes.Step, claimAt);
            low = Math.Min(low, there);
            high = Math.Max(high, there);
        }

        double slack = noise + (Tolerance * Math.Max(Math.Abs(low), Math.Abs(high)));
        return slopes.Central >= low - slack && slopes.Central <= high + slack;
    }

    /// <summary>What rounding makes of two values that do not agree: nothing can be said of them, or they are as near as they can be; null where it explains no such difference.</summary>
    private GradientVerdict? HiddenBy(double rounding, double claim, double numeric)
    {
        double larger = Math.Max(Math.Abs(claim), Math.Abs(numeric));
        bool within = Math.Abs(claim - numeric) <= rounding;
        return larger <= Math.Max(rounding, Least) || (within && larger < Digit * rounding) ? GradientVerdict.Noise
            : within && !IsToleranceFixed ? GradientVerdict.Pass
            : null;
    }

    private bool Agree(double claim, double numeric, double slack) =>
        double.IsFinite(claim) && Math.Abs(claim - numeric) <= Math.Max(slack, Tolerance * Math.Max(Math.Abs(claim), Math.Abs(numeric)));

    /// <summary>Whether the backward pass is right at another point of the line, with steps that do not reach back to the start.</summary>
    private bool AgreesAt(LossLine line, double point, Func<double> claimAt, double smallest)
    {
        double largest = BesideCorner * Math.Abs(point);
        return SlopeEstimate.Find(line, point, Math.Min(smallest, largest), largest, LossNoise.Value, Extrapolates) is not { } beside
            || Agree(line.At(point, claimAt), beside.Slopes.Central, beside.Noise);
    }
}

/// <summary>What a judge decided.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Numeric">The slope that was measured.</param>
/// <param name="Step">With which step.</param>
/// <param name="Resolution">How far rounding may have moved it or the claim; 0 where nobody asked.</param>
/// <param name="Units">The units on corners, for a kink.</param>
internal readonly record struct Judgement(GradientVerdict Verdict, double Numeric, double Step, double Resolution, IReadOnlyList<KinkUnit> Units);
