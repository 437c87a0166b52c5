using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Onnx.Format;

namespace ChainRule.Onnx;

/// <summary>Layers over sequences as ONNX operators; the number of steps stays open.</summary>
internal static class SequenceExport
{
    /// <summary>Row numbers become rows.</summary>
    public static string Add<T>(GraphBuilder<T> graph, Embedding<T> embedding, string x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("Gather", [graph.Constant(embedding.Weight.Name, embedding.Weight.Value), graph.Add("Cast", [x], GraphBuilder<T>.Attribute("to", (long)TensorProto.Types.DataType.Int64))]);

    /// <summary>Adds as many rows of the matrix as the sequences have steps.</summary>
    public static string Add<T>(GraphBuilder<T> graph, PositionEmbedding<T> positions, string x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("Add", [x, Slice(graph, graph.Constant(positions.Weight.Name, positions.Weight.Value), graph.Constant("start", 0), Time(graph, x), 0)]);

    /// <summary>[Q K V] = x·W + b; for each head softmax(Q·Kᵀ/√d)·V; then ·Wₒ + bₒ. There is no operator of this set for the whole.</summary>
    public static string Add<T>(GraphBuilder<T> graph, MultiHeadAttention<T> attention, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = attention.Dimension;
        string projections = Affine(graph, x, attention.InputWeight, attention.InputBias);
        string queries = Heads(0, 0, 2, 1, 3);
        string keys = Heads(1, 0, 2, 3, 1); // transposed already
        string values = Heads(2, 0, 2, 1, 3);
        string scores = graph.Add("Mul", [graph.Add("MatMul", [queries, keys]), graph.Constant("scale", 1 / Math.Sqrt(width / attention.Heads))]);
        if (attention.IsCausal)
        {
            // −∞ above the diagonal, 0 elsewhere.
            string time = Time(graph, x);
            string square = graph.Add("Concat", [time, time], GraphBuilder<T>.Attribute("axis", 0L));
            string never = graph.Add("Expand", [graph.Constant("never", double.NegativeInfinity), square]);
            scores = graph.Add("Add", [scores, graph.Add("Trilu", [never, graph.Constant("diagonal", 1)], GraphBuilder<T>.Attribute("upper", 1L))]);
        }

        string weights = graph.Add("Softmax", [scores], GraphBuilder<T>.Attribute("axis", -1L));
        string heads = graph.Add("Transpose", [graph.Add("MatMul", [weights, values])], GraphBuilder<T>.Attribute("perm", [0, 2, 1, 3]));
        return Affine(graph, graph.Add("Reshape", [heads, graph.Constant("shape", 0, 0, width)]), attention.OutputWeight, attention.OutputBias);

        // The third of the columns that is meant, as (batch, time, heads, d), in another order.
        string Heads(int third, params long[] order)
        {
            string columns = Slice(graph, projections, graph.Constant("start", (long)third * width), graph.Constant("end", (third + 1L) * width), 2);
            return graph.Add("Transpose", [graph.Add("Reshape", [columns, graph.Constant("shape", 0, 0, attention.Heads, width / attention.Heads)])], GraphBuilder<T>.Attribute("perm", order));
        }
    }

    /// <summary>The operators take steps first and have their gates in an order of their own: i, o, f, g and z, r, n.</summary>
    public static string Add<T>(GraphBuilder<T> graph, RecurrentLayer<T> recurrent, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] order = recurrent is Lstm<T> ? [0, 3, 1, 2] : [1, 0, 2];
        List<string> inputs =
        [
            graph.Add("Transpose", [x], GraphBuilder<T>.Attribute("perm", [1, 0, 2])),
            graph.Constant(recurrent.InputWeight.Name, Gates(recurrent.InputWeight.Value, order)),
            graph.Constant(recurrent.HiddenWeight.Name, Gates(recurrent.HiddenWeight.Value, order)),
        ];
        if (recurrent.InputBias is { } input && recurrent.HiddenBias is { } hidden)
        {
            // Both one after the other.
            Tensor<T> both = Tensor.Create([.. Gates(input.Value, order), .. Gates(hidden.Value, order)], [1, 2 * input.Value.FlattenedLength]);
            inputs.Add(graph.Constant(input.Name, both));
        }

        AttributeProto size = GraphBuilder<T>.Attribute("hidden_size", (long)recurrent.Hidden);
        string states = recurrent is Lstm<T>
            ? graph.Add("LSTM", inputs, size)
            : graph.Add("GRU", inputs, size, GraphBuilder<T>.Attribute("linear_before_reset", 1L));

        // (time, directions, batch, hidden)
        return recurrent.LastOnly
            ? graph.Add("Squeeze", [Slice(graph, states, graph.Constant("start", -1), graph.Constant("end", long.MaxValue), 0), graph.Constant("axes", 0, 1)])
            : graph.Add("Transpose", [graph.Add("Squeeze", [states, graph.Constant("axes", 1)])], GraphBuilder<T>.Attribute("perm", [1, 0, 2]));
    }

    /// <summary>A matrix (rows, gates · hidden), or a row of biases, as (1, gates · hidden, rows) with its gates in another order.</summary>
    private static Tensor<T> Gates<T>(Tensor<T> columns, int[] order)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] source = new T[columns.FlattenedLength];
        columns.FlattenTo(source);
        int width = (int)columns.Lengths[^1];
        int rows = source.Length / width;
        int hidden = width / order.Length;
        T[] target = new T[source.Length];
        for (int column = 0; column < width; column++)
        {
            int from = (order[column / hidden] * hidden) + (column % hidden);
            for (int row = 0; row < rows; row++)
            {
                target[(column * rows) + row] = source[(row * width) + from];
            }
        }

        return Tensor.Create(target, [1, width, rows]);
    }

    private static string Affine<T>(GraphBuilder<T> graph, string x, Parameter<T> weight, Parameter<T>? bias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string z = graph.Add("MatMul", [x, graph.Constant(weight.Name, weight.Value)]);
        return bias is null ? z : graph.Add("Add", [z, graph.Constant(bias.Name, bias.Value)]);
    }

    /// <summary>The number of steps, the second dimension of sequences, as a list of one number.</summary>
    private static string Time<T>(GraphBuilder<T> graph, string sequences)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("Shape", [sequences], GraphBuilder<T>.Attribute("start", 1L), GraphBuilder<T>.Attribute("end", 2L));

    private static string Slice<T>(GraphBuilder<T> graph, string x, string start, string end, long axis)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("Slice", [x, start, end, graph.Constant("axis", axis)]);
}
