namespace ChainRule.Verification;

/// <summary>Settings of <see cref="GradientCheck"/>.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// h, the distance to each side; 10⁻⁵ for double, 10⁻² for float where nothing is said. The error of a central
    /// difference is about h²/6·|L‴| from the curve and ε|L|/h from rounding; these are near the sum's minimum.
    /// </summary>
    /// <remarks>It counts in units of |θ| where |θ| is larger than 1.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double? Step
    {
        get;
        init => field = RequirePositive(value, "step");
    }

    /// <summary>The largest relative error that passes; 10⁻⁵ for double, 10⁻² for float where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double? Tolerance
    {
        get;
        init => field = RequirePositive(value, "tolerance");
    }

    /// <summary>How many entries of each tensor are checked, drawn by <see cref="Seed"/>; null for all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? Samples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            field = value;
        }
    }

    /// <summary>The seed of the entries that are drawn, and of the random projection that makes one number of the output of a layer that is checked without a loss.</summary>
    public uint Seed { get; init; }

    private static double? RequirePositive(double? value, string what) =>
        value is null || (value > 0 && double.IsFinite(value.Value))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The {what} of a gradient check is {value}: expected a number above 0.");
}
