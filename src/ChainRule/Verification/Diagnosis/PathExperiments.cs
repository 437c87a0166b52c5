namespace ChainRule.Verification;

/// <summary>
/// How the claimed gradient of a piece is made up of the paths to its outputs: each output is given a gradient from above alone,
/// and the answers are compared with the measured derivatives.
/// </summary>
internal static class PathExperiments
{
    private const int MostOutputs = 600;

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
            Diagnosis Says(GradientMistake cause, double confidence, string evidence) => new() { Cause = cause, Place = e.Piece.Name, Confidence = confidence, Evidence = evidence };
            if (t == e.Input && SamplesMix(e, claimed, right))
            {
                yield return Says(GradientMistake.SamplesMixed, 0.97, $"The gradients of the samples mix in {e.Piece.Name}: a gradient from above for one sample reaches the inputs of others, which its output does not depend on; look at the range of a sum.");
            }
            else if (t == e.Input && !e.IsElementwise && claimed.Length == claimed[0].Length && IsDiagonal(claimed) && !IsDiagonal(right))
            {
                yield return Says(GradientMistake.CrossTermsMissing, 0.95, $"Only the own terms of {e.Piece.Name} are there: it treats each output as if it depended on the input of the same place alone, but a sum, a mean or a variance makes it depend on others.");
            }
            else if (t == e.Input && !e.IsElementwise && IsASharedTermMissing(e, claimed, right) is { } over)
            {
                yield return Says(GradientMistake.CrossTermsMissing, 0.9, $"A term of {e.Piece.Name} that all values of a {over} share is missing or wrong: look for the paths through the mean, the variance or the normaliser.");
            }

            if (t == e.Input && e.IsElementwise)
            {
                continue; // each value has one path: what can be wrong is its slope
            }

            double?[] weights = [.. Enumerable.Range(0, outputs).Select(o => Weight(claimed[o], right[o]))];
            int[] known = [.. Enumerable.Range(0, outputs).Where(o => right[o].Any(value => value != 0 && !double.IsNaN(value)))];
            if (known.Any(o => weights[o] is null || !(weights[o] is 0 or 1 || Agreement.Same(weights[o]!.Value, 2))))
            {
                continue;
            }

            // The outputs of one sample, by feature: a path is the same in all samples.
            int width = outputs / e.Piece.Batch;
            string Which(int[] some) => string.Join(", ", some.Select(o => o % width).Distinct().Order().Take(8));
            int[] missing = [.. known.Where(o => weights[o] is 0)];
            int[] twice = [.. known.Where(o => weights[o] is not (0 or 1))];
            bool isPartly = missing.Length + twice.Length < known.Length;
            if (missing.Length > 0 && twice.Length == 0 && isPartly && HasWholeFeatures(missing, known, width) && HasOtherPaths(missing, known, right))
            {
                yield return Says(GradientMistake.PathMissing, 0.93, $"The paths through some outputs of {e.Piece.Name} are missing from the sum: {Which(missing)} of {width}.");
            }
            else if (twice.Length > 0 && missing.Length == 0 && isPartly && HasWholeFeatures(twice, known, width) && HasOtherPaths(twice, known, right))
            {
                yield return Says(GradientMistake.PathCountedTwice, 0.95, $"The paths through some outputs of {e.Piece.Name} count twice: {Which(twice)} of {width}; a value that is used in several places hands its gradient down only after all of them have added to it.");
            }
        }
    }

    /// <summary>Whether a gradient for one sample reaches the input of another that its output does not depend on.</summary>
    private static bool SamplesMix(Examination e, double[][] claimed, double[][] right)
    {
        int width = claimed[0].Length / e.Piece.Batch;
        for (int o = 0; o < claimed.Length; o++)
        {
            for (int i = 0; i < claimed[o].Length; i++)
            {
                if (i / width != e.Sample(o) && claimed[o][i] != 0 && right[o][i] == 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasWholeFeatures(int[] some, int[] known, int width)
    {
        HashSet<int> features = [.. some.Select(o => o % width)];
        return known.Count(o => features.Contains(o % width)) == some.Length && features.Count < width;
    }

    /// <summary>Whether a value reaches some of the outputs and others too: else its whole gradient is wrong, and not a path of several.</summary>
    private static bool HasOtherPaths(int[] some, int[] known, double[][] right)
    {
        bool Reaches(int output, int entry) => right[output][entry] != 0;
        int[] others = [.. known.Except(some)];
        return Enumerable.Range(0, right[0].Length).Any(entry => some.Any(o => Reaches(o, entry)) && others.Any(o => Reaches(o, entry)));
    }

    /// <summary>0, 1 or k where claim = k·right; null where it is no multiple.</summary>
    private static double? Weight(double[] claim, double[] right) =>
        Agreement.IsZero(claim) ? 0 : Agreement.Same(claim, right) ? 1 : Agreement.Factor(claim, right);

    private static bool IsDiagonal(double[][] matrix)
    {
        for (int o = 0; o < matrix.Length; o++)
        {
            for (int i = 0; i < matrix.Length; i++)
            {
                if (i != o && Math.Abs(matrix[o][i]) > 1e-7 * Math.Abs(matrix[o][o]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the error is, within each row or within each column, a product of two vectors: what goes through one number that
    /// all of them share. The answer says which of the two.
    /// </summary>
    private static string? IsASharedTermMissing(Examination e, double[][] claimed, double[][] right)
    {
        int n = claimed.Length;
        if (claimed[0].Length != n || right.Any(row => row.Any(double.IsNaN)))
        {
            return null;
        }

        int width = n / e.Piece.Batch;
        double[,] error = new double[n, n];
        for (int o = 0; o < n; o++)
        {
            for (int i = 0; i < n; i++)
            {
                error[o, i] = claimed[o][i] - right[o][i];
            }
        }

        IEnumerable<int[]> rows = Enumerable.Range(0, e.Piece.Batch).Select(sample => Enumerable.Range(sample * width, width).ToArray());
        IEnumerable<int[]> columns = Enumerable.Range(0, width).Select(feature => Enumerable.Range(0, e.Piece.Batch).Select(sample => (sample * width) + feature).ToArray());
        return IsOneProductIn(rows, error) ? "row" : IsOneProductIn(columns, error) ? "column" : null;
    }

    private static bool IsOneProductIn(IEnumerable<int[]> groups, double[,] error)
    {
        double total = 0;
        foreach (double value in error)
        {
            total += value * value;
        }

        double inside = 0;
        double unexplained = 0;
        foreach (int[] group in groups)
        {
            if (group.Length < 3)
            {
                return false;
            }

            // Rank one about the largest entry: e[o, i] = e[o, p]·e[q, i] / e[q, p].
            (int q, int p) = (from o in @group from i in @group select (o, i)).MaxBy(place => Math.Abs(error[place.o, place.i]));
            double pivot = error[q, p];
            int small = 0;
            foreach (int o in group)
            {
                foreach (int i in group)
                {
                    double rest = pivot == 0 ? 0 : error[o, i] - (error[o, p] * error[q, i] / pivot);
                    inside += error[o, i] * error[o, i];
                    unexplained += rest * rest;
                    small += Math.Abs(error[o, i]) <= 1e-6 * Math.Abs(pivot) ? 1 : 0;
                }
            }

            if (small > group.Length * group.Length / 2)
            {
                return false; // one wrong row or column is a product too
            }
        }

        return Math.Abs(total - inside) <= 1e-6 * total && unexplained <= 1e-6 * total;
    }
}
