namespace ChainRule.Explanation;

/// <summary>One local derivative: of the output that is spoken of, by one input.</summary>
/// <param name="Unit">The input's position in the whole batch; where a column is asked for, the output's.</param>
/// <param name="Value">The derivative.</param>
internal readonly record struct Edge(int Unit, double Value);

/// <summary>The local derivatives of a layer, ∂output/∂input for all units of the whole batch, without those that the layer's structure makes 0.</summary>
/// <remarks>Positions count through the batch: sample · units + unit.</remarks>
internal abstract class Jacobian
{
    /// <summary>The most edges that a row or a column can have.</summary>
    public abstract int Widest { get; }

    /// <summary>Writes the derivatives of one output and returns how many there are.</summary>
    public abstract int Row(int output, Span<Edge> edges);

    /// <summary>Writes the derivatives by one input and returns how many there are.</summary>
    public abstract int Column(int input, Span<Edge> edges);

    /// <summary>Each output depends on the input in its own place alone.</summary>
    /// <param name="slopes">The derivative of each output.</param>
    internal sealed class Entrywise(double[] slopes) : Jacobian
    {
        public override int Widest => 1;

        public override int Row(int output, Span<Edge> edges)
        {
            edges[0] = new Edge(output, slopes[output]);
            return 1;
        }

        public override int Column(int input, Span<Edge> edges) => Row(input, edges);
    }

    /// <summary>z = x·W: ∂zⱼ/∂xₖ = Wₖⱼ for every row.</summary>
    /// <param name="weight">W, row by row.</param>
    /// <param name="inputs">The inputs of a row.</param>
    /// <param name="outputs">The outputs of a row.</param>
    internal sealed class Linear(double[] weight, int inputs, int outputs) : Jacobian
    {
        public override int Widest => Math.Max(inputs, outputs);

        public override int Row(int output, Span<Edge> edges)
        {
            (int r, int j) = Math.DivRem(output, outputs);
            for (int k = 0; k < inputs; k++)
            {
                edges[k] = new Edge((r * inputs) + k, weight[(k * outputs) + j]);
            }

            return inputs;
        }

        public override int Column(int input, Span<Edge> edges)
        {
            (int r, int k) = Math.DivRem(input, inputs);
            for (int j = 0; j < outputs; j++)
            {
                edges[j] = new Edge((r * outputs) + j, weight[(k * outputs) + j]);
            }

            return outputs;
        }
    }

    /// <summary>Each output depends on the inputs of its own block, e.g. of its sample.</summary>
    /// <param name="columns">columns[j][o] is the derivative of output o, counted through the batch, by the j-th input of its block.</param>
    internal sealed class Blocks(double[][] columns) : Jacobian
    {
        public override int Widest => columns.Length;

        public override int Row(int output, Span<Edge> edges)
        {
            int start = output / columns.Length * columns.Length;
            for (int j = 0; j < columns.Length; j++)
            {
                edges[j] = new Edge(start + j, columns[j][output]);
            }

            return columns.Length;
        }

        public override int Column(int input, Span<Edge> edges)
        {
            (int block, int j) = Math.DivRem(input, columns.Length);
            for (int i = 0; i < columns.Length; i++)
            {
                int output = (block * columns.Length) + i;
                edges[i] = new Edge(output, columns[j][output]);
            }

            return columns.Length;
        }
    }

    /// <summary>Any layer: what is not 0 is listed.</summary>
    internal sealed class Sparse : Jacobian
    {
        private readonly Edge[][] rows;
        private readonly List<Edge>[] columns;

        /// <summary>Takes the rows, one for each output.</summary>
        public Sparse(Edge[][] rows, int inputs)
        {
            this.rows = rows;
            columns = [.. Enumerable.Range(0, inputs).Select(_ => new List<Edge>())];
            for (int output = 0; output < rows.Length; output++)
            {
                foreach (Edge edge in rows[output])
                {
                    columns[edge.Unit].Add(new Edge(output, edge.Value));
                }
            }

            Widest = Math.Max(rows.Max(row => row.Length), columns.Max(column => column.Count));
        }

        public override int Widest { get; }

        public override int Row(int output, Span<Edge> edges)
        {
            rows[output].CopyTo(edges);
            return rows[output].Length;
        }

        public override int Column(int input, Span<Edge> edges)
        {
            columns[input].CopyTo(edges);
            return columns[input].Count;
        }
    }
}
