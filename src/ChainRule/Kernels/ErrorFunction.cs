namespace ChainRule.Kernels;

/// <summary>The error function and what follows from it; .NET has none.</summary>
/// <remarks>
/// Two classical expansions meet at |x| = 2.5, where both reach double precision quickly: a series whose terms are all
/// positive, so that nothing cancels, and a continued fraction. Source: Abramowitz and Stegun, Handbook of Mathematical
/// Functions (1964), 7.1.6 and 7.1.14.
/// </remarks>
internal static class ErrorFunction
{
    private const double TwoOverSquareRootOfPi = 1.1283791670955126;
    private const double SeriesLimit = 2.5;

    /// <summary>erf(x) = 2/√π · ∫₀ˣ exp(−t²) dt.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) < SeriesLimit)
        {
            return Series(x);
        }

        return x > 0 ? 1 - UpperTail(x) : UpperTail(-x) - 1;
    }

    /// <summary>erfc(x) = 1 − erf(x), with all its digits where erf is close to 1.</summary>
    public static double Erfc(double x)
    {
        // 1 − erf loses digits as erf nears 1 (two at 1.5); the continued fraction loses none but needs more terms the
        // smaller x is.
        if (x < 1.5)
        {
            return x > -SeriesLimit ? 1 - Series(x) : 2 - UpperTail(-x);
        }

        return UpperTail(x);
    }

    /// <summary>Φ(x) = ½ erfc(−x/√2): the probability that a standard normal number is at most x.</summary>
    public static double NormalCumulative(double x) => 0.5 * Erfc(-x * 0.70710678118654752);

    /// <summary>φ(x) = exp(−x²/2) / √(2π) = Φ′(x).</summary>
    public static double NormalDensity(double x) => 0.39894228040143268 * Math.Exp(-0.5 * x * x);

    /// <summary>erf(x) = 2/√π · exp(−x²) · Σₙ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)).</summary>
    private static double Series(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return TwoOverSquareRootOfPi * Math.Exp(-x * x) * sum;
    }

    /// <summary>erfc(x) for x ≥ 1.5 by the continued fraction exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + 2/(x + …))))).</summary>
    private static double UpperTail(double x)
    {
        if (x > 27.3)
        {
            return 0; // below the smallest subnormal number
        }

        // So many terms give 3e-15 or better from 0.5 upwards; what is needed grows as 1/x².
        double fraction = x;
        for (int n = 12 + (int)(150 / (x * x)); n > 0; n--)
        {
            fraction = x + (0.5 * n / fraction);
        }

        return 0.5 * TwoOverSquareRootOfPi * Math.Exp(-x * x) / fraction;
    }
}
