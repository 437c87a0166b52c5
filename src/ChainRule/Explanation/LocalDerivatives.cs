using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>
/// The local derivatives of a layer, had from its own backward pass: an upstream gradient that is 1 for one output and 0 for
/// all others gives that output's row of the Jacobian, exactly.
/// </summary>
/// <remarks>
/// Where it is known how a layer's units depend on each other, one backward pass gives many rows at once. The layer must
/// have seen the batch in its last forward pass. Gradients of parameters are overwritten.
/// </remarks>
internal static class LocalDerivatives
{
    // A layer whose structure is not known takes one backward pass for each output of the batch.
    private const int MostOutputs = 20_000;

    /// <summary>Whether each output depends on the input in its own place alone.</summary>
    public static bool IsEntrywise<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        layer is ReLU<T> or LeakyReLU<T> or Elu<T> or Hardtanh<T> or Sigmoid<T> or Tanh<T> or Softplus<T> or Silu<T> or Gelu<T> or Dropout<T> or Flatten<T> or Reshape<T> or PositionEmbedding<T> or BatchNorm<T> { UsesBatch: false };

    /// <summary>∂output/∂input of a layer.</summary>
    /// <exception cref="NotSupportedException">The layer is too large.</exception>
    public static Jacobian Of<T>(Layer<T> layer, ReadOnlySpan<nint> inputShape, ReadOnlySpan<nint> outputShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer is Linear<T> linear)
        {
            return new Jacobian.Linear(Doubles(linear.Weight.Value.AsSpan()), linear.Inputs, linear.Outputs);
        }

        Tensor<T> upstream = Tensor.CreateFromShape<T>(outputShape);
        if (IsEntrywise(layer))
        {
            upstream.AsSpan().Fill(T.One);
            return new Jacobian.Entrywise(Doubles(layer.Backward(upstream).AsSpan()));
        }

        return layer is Softmax<T>
            ? new Jacobian.Blocks(BlockColumns(layer, upstream, (int)outputShape[^1]))
            : new Jacobian.Sparse(Rows(layer, upstream), checked((int)TensorPrimitives.Product(inputShape)));
    }

    /// <summary>∂output/∂θ for one entry of a parameter of a layer: an edge for each output that depends on it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="parameter">The parameter's number.</param>
    /// <param name="entry">The entry's position in it.</param>
    /// <param name="input">The layer's input in the batch, row by row.</param>
    /// <param name="outputShape">The shape of its output.</param>
    /// <exception cref="NotSupportedException">The layer is too large.</exception>
    public static Edge[] ByParameter<T>(Layer<T> layer, int parameter, int entry, IReadOnlyList<double> input, ReadOnlySpan<nint> outputShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer is Linear<T> linear)
        {
            // ∂zⱼ/∂Wₖⱼ = xₖ and ∂zⱼ/∂bⱼ = 1, for every row.
            (int k, int j) = parameter == 0 ? Math.DivRem(entry, linear.Outputs) : (-1, entry);
            int rows = input.Count / linear.Inputs;
            return [.. Enumerable.Range(0, rows).Select(row => new Edge((row * linear.Outputs) + j, k < 0 ? 1 : input[(row * linear.Inputs) + k]))];
        }

        Tensor<T> upstream = Tensor.CreateFromShape<T>(outputShape);
        Require(layer, upstream);
        var edges = new List<Edge>();
        for (int output = 0; output < upstream.FlattenedLength; output++)
        {
            foreach (Parameter<T> each in layer.Parameters)
            {
                each.DiscardGradient();
            }

            upstream.AsSpan()[output] = T.One;
            layer.Backward(upstream);
            upstream.AsSpan()[output] = T.Zero;
            double value = layer.Parameters[parameter].HasGradient ? double.CreateTruncating(layer.Parameters[parameter].Gradient.AsSpan()[entry]) : 0;
            if (value != 0)
            {
                edges.Add(new Edge(output, value));
            }
        }

        return [.. edges];
    }

    /// <summary>Numbers of any precision as doubles.</summary>
    public static double[] Doubles<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
        {
            doubles[i] = double.CreateTruncating(values[i]);
        }

        return doubles;
    }

    /// <summary>One backward pass for each place in a block: all blocks at once, since they do not see each other.</summary>
    private static double[][] BlockColumns<T>(Layer<T> layer, Tensor<T> upstream, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = (int)upstream.FlattenedLength;
        double[][] columns = [.. Enumerable.Range(0, width).Select(_ => new double[length])];
        for (int i = 0; i < width; i++)
        {
            upstream.AsSpan().Clear();
            for (int output = i; output < length; output += width)
            {
                upstream.AsSpan()[output] = T.One;
            }

            ReadOnlySpan<T> row = layer.Backward(upstream).AsSpan();
            for (int output = i; output < length; output += width)
            {
                for (int j = 0; j < width; j++)
                {
                    columns[j][output] = double.CreateTruncating(row[output - i + j]);
                }
            }
        }

        return columns;
    }

    private static Edge[][] Rows<T>(Layer<T> layer, Tensor<T> upstream)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require(layer, upstream);
        var rows = new Edge[upstream.FlattenedLength][];
        var edges = new List<Edge>();
        for (int output = 0; output < rows.Length; output++)
        {
            upstream.AsSpan()[output] = T.One;
            ReadOnlySpan<T> row = layer.Backward(upstream).AsSpan();
            upstream.AsSpan()[output] = T.Zero;
            edges.Clear();
            for (int input = 0; input < row.Length; input++)
            {
                if (row[input] != T.Zero)
                {
                    edges.Add(new Edge(input, double.CreateTruncating(row[input])));
                }
            }

            rows[output] = [.. edges];
        }

        return rows;
    }

    private static void Require<T>(Layer<T> layer, Tensor<T> upstream)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (upstream.FlattenedLength > MostOutputs)
        {
            throw new NotSupportedException($"{layer.Description} has {upstream.FlattenedLength} outputs in this batch, and its local derivatives take a backward pass each: expected at most {MostOutputs}. Explain fewer samples.");
        }
    }
}
