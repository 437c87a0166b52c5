using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>
/// Names the mistake in a backward pass that was written somewhere else, for a network that is known: it walks back through the
/// network, makes one mistake after the other on purpose, and sees which one gives the gradients that are claimed.
/// </summary>
internal sealed class ForeignDiagnosis
{
    private readonly IReadOnlyList<Piece> pieces;
    private readonly Dictionary<string, double[]> claims;

    // The right gradient at the output of each piece.
    private readonly double[][] upstream;

    private ForeignDiagnosis(IReadOnlyList<Piece> pieces, Dictionary<string, double[]> claims)
    {
        this.pieces = pieces;
        this.claims = claims;
        upstream = new double[pieces.Count][];
        upstream[^1] = [1];
        for (int i = pieces.Count - 1; i > 0; i--)
        {
            upstream[i - 1] = pieces[i].Backward(upstream[i])[^1];
        }
    }

    /// <summary>What may be wrong with the claims; empty where no single mistake gives them.</summary>
    /// <param name="network">The network, right itself.</param>
    /// <param name="tensors">The claims.</param>
    public static IReadOnlyList<Diagnosis> Of(CheckedNetwork network, IReadOnlyList<TensorEvidence> tensors)
    {
        IReadOnlyList<Piece> pieces = Piece.Of(network);
        return pieces[^1].IsLoss
            ? [.. new ForeignDiagnosis(pieces, tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Claimed.ToArray())).Walk()]
            : [];
    }

    private IEnumerable<Diagnosis> Walk()
    {
        int right = pieces.Count; // the lowest piece all of whose claims are right
        for (int i = pieces.Count - 2; i >= 0; i--)
        {
            Piece piece = pieces[i];
            double[][] claimed = [.. piece.Arguments.Select((argument, t) => ClaimFor(i, argument) ?? [])];
            if (claimed.All(claim => claim.Length == 0))
            {
                continue;
            }

            if (Examination.OfClaims(piece, upstream[i], claimed) is not { } e)
            {
                yield break;
            }

            if (e.Wrong.Count == 0)
            {
                right = i;
                continue;
            }

            // The gradient may have been spoilt on its way here, or the claims of this piece may be.
            foreach (Diagnosis diagnosis in Between(i, Math.Min(right, pieces.Count - 1), claimed))
            {
                yield return diagnosis;
            }

            foreach (Diagnosis diagnosis in PieceDiagnosis.Of(e))
            {
                yield return diagnosis;
            }

            foreach (Diagnosis diagnosis in WithOtherValues(i, e))
            {
                yield return diagnosis;
            }

            yield break;
        }
    }

    private double[]? ClaimFor(int i, Piece.Argument argument) =>
        claims.GetValueOrDefault(argument.IsInput ? (i == 0 ? "input" : "") : argument.Name);

    /// <summary>Mistakes in the pieces above: each one's wrong gradient is taken down to here and compared.</summary>
    private IEnumerable<Diagnosis> Between(int here, int highest, double[][] claimed)
    {
        for (int above = here + 1; above <= highest; above++)
        {
            double[][] none = [.. pieces[above].Arguments.Select(_ => Array.Empty<double>())];
            if (Examination.OfClaims(pieces[above], upstream[above], none) is not { } e)
            {
                continue;
            }

            IEnumerable<Suspicion> suspicions = InputSuspicions.Of(e).Concat(OfUpstream(e));
            foreach (Suspicion suspicion in suspicions.Where(suspicion => !suspicion.Prediction.Any(double.IsNaN)))
            {
                double[] gradient = suspicion.Prediction;
                for (int i = above - 1; i > here; i--)
                {
                    gradient = pieces[i].Backward(gradient)[^1];
                }

                double[][] predicted = pieces[here].Backward(gradient);
                if (Enumerable.Range(0, claimed.Length).All(t => claimed[t].Length == 0 || Agreement.Same(claimed[t], predicted[t])))
                {
                    yield return suspicion.At(pieces[above].Name) with { Confidence = 0.98 };
                }
            }
        }
    }

    private static IEnumerable<Suspicion> OfUpstream(Examination e)
    {
        if (!e.Piece.IsLoss)
        {
            double[] ones = new double[e.Upstream.Length];
            ones.AsSpan().Fill(1);
            yield return new Suspicion(GradientMistake.UpstreamDropped, 0.98, $"The gradient from above is dropped in {e.Piece.Name}: the chain rule multiplies the local derivative by it.", e.Predict(e.Input, ones));
            yield return new Suspicion(GradientMistake.UpstreamAppliedTwice, 0.96, $"The gradient from above is multiplied in twice in {e.Piece.Name}.", e.Predict(e.Input, [.. e.Upstream.Select(value => value * value)]));
        }
    }

    /// <summary>A parameter whose gradient is built from another value of the forward pass that has the same shape.</summary>
    private IEnumerable<Diagnosis> WithOtherValues(int here, Examination e)
    {
        foreach (int other in Enumerable.Range(0, pieces.Count).Where(other => other != here && pieces[other].Input.Lengths.SequenceEqual(pieces[here].Input.Lengths)))
        {
            double[][] predicted = pieces[here].At(pieces[other].Input).Backward(upstream[here]);
            foreach (int t in e.Wrong.Where(t => t != e.Input && Agreement.Same(e.Claims[t], predicted[t])))
            {
                string name = e.Piece.Arguments[t].Name;
                yield return new Diagnosis
                {
                    Cause = GradientMistake.WrongValueUsed,
                    Place = name,
                    Confidence = 0.98,
                    Evidence = $"The gradient of {name} is built from the input of {pieces[other].Name}; in the forward pass it was multiplied with the input of {pieces[here].Name}.",
                };
            }
        }
    }
}
