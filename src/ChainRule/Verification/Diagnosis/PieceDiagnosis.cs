using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>Names the mistake in one piece of a network by experiments: what its backward pass would give with each mistake, and how it answers to other gradients from above and to other batches.</summary>
internal static class PieceDiagnosis
{
    /// <summary>What may be wrong with a piece, in any order; empty where it is right.</summary>
    public static IReadOnlyList<Diagnosis> Of(Examination e)
    {
        if (e.Claims.Any(claim => claim.Any(value => !double.IsFinite(value))))
        {
            int bad = e.Claims.Sum(claim => claim.Count(value => !double.IsFinite(value)));
            return [new Diagnosis { Cause = GradientMistake.NotFinite, Place = e.Piece.Name, Confidence = 1, Evidence = $"{bad} of {e.Claims.Sum(claim => claim.Length)} gradients of {e.Piece.Name} are NaN or infinite, although its values are finite: look for a division by 0, a square root or logarithm of 0, or an exponential that overflows." }];
        }

        if (e.Wrong.Count == 0)
        {
            return [];
        }

        List<Diagnosis> found = [.. OfThePiece(e)];
        foreach (int argument in e.Wrong)
        {
            found.AddRange(OfAnArgument(e, argument));
        }

        found.AddRange(Guesses(e));
        return found;
    }

    /// <summary>What concerns all that the piece claims.</summary>
    private static IEnumerable<Diagnosis> OfThePiece(Examination e)
    {
        if (!e.IsForeign && !e.Piece.IsLoss)
        {
            Diagnosis[] ofUpstream = [.. UpstreamExperiments.Of(e)];
            foreach (Diagnosis diagnosis in ofUpstream)
            {
                yield return diagnosis;
            }

            // What is not linear in the gradient from above has no Jacobian to compare.
            foreach (Diagnosis diagnosis in ofUpstream.Length == 0 ? PathExperiments.Of(e) : [])
            {
                yield return diagnosis;
            }
        }

        double?[] factors = [.. e.Wrong.Select(argument => Agreement.Factor(e.Claims[argument], e.Right[argument]))];
        if (factors.Length > 1 && factors[0] is { } factor && factors.All(other => other is { } value && Agreement.Same(value, factor)))
        {
            yield return FactorAt(e, e.Wrong[0], factor, $"Every gradient that {e.Piece.Name} gives", e.Wrong.Sum(argument => e.Claims[argument].Length)) with { Place = e.Piece.Name };
        }

        if (!e.IsForeign && IsRightForEverySample(e))
        {
            yield return new Diagnosis { Cause = GradientMistake.RightForOneSampleOnly, Place = e.Piece.Name, Confidence = 0.6, Evidence = $"{e.Piece.Name} is right for every single sample and wrong for the batch of {e.Piece.Batch}: look for an index of the sample that is missing, and for sums over the batch." };
        }
    }

    private static IEnumerable<Diagnosis> OfAnArgument(Examination e, int argument)
    {
        Piece.Argument about = e.Piece.Arguments[argument];
        (double[] claim, double[] right) = (e.Claims[argument], e.Right[argument]);
        if (Agreement.IsZero(claim))
        {
            yield return new Diagnosis { Cause = GradientMistake.NeverReached, Place = about.Name, Confidence = 0.97, Evidence = $"The gradient of {Called(about)} stays 0 although the output depends on it: the backward pass never writes it." };
            yield break;
        }

        if (Agreement.Factor(claim, right) is { } factor)
        {
            yield return FactorAt(e, argument, factor, $"Every entry of the gradient of {Called(about)}", right.Count(double.IsFinite)) with { Place = about.Name };
        }

        IEnumerable<Suspicion> suspicions = about.IsInput ? InputSuspicions.Of(e) : ParameterSuspicions.Of(e, argument);
        foreach (Suspicion suspicion in suspicions.Concat(OrderSuspicions.Of(right, about.Shape)).Where(suspicion => suspicion.Explains(claim)))
        {
            yield return suspicion.At(about.Name);
        }

        foreach (Diagnosis diagnosis in about.IsInput || e.IsForeign ? [] : ParameterExperiments.Of(e, argument))
        {
            yield return diagnosis;
        }

        if (about.IsInput && ByTheSignOfTheInput(e) is { } oneSided)
        {
            yield return oneSided;
        }
        else if (PartSuspicions.Of(claim, right, about.Shape, Called(about)) is { } part)
        {
            yield return part with { Place = about.Name };
        }
    }

    /// <summary>A piecewise activation with one wrong piece, and one that is right.</summary>
    private static Diagnosis? ByTheSignOfTheInput(Examination e)
    {
        if (!e.IsElementwise)
        {
            return null;
        }

        HashSet<int> wrong = [.. Agreement.Wrong(e.Claims[e.Input], e.Right[e.Input])];
        double[] x = [.. e.Piece.Input];
        bool isNegative = Enumerable.Range(0, x.Length).All(i => wrong.Contains(i) == x[i] < 0);
        bool isPositive = Enumerable.Range(0, x.Length).All(i => wrong.Contains(i) == x[i] > 0);
        return (isNegative || isPositive) && wrong.Count < x.Length
            ? new Diagnosis { Cause = GradientMistake.ActivationDerivativeWrong, Place = e.Piece.Name, Confidence = 0.92, Evidence = $"The derivative of {e.Piece.Name} is wrong exactly where its input is {(isNegative ? "negative" : "positive")}: look at that branch of the formula." }
            : null;
    }

    private static bool IsRightForEverySample(Examination e) =>
        Enumerable.Range(0, e.Piece.Batch).All(sample => Examination.Of(e.Piece.Take([sample])) is { Wrong.Count: 0 });

    private static Diagnosis FactorAt(Examination e, int argument, double factor, string what, int entries)
    {
        Piece.Argument about = e.Piece.Arguments[argument];
        int[] units = [(int)e.Piece.Input.Lengths[^1], (int)e.Piece.OutputShape[^1]];
        int batch = e.Piece.Batch;
        if (batch > 1 && !e.IsForeign && Examination.Of(e.Piece.Take([.. Enumerable.Range(0, batch - 1)])) is { } fewer && Agreement.Factor(fewer.Claims[argument], fewer.Right[argument]) is { } other)
        {
            return FactorSuspicions.Of(factor, other, entries, batch, units, what);
        }

        return FactorSuspicions.Of(factor, entries, batch, units, what);
    }

    /// <summary>What to look at where no experiment gave the claimed numbers.</summary>
    private static IEnumerable<Diagnosis> Guesses(Examination e)
    {
        string name = e.Piece.Name;
        Diagnosis Guess(GradientMistake cause, double confidence, string evidence) => new() { Cause = cause, Place = name, Confidence = confidence, Evidence = evidence };
        string wrong = string.Join(", ", e.Wrong.Select(argument => Called(e.Piece.Arguments[argument])));
        if (!e.Wrong.Contains(e.Input))
        {
            yield return Guess(GradientMistake.WrongValueUsed, 0.4, $"Only the gradient of {wrong} is wrong, what {name} hands down is right: look at which values of the forward pass it is multiplied with.");
            yield return Guess(GradientMistake.PathMissing, 0.35, $"Only the gradient of {wrong} is wrong: if it is used in several places, every use adds to its gradient.");
        }
        else if (e.IsElementwise)
        {
            yield return Guess(GradientMistake.ActivationDerivativeWrong, 0.7, $"The derivative of {name} is wrong, by another factor for every value of its input: compare its formula term by term.");
        }
        else if (!e.Piece.IsLoss)
        {
            yield return Guess(GradientMistake.CrossTermsMissing, 0.4, $"The gradient that {name} hands down is wrong, and its outputs depend on several inputs: look for a term that comes through a sum, a mean or a variance.");
        }

        yield return Guess(GradientMistake.Unknown, 0.2, $"The mistake is in {name}: its gradients of {wrong} are wrong, without a pattern that says more.");
    }

    private static string Called(Piece.Argument argument) => argument.IsInput ? $"the input of {argument.Name}" : argument.Name;
}
