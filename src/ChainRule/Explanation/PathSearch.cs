namespace ChainRule.Explanation;

/// <summary>
/// Finds the paths from the loss to a target in the order of their size without listing them all.
/// </summary>
/// <remarks>
/// <para>
/// One sweep up from the target leaves three numbers at each unit v: how many paths lead from the target to v, the sum of
/// their products (∂v/∂θ, forward-mode differentiation), and the largest |product| among them. The last one says exactly how
/// large a path through v can become, so a best-first search down from the loss meets whole paths in descending order:
/// A* with a perfect estimate, where each step that it takes is one of a path that it returns, or a neighbour of one.
/// </para>
/// <para>Source: Hart, Nilsson and Raphael, A Formal Basis for the Heuristic Determination of Minimum Cost Paths (1968).</para>
/// </remarks>
internal sealed class PathSearch
{
    private readonly Jacobian?[] jacobians;
    private readonly double[] lossSlopes;
    private readonly int start;
    private readonly double[][] counts;
    private readonly double[][] sums;
    private readonly double[][] largest;
    private readonly Edge[] edges;

    /// <summary>Sweeps up from the target.</summary>
    /// <param name="start">The level whose units the target goes into; for an input its own level, 0.</param>
    /// <param name="seeds">∂unit/∂θ for those units.</param>
    /// <param name="jacobians">For each level above the start the local derivatives of its layer.</param>
    /// <param name="sizes">The number of units of each level in the whole batch.</param>
    /// <param name="lossSlopes">∂L/∂prediction.</param>
    public PathSearch(int start, Edge[] seeds, Jacobian?[] jacobians, int[] sizes, double[] lossSlopes)
    {
        this.start = start;
        this.jacobians = jacobians;
        this.lossSlopes = lossSlopes;
        edges = new Edge[jacobians.Max(jacobian => jacobian?.Widest ?? 0)];
        counts = [.. sizes.Select((size, level) => level < start ? [] : new double[size])];
        sums = [.. counts.Select(level => new double[level.Length])];
        largest = [.. counts.Select(level => new double[level.Length])];
        foreach (Edge seed in seeds)
        {
            (counts[start][seed.Unit], sums[start][seed.Unit], largest[start][seed.Unit]) = (1, seed.Value, Size(seed.Value));
        }

        for (int level = start + 1; level < sizes.Length; level++)
        {
            for (int unit = 0; unit < sizes[level]; unit++)
            {
                foreach (Edge edge in Row(level, unit))
                {
                    double below = counts[level - 1][edge.Unit];
                    if (below > 0)
                    {
                        counts[level][unit] += below;
                        sums[level][unit] += edge.Value * sums[level - 1][edge.Unit];
                        largest[level][unit] = Math.Max(largest[level][unit], Size(edge.Value * largest[level - 1][edge.Unit]));
                    }
                }
            }
        }
    }

    /// <summary>How many paths start at a prediction, and the sum of their products.</summary>
    /// <param name="prediction">Its position in the batch.</param>
    public (double Count, double Sum) At(int prediction) => (counts[^1][prediction], counts[^1][prediction] == 0 ? 0 : lossSlopes[prediction] * sums[^1][prediction]);

    /// <summary>The largest |product| of all paths; 0 where there are none.</summary>
    public double LargestProduct() => lossSlopes.Select((slope, prediction) => counts[^1][prediction] == 0 ? 0 : Size(slope * largest[^1][prediction])).Max();

    /// <summary>The largest |∂prediction/∂θ| along one path: what a rounding of ∂L/∂prediction is multiplied with.</summary>
    public double LargestSlope() => largest[^1].Max();

    /// <summary>The paths as the positions of their units, from the prediction down to the start, largest first; made one by one.</summary>
    public IEnumerable<int[]> Largest()
    {
        // Of equals the one that is nearer to its end goes first: without that, many paths that are 0 would all be begun.
        var open = new PriorityQueue<Step, (double Size, int Level, long Number)>();
        long number = 0;
        void Add(Step step) => open.Enqueue(step, (-Size(Math.Abs(step.Product) * largest[step.Level][step.Unit]), step.Level, number++));

        int top = counts.Length - 1;
        for (int unit = 0; unit < lossSlopes.Length; unit++)
        {
            if (counts[top][unit] > 0)
            {
                Add(new Step(null, top, unit, lossSlopes[unit]));
            }
        }

        while (open.TryDequeue(out Step? step, out _))
        {
            if (step.Level == start)
            {
                yield return [.. step.Units()];
                continue;
            }

            foreach (Edge edge in Row(step.Level, step.Unit).ToArray())
            {
                if (counts[step.Level - 1][edge.Unit] > 0)
                {
                    Add(new Step(step, step.Level - 1, edge.Unit, step.Product * edge.Value));
                }
            }
        }
    }

    private Span<Edge> Row(int level, int unit) => edges.AsSpan(0, jacobians[level]!.Row(unit, edges));

    /// <summary>How large a product is; one that is not a number is the first that a reader must see.</summary>
    private static double Size(double product) => double.IsNaN(product) ? double.PositiveInfinity : Math.Abs(product);

    private sealed record Step(Step? Above, int Level, int Unit, double Product)
    {
        public Stack<int> Units()
        {
            var units = new Stack<int>();
            for (Step? step = this; step is not null; step = step.Above)
            {
                units.Push(step.Unit);
            }

            return units;
        }
    }
}
