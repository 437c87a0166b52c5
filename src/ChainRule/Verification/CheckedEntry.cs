namespace ChainRule.Verification;

/// <summary>What a gradient check found for one entry θ of a tensor.</summary>
public sealed record CheckedEntry
{
    /// <summary>The parameter, or <c>input</c>.</summary>
    public required string Parameter { get; init; }

    /// <summary>Where in the tensor the entry stands.</summary>
    public required IReadOnlyList<int> Index { get; init; }

    /// <summary>What the backward pass claims.</summary>
    public required double Analytic { get; init; }

    /// <summary>The central difference.</summary>
    public required double Numeric { get; init; }

    /// <summary>h, the step that <see cref="Numeric"/> was measured with.</summary>
    public required double Step { get; init; }

    /// <summary>How far rounding may have moved either of the two values; 0 where they agreed without asking.</summary>
    public required double Resolution { get; init; }

    /// <summary>What follows.</summary>
    public required GradientVerdict Verdict { get; init; }

    /// <summary>For a kink the units that sit on a corner, as far as their layers tell; else empty.</summary>
    public IReadOnlyList<KinkUnit> Units { get; init; } = [];

    /// <summary>|a − n|.</summary>
    public double AbsoluteError => Math.Abs(Analytic - Numeric);

    /// <summary>|a − n| / max(|a|, |n|); 0 where both are 0, and infinite where one is not a number.</summary>
    public double RelativeError
    {
        get
        {
            if (Analytic == Numeric)
            {
                return 0;
            }

            double error = AbsoluteError / Math.Max(Math.Abs(Analytic), Math.Abs(Numeric));
            return double.IsNaN(error) ? double.PositiveInfinity : error; // not a number is as wrong as it gets
        }
    }

    /// <summary>The entry as one reads it in code, e.g. layer1.weight[0, 3].</summary>
    public string Name => $"{Parameter}[{string.Join(", ", Index)}]";
}
