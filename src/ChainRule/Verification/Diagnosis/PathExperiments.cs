namespace ChainRule.Verification;

/// <summary>
/// How the claimed gradient of a piece is made up of the paths to its outputs: each output is given a gradient from above alone,
/// and the answers are compared with the measured derivatives.
/// </summary>
internal static class PathExperiments
{
    private const int MostOutputs = 600;
    private const int MostNamed = 8;

    /// <summary>The paths that are missing, count twice, or lead where there is none.</summary>
    public static IEnumerable<Diagnosis> Of(Examination e)
    {
        int outputs = e.Output.Length;
        if (outputs > MostOutputs)
        {
            yield break;
        }

        double[][][] answers = [.. Enumerable.Range(0, outputs).Select(o => e.Claim([.. Enumerable.Range(0, outputs).Select(other => other == o ? 1.0 : 0)]))];
        foreach (int t in e.Wrong)
        {
            double[][] claimed = [.. answers.Select(answer => answer[t])];
            double[][] right = [.. Enumerable.Range(0, outputs).Select(o => Enumerable.Range(0, e.Right[t].Length).Select(entry => e.Derivative(t, entry)[o]).ToArray())];
            if (t == e.Input && OfTheInput(e, claimed, right) is { } found)
            {
                yield return found;
            }

            int?[] weights = [.. claimed.Zip(right, Weight)];
            int[] known = [.. Enumerable.Range(0, outputs).Where(o => right[o].Any(value => Math.Abs(value) > 0))];
            if (known.Any(o => weights[o] is null))
            {
                continue;
            }

            // The outputs of one sample, by feature: a path is the same in all samples.
            int width = outputs / e.Piece.Batch;
            string Which(int[] some) => $"{string.Join(", ", some.Select(o => o % width).Distinct().Take(MostNamed))} of {width}";
            int[] missing = [.. known.Where(o => weights[o] == 0)];
            if (ArePaths(missing, known, right, width))
            {
                yield return Says(e, GradientMistake.PathMissing, 0.93, $"The paths through some outputs of {e.Piece.Name} are missing from the sum: {Which(missing)}.");
            }

            int[] twice = [.. known.Where(o => weights[o] == 2)];
            if (ArePaths(twice, known, right, width))
            {
                yield return Says(e, GradientMistake.PathCountedTwice, 0.95, $"The paths through some outputs of {e.Piece.Name} count twice: {Which(twice)}; a value that is used in several places hands its gradient down only after all of them have added to it.");
            }
        }
    }

    private static Diagnosis Says(Examination e, GradientMistake cause, double confidence, string evidence) => new() { Cause = cause, Place = e.Piece.Name, Confidence = confidence, Evidence = evidence };

    /// <summary>What the gradient of the input mixes up or leaves out.</summary>
    private static Diagnosis? OfTheInput(Examination e, double[][] claimed, double[][] right)
    {
        if (SamplesMix(e, claimed, right))
        {
            return Says(e, GradientMistake.SamplesMixed, 0.97, $"The gradients of the samples mix in {e.Piece.Name}: a gradient from above for one sample reaches the inputs of others, which its output does not depend on; look at the range of a sum.");
        }

        if (e.IsElementwise || claimed[0].Length != claimed.Length)
        {
            return null;
        }

        return IsDiagonal(claimed)
            ? Says(e, GradientMistake.CrossTermsMissing, 0.95, $"Only the own terms of {e.Piece.Name} are there: it treats each output as if it depended on the input of the same place alone, but a sum, a mean or a variance makes it depend on others.")
            : SharesATerm(e, claimed, right) is { } over
                ? Says(e, GradientMistake.CrossTermsMissing, 0.9, $"A term of {e.Piece.Name} that all values of a {over} share is missing or wrong: look for the paths through the mean, the variance or the normaliser.")
                : null;
    }

    /// <summary>Whether a gradient for one sample reaches the input of another that its output does not depend on.</summary>
    private static bool SamplesMix(Examination e, double[][] claimed, double[][] right)
    {
        int width = claimed[0].Length / e.Piece.Batch;
        return Enumerable.Range(0, claimed.Length).Any(o => Enumerable.Range(0, claimed[o].Length).Any(i => i / width != e.Sample(o) && claimed[o][i] != 0 && right[o][i] == 0));
    }

    /// <summary>
    /// Whether some of the outputs are whole features, and a value is known to reach them and others too: else its whole gradient is
    /// wrong, and not a path of several.
    /// </summary>
    private static bool ArePaths(int[] some, int[] known, double[][] right, int width)
    {
        HashSet<int> features = [.. some.Select(o => o % width)];
        int[] others = [.. known.Except(some)];
        bool IsReached(int[] from, int entry) => from.Any(o => Math.Abs(right[o][entry]) > 0);
        return !others.Any(o => features.Contains(o % width)) && Enumerable.Range(0, right[0].Length).Any(entry => IsReached(some, entry) && IsReached(others, entry));
    }

    /// <summary>How often a path counts in a claim: 0, 1 or 2; null where it is something else.</summary>
    private static int? Weight(double[] claim, double[] right) =>
        Agreement.IsZero(claim) ? 0 : Agreement.Same(claim, right) ? 1 : Agreement.Same(claim, [.. right.Select(value => 2 * value)]) ? 2 : null;

    private static bool IsDiagonal(double[][] claimed) =>
        Enumerable.Range(0, claimed.Length).All(o => Enumerable.Range(0, claimed.Length).All(i => i == o || claimed[o][i] == 0));

    /// <summary>
    /// Whether the error is, within each row or within each column, a product of two vectors: what goes through one number that
    /// all of them share. The answer says which of the two.
    /// </summary>
    private static string? SharesATerm(Examination e, double[][] claimed, double[][] right)
    {
        int batch = e.Piece.Batch;
        int width = claimed.Length / batch;
        double[][] error = [.. claimed.Zip(right, (claim, slopes) => claim.Zip(slopes, (x, y) => x - y).ToArray())];
        return AreProducts(Enumerable.Range(0, batch).Select(sample => Enumerable.Range(sample * width, width).ToArray()), error) ? "row"
            : AreProducts(Enumerable.Range(0, width).Select(feature => Enumerable.Range(0, batch).Select(sample => (sample * width) + feature).ToArray()), error) ? "column"
            : null;
    }

    /// <summary>Whether a matrix is 0 outside of the blocks of some groups, and each block is a product of two vectors.</summary>
    private static bool AreProducts(IEnumerable<int[]> groups, double[][] error)
    {
        double[] product = new double[error.Length * error.Length];
        foreach (int[] group in groups)
        {
            // One of the largest entry's row and column: e[o, i] = e[o, p]·e[q, i] / e[q, p].
            (int q, int p) = (from o in @group from i in @group select (o, i)).MaxBy(place => Math.Abs(error[place.o][place.i]));
            int used = 0;
            foreach (int o in group)
            {
                foreach (int i in group)
                {
                    product[(o * error.Length) + i] = error[o][p] * error[q][i] / error[q][p];
                    used += Math.Abs(error[o][i]) >= 1e-6 * Math.Abs(error[q][p]) ? 1 : 0;
                }
            }

            // Two numbers are too few to tell, and one wrong row or column is a product too.
            if (group.Length < 3 || 2 * used < group.Length * group.Length)
            {
                return false;
            }
        }

        return Agreement.Same([.. error.SelectMany(row => row)], product);
    }
}
