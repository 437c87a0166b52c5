using System.Globalization;

namespace ChainRule.Verification;

/// <summary>One factor that all entries are wrong by: what it is the factor of.</summary>
internal static class FactorSuspicions
{
    /// <summary>What a factor means, where nothing is known of how it changes.</summary>
    /// <param name="factor">Claim over right value.</param>
    /// <param name="entries">The number of entries that it was seen in: one entry alone is always off by some factor.</param>
    /// <param name="batch">The number of samples; null where it is not known.</param>
    /// <param name="units">The numbers of inputs and outputs that it may be; a 1 means nothing.</param>
    /// <param name="what">What is wrong by it, e.g. Every entry of layer1.bias.</param>
    public static Diagnosis Of(double factor, int entries, int? batch, IReadOnlyList<int> units, string what) =>
        Usual(factor, what)
        ?? (batch > 1 ? OfTheBatch(factor, batch.Value, units, what) : null)
        ?? OfTheUnits(factor, units, what)
        ?? Constant(factor, entries, what);

    /// <summary>What a factor means, where it was also measured with one sample fewer.</summary>
    public static Diagnosis Of(double factor, double factorWithOneFewer, int entries, int batch, IReadOnlyList<int> units, string what)
    {
        if (Agreement.Same(factor, factorWithOneFewer))
        {
            return Usual(factor, what) ?? OfTheUnits(factor, units, what) ?? Constant(factor, entries, what);
        }

        return Agreement.Same(factor / batch, factorWithOneFewer / (batch - 1)) ? Summed(factor, batch, what, 0.97)
            : Agreement.Same(factor * batch, factorWithOneFewer * (batch - 1)) ? Averaged(factor, batch, what, 0.97)
            : OfTheBatch(factor, batch, units, what) ?? Constant(factor, entries, what);
    }

    private static Diagnosis? Usual(double factor, string what) =>
        Agreement.Same(factor, -1) ? Says(GradientMistake.SignTurned, 0.97, $"{what} is the negative of what it should be: the sign is turned, in a difference or where something was subtracted.")
        : Agreement.Same(factor, 2) ? Says(GradientMistake.FactorOfTwo, 0.96, $"{what} is twice what it should be: a 2 from a square that a factor ½ cancels, or a gradient that is added up twice.")
        : Agreement.Same(factor, 0.5) ? Says(GradientMistake.FactorOfTwo, 0.96, $"{what} is half of what it should be: the 2 of the derivative of a square is missing.")
        : null;

    private static Diagnosis? OfTheBatch(double factor, int batch, IReadOnlyList<int> units, string what)
    {
        int[] counts = [1, .. units];
        return counts.Any(count => Agreement.Same(factor, batch * count)) ? Summed(factor, batch, what, 0.85)
            : counts.Any(count => Agreement.Same(factor, 1.0 / (batch * count))) ? Averaged(factor, batch, what, 0.85)
            : null;
    }

    private static Diagnosis? OfTheUnits(double factor, IReadOnlyList<int> units, string what) =>
        units.FirstOrDefault(unit => unit > 1 && (Agreement.Same(factor, unit) || Agreement.Same(factor, 1.0 / unit))) is > 0 and var count
            ? Says(GradientMistake.FactorOfUnits, 0.95, $"{what} is {Number(factor)} times what it should be, and {count} is a number of inputs or outputs here: a mean is taken over the wrong count, or something is counted once for every unit.")
            : null;

    private static Diagnosis Summed(double factor, int batch, string what, double confidence) =>
        Says(GradientMistake.SummedInsteadOfAveraged, confidence, $"{what} is {Number(factor)} times what it should be, and that grows with the batch, here of {batch} samples: the mean is missing, a sum stands in its place.");

    private static Diagnosis Averaged(double factor, int batch, string what, double confidence) =>
        Says(GradientMistake.AveragedInsteadOfSummed, confidence, $"{what} is {Number(factor)} times what it should be, and that shrinks as the batch grows, here of {batch} samples: a mean stands where a sum belongs; the loss has divided by the batch already.");

    private static Diagnosis Constant(double factor, int entries, string what) =>
        Says(GradientMistake.ConstantFactor, entries > 2 ? 0.9 : 0.4, $"{what} is {Number(factor)} times what it should be: one constant factor is wrong or missing.");

    private static Diagnosis Says(GradientMistake cause, double confidence, string evidence) => new() { Cause = cause, Place = "", Confidence = confidence, Evidence = evidence };

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
