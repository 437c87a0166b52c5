using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>How a piece answers to other gradients from above: a right one is linear in them.</summary>
internal static class UpstreamExperiments
{
    /// <summary>The ways in which the gradient from above is used wrongly; empty where the piece is linear in it.</summary>
    public static IEnumerable<Diagnosis> Of(Examination e)
    {
        double[] r = e.Upstream;
        double[] s = [.. new NumPyRandom(2).Randn(r.Length)];
        double[][] ofS = e.Claim(s);
        double[][] ofTwice = e.Claim([.. r.Select(value => 2 * value)]);
        double[][] ofSum = e.Claim([.. r.Zip(s, (x, y) => x + y)]);
        foreach (int t in e.Wrong)
        {
            double[] claim = e.Claims[t];
            string name = e.Piece.Arguments[t].Name;
            Diagnosis Says(GradientMistake cause, double confidence, string evidence) => new() { Cause = cause, Place = name, Confidence = confidence, Evidence = evidence };
            if (Agreement.IsZero(claim))
            {
                continue; // never reached, or left out for these numbers: the same for every gradient from above says nothing then
            }

            if (Agreement.Same(claim, ofS[t]))
            {
                yield return Says(GradientMistake.UpstreamDropped, 0.98, $"The gradient from above is dropped in {e.Piece.Name}: another one gives the same result. The chain rule multiplies the local derivative by it.");
            }
            else if (Agreement.Same(ofTwice[t], [.. claim.Select(value => 4 * value)]))
            {
                yield return Says(GradientMistake.UpstreamAppliedTwice, 0.96, $"The gradient from above is multiplied in twice in {e.Piece.Name}: doubled, it makes the result four times as large.");
            }
            else if (!Agreement.Same(ofSum[t], [.. claim.Zip(ofS[t], (x, y) => x + y)]))
            {
                yield return Says(GradientMistake.Unknown, 0.5, $"{e.Piece.Name} is not linear in the gradient from above: the results of two gradients do not add up to that of their sum.");
            }
        }
    }
}
