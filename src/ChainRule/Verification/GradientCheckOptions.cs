namespace ChainRule.Verification;

/// <summary>Settings of <see cref="GradientCheck"/>.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// h, the distance to each side, in units of the magnitude of θ; where nothing is said 10⁻⁵ for double, 10⁻² for float, and
    /// for an entry that it does not settle the step that a sweep finds to suit. The error of a central difference is about
    /// h²/6·L‴ from the curve and ε|L|/h from rounding; these are near the sum's minimum.
    /// </summary>
    /// <remarks>
    /// The magnitude is |θ|, or the root mean square of its tensor where that is larger, or 1 where the tensor is all 0. Where a
    /// step is given, the sweep takes smaller ones only.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double? Step
    {
        get;
        init => field = RequirePositive(value, "step");
    }

    /// <summary>
    /// The largest relative error that passes. Where nothing is said it is 10⁻⁵ for double and 10⁻² for float, or what rounding can
    /// have done to this entry where that is more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a finite number above 0.</exception>
    public double? Tolerance
    {
        get;
        init => field = RequirePositive(value, "tolerance");
    }

    /// <summary>
    /// How many entries of each tensor are checked at most, drawn by <see cref="Seed"/> so that all rows and columns have their
    /// turn. What is not drawn is still part of the Taylor test.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Samples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1000;

    /// <summary>The seed of everything random: the entries that are drawn, directions, and the numbers that make a loss of the output of a layer that is checked alone.</summary>
    public uint Seed { get; init; }

    /// <summary>Whether central differences are taken at half the step too and extrapolated (Richardson): an error of order h⁴ for twice the passes.</summary>
    public bool Extrapolate { get; init; }

    private static double? RequirePositive(double? value, string what) =>
        value is null || (value > 0 && double.IsFinite(value.Value))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The {what} of a gradient check is {value}: expected a number above 0.");
}
