using System.Globalization;

namespace ChainRule.Verification;

/// <summary>Reads the pattern of the errors over all tensors, where only numbers are known and nothing can be run again.</summary>
internal static class PatternDiagnosis
{
    // Central differences over a whole network are less exact than those of one piece, and entries may be missing.
    private const double Discount = 0.9;

    /// <summary>What the numbers suggest.</summary>
    public static IEnumerable<Diagnosis> Of(GradientEvidence evidence)
    {
        TensorEvidence[] wrong = [.. evidence.Tensors.Where(tensor => tensor.IsWrong)];
        if (wrong.Length == 0)
        {
            return [];
        }

        if (wrong.FirstOrDefault(tensor => tensor.Claimed.Any(value => !double.IsFinite(value))) is { } bad)
        {
            return [new Diagnosis { Cause = GradientMistake.NotFinite, Place = bad.Name, Confidence = 1, Evidence = $"{bad.Claimed.Count(value => !double.IsFinite(value))} of {bad.Claimed.Count} entries of the gradient of {bad.Name} are NaN or infinite: look for a division by 0, a square root or logarithm of 0, or an exponential that overflows." }];
        }

        return [.. OfAll(evidence, wrong), .. wrong.SelectMany(tensor => OfOne(evidence, tensor)), .. wrong.All(IsNearlyRight) ? [] : Guesses(evidence, wrong)];
    }

    private static IEnumerable<Diagnosis> OfAll(GradientEvidence evidence, TensorEvidence[] wrong)
    {
        double?[] factors = [.. wrong.Select(tensor => Agreement.Factor([.. tensor.Claimed], [.. tensor.Numeric]))];
        if (factors[0] is { } factor && !Agreement.Same(factor, 1) && factors.All(other => other is { } value && Agreement.Same(value, factor)))
        {
            bool isAll = wrong.Length == evidence.Tensors.Count;
            string what = wrong.Length == 1 ? $"Every entry of the gradient of {wrong[0].Name}" : isAll ? "Every gradient" : $"Every gradient of {string.Join(", ", wrong.Select(tensor => tensor.Name))}";
            Diagnosis diagnosis = FactorSuspicions.Of(factor, wrong.Sum(tensor => tensor.Numeric.Count(double.IsFinite)), evidence.BatchSize, Units(evidence, wrong), what);
            yield return diagnosis with { Place = wrong.Length == 1 ? wrong[0].Name : isAll ? "the loss" : "", Confidence = Discount * diagnosis.Confidence };
        }
    }

    private static IEnumerable<Diagnosis> OfOne(GradientEvidence evidence, TensorEvidence tensor)
    {
        double[] claim = [.. tensor.Claimed];
        double[] right = [.. tensor.Numeric];
        if (Agreement.IsZero(claim))
        {
            yield return new Diagnosis { Cause = GradientMistake.NeverReached, Place = tensor.Name, Confidence = 0.95, Evidence = $"The gradient of {tensor.Name} stays 0 although the loss depends on it: the backward pass never writes it." };
            yield break;
        }

        if (Penalty(tensor, claim, right) is { } penalty)
        {
            yield return penalty;
        }

        if (IsNearlyRight(tensor))
        {
            yield return Slight(tensor.Name, claim, right);
            yield break;
        }

        foreach (Suspicion suspicion in OrderSuspicions.Of(right, tensor.Shape).Where(suspicion => suspicion.Explains(claim)))
        {
            yield return suspicion.At(tensor.Name) with { Confidence = Discount * suspicion.Confidence };
        }

        if (PartSuspicions.Of(claim, right, tensor.Shape, tensor.Name) is { } part)
        {
            yield return part with { Confidence = Discount * part.Confidence };
        }
    }

    private static bool IsNearlyRight(TensorEvidence tensor) => Agreement.Same([.. tensor.Claimed], [.. tensor.Numeric]);

    /// <summary>An error that no pattern can be read from: the numbers are nearly right.</summary>
    private static Diagnosis Slight(string name, double[] claim, double[] right)
    {
        double share = claim.Zip(right, (claimed, numeric) => Math.Abs(claimed - numeric)).Where(double.IsFinite).Max() / right.Where(double.IsFinite).Max(Math.Abs);
        return new Diagnosis { Cause = GradientMistake.Unknown, Place = name, Confidence = 0.5, Evidence = string.Create(CultureInfo.InvariantCulture, $"The gradient of {name} is off by {share:E1} of its largest value at most: too little for a term that is missing or wrong. Look for a constant with few digits, an approximation, a bound, or digits that a difference of two numbers nearly alike has lost.") };
    }

    /// <summary>An error that is a multiple of the parameter itself, or of its signs.</summary>
    private static Diagnosis? Penalty(TensorEvidence tensor, double[] claim, double[] right)
    {
        if (claim.Length < 3)
        {
            return null; // two numbers are soon a multiple of two others
        }

        double[] missing = [.. right.Zip(claim, (numeric, claimed) => numeric - claimed)];
        (double[] Of, string What)[] penalties =
        [
            ([.. tensor.Value], "the parameter itself, as the derivative of a squared penalty (weight decay) is"),
            ([.. tensor.Value.Select(value => (double)Math.Sign(value))], "the parameter's sign, as the derivative of an absolute penalty is"),
        ];
        foreach ((double[] of, string what) in penalties)
        {
            if (Agreement.Factor(missing, of) is { } factor)
            {
                return new Diagnosis { Cause = GradientMistake.PenaltyMissing, Place = tensor.Name, Confidence = 0.95, Evidence = string.Create(CultureInfo.InvariantCulture, $"What the gradient of {tensor.Name} lacks is {factor:G4} times {what}: that term of the loss is not differentiated.") };
            }
        }

        return null;
    }

    /// <summary>The numbers of inputs and outputs that a factor may be.</summary>
    private static int[] Units(GradientEvidence evidence, TensorEvidence[] wrong) =>
        [evidence.OutputCount ?? 1, .. wrong.SelectMany(tensor => tensor.Shape).Select(length => (int)length)];

    /// <summary>Which tensors are wrong together says where to look.</summary>
    private static IEnumerable<Diagnosis> Guesses(GradientEvidence evidence, TensorEvidence[] wrong)
    {
        string names = string.Join(", ", wrong.Select(tensor => tensor.Name));
        TensorEvidence[] right = [.. evidence.Tensors.Where(tensor => !tensor.IsWrong)];
        bool isBias = wrong.All(tensor => tensor.Shape.Count == 1);
        if (isBias && right.Length > 0 && evidence.BatchSize is not 1)
        {
            yield return new Diagnosis { Cause = GradientMistake.NotSummed, Place = wrong.Length == 1 ? wrong[0].Name : "", Confidence = 0.5, Evidence = $"Only {names} is wrong, a bias by its shape: its gradient must be summed over the batch." };
        }
        else if (wrong.Length > 1 && right.Length > 0)
        {
            yield return new Diagnosis { Cause = GradientMistake.ActivationDerivativeMissing, Place = "", Confidence = 0.5, Evidence = $"{names} are wrong together and {string.Join(", ", right.Select(tensor => tensor.Name))} right: the gradient is spoilt between them; look at the derivative of the activation there." };
        }
        else if (wrong.Length == 1 && right.Length > 0)
        {
            yield return new Diagnosis { Cause = GradientMistake.WrongValueUsed, Place = wrong[0].Name, Confidence = 0.4, Evidence = $"Only the gradient of {names} is wrong: look at which values of the forward pass it is multiplied with, and whether every use of it adds to the gradient." };
        }

        yield return new Diagnosis { Cause = GradientMistake.Unknown, Place = wrong.Length == 1 ? wrong[0].Name : "", Confidence = 0.2, Evidence = $"The gradient of {names} is wrong, without a pattern that says more." };
    }
}
