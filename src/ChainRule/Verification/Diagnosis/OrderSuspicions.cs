namespace ChainRule.Verification;

/// <summary>The right numbers in the wrong order: transposed, off by one, reversed, blocks exchanged.</summary>
internal static class OrderSuspicions
{
    private static readonly string[] axisNames = ["row", "column"];
    private static readonly int[] blockCounts = [2, 3, 4];

    /// <summary>The orders of a gradient; the right one, which is among them, explains no wrong claim.</summary>
    /// <param name="right">The right gradient, row by row.</param>
    /// <param name="shape">Its shape.</param>
    public static IEnumerable<Suspicion> Of(double[] right, IReadOnlyList<nint> shape)
    {
        int[] lengths = [.. shape.Select(length => (int)length)];
        if (lengths.Length >= 2)
        {
            double[] transposed = Transposed(right, lengths);
            yield return new Suspicion(GradientMistake.Transposed, 0.95, "Transposed: every entry has the value that belongs to (column, row); the factors of a matrix product stand in the wrong order, or a reshape stands for a transpose.", transposed);
        }

        for (int axis = 0; axis < lengths.Length; axis++)
        {
            string what = lengths.Length == 1 ? "entry" : axis < lengths.Length - 2 ? $"slice of dimension {axis}" : axisNames[axis - lengths.Length + 2];
            foreach (int by in lengths[axis] > 2 ? new[] { 1, -1 } : [])
            {
                yield return new Suspicion(GradientMistake.OffByOne, 0.93, $"Off by one: every {what} has the values of the {(by == 1 ? "next" : "previous")} {what}; look at the bounds and the offset of the loop over it.", Moved(right, lengths, axis, i => i + by));
            }
        }

        // Along each set of axes: a kernel is flipped along two.
        List<(double[] Values, int[] Axes)> turned = [(right, [])];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            int last = lengths[axis] - 1;
            turned.AddRange([.. turned.Select(other => (Moved(other.Values, lengths, axis, i => last - i), other.Axes.Append(axis).ToArray()))]);
        }

        foreach ((double[] reversed, int[] axes) in turned)
        {
            yield return new Suspicion(GradientMistake.Reordered, 0.9, $"Reversed along dimension {string.Join(" and ", axes)}: the entries are right and stand the other way round; a convolution's backward pass flips its kernel once too often, or not at all.", reversed);
        }

        for (int axis = 0; axis < lengths.Length; axis++)
        {
            foreach (int blocks in blockCounts.Where(count => lengths[axis] % count == 0 && lengths[axis] > count))
            {
                int width = lengths[axis] / blocks;
                foreach (int[] order in Permutations(blocks))
                {
                    yield return new Suspicion(GradientMistake.Reordered, 0.9, $"Blocks exchanged: of the {blocks} blocks along dimension {axis} the gradient has them in the order {string.Join(", ", order)}; look for gates or heads that are numbered in another order backward than forward.", Moved(right, lengths, axis, i => (order[i / width] * width) + (i % width)));
                }
            }
        }

        if (!right.Any(double.IsNaN))
        {
            // Whatever the order is: the comparison sorts both sides.
            yield return new Suspicion(GradientMistake.Reordered, 0.7, "The entries are right and stand in another order.", [.. right.Order()]) { IsSorted = true };
        }
    }

    /// <summary>The numbers as they lie in memory when rows and columns of the last two dimensions have changed places.</summary>
    public static double[] Transposed(double[] values, int[] lengths)
    {
        (int rows, int columns) = (lengths[^2], lengths[^1]);
        double[] result = new double[values.Length];
        for (int start = 0; start < values.Length; start += rows * columns)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    result[start + (j * rows) + i] = values[start + (i * columns) + j];
                }
            }
        }

        return result;
    }

    /// <summary>The entries taken from other places along one axis; not a number where there is no such place.</summary>
    private static double[] Moved(double[] values, int[] lengths, int axis, Func<int, int> source)
    {
        int inner = lengths[(axis + 1)..].Aggregate(1, (product, length) => product * length);
        double[] result = new double[values.Length];
        for (int e = 0; e < result.Length; e++)
        {
            int index = e / inner % lengths[axis];
            int other = source(index);
            result[e] = other >= 0 && other < lengths[axis] ? values[e + ((other - index) * inner)] : double.NaN;
        }

        return result;
    }

    private static IEnumerable<int[]> Permutations(int count)
    {
        IEnumerable<int[]> Extend(int[] start) => start.Length == count
            ? [start]
            : Enumerable.Range(0, count).Where(next => !start.Contains(next)).SelectMany(next => Extend([.. start, next]));
        return Extend([]);
    }
}
