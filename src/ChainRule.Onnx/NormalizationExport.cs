using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;

namespace ChainRule.Onnx;

/// <summary>Layers that normalise, as ONNX operators, as they compute in inference.</summary>
internal static class NormalizationExport
{
    /// <summary>By running statistics; a layer that keeps none takes those of the batch, for which there is no operator, so it is spelt out.</summary>
    public static string Add<T>(GraphBuilder<T> graph, BatchNorm<T> norm, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string weight = ParameterOr(graph, norm.Weight, [norm.Channels], T.One);
        string bias = ParameterOr(graph, norm.Bias, [norm.Channels], T.Zero);
        if (norm.RunningMean is { } mean && norm.RunningVariance is { } variance)
        {
            return graph.Add(
                "BatchNormalization",
                [x, weight, bias, graph.Constant(mean.Name, mean.Value), graph.Constant(variance.Name, variance.Value)],
                GraphBuilder<T>.Attribute("epsilon", norm.Epsilon));
        }

        // Every shape as (batch, channels, positions), and back at the end.
        string columns = graph.Add("Reshape", [x, graph.Constant("shape", 0, norm.Channels, -1)]);
        string centred = graph.Add("Sub", [columns, Mean(graph, columns, 0, 2)]);
        string normalized = graph.Add("Div", [centred, RootOfMeanSquare(graph, centred, norm.Epsilon, 0, 2)]);
        string column = graph.Constant("shape", norm.Channels, 1);
        string scaled = graph.Add("Mul", [normalized, graph.Add("Reshape", [weight, column])]);
        string shifted = graph.Add("Add", [scaled, graph.Add("Reshape", [bias, column])]);
        return graph.Add("Reshape", [shifted, graph.Add("Shape", [x])]);
    }

    /// <summary>Over the last dimensions.</summary>
    public static string Add<T>(GraphBuilder<T> graph, LayerNorm<T> norm, string x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add(
            "LayerNormalization",
            [x, ParameterOr(graph, norm.Weight, norm.NormalizedShape, T.One), ParameterOr(graph, norm.Bias, norm.NormalizedShape, T.Zero)],
            GraphBuilder<T>.Attribute("axis", (long)-norm.NormalizedShape.Count),
            GraphBuilder<T>.Attribute("epsilon", norm.Epsilon));

    /// <summary>Over the last dimensions; the operator set has no operator for it, so it is spelt out.</summary>
    public static string Add<T>(GraphBuilder<T> graph, RmsNorm<T> norm, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long[] last = [.. Enumerable.Range(1, norm.NormalizedShape.Count).Select(d => -(long)d)];
        string normalized = graph.Add("Div", [x, RootOfMeanSquare(graph, x, norm.Epsilon, last)]);
        return norm.Weight is { } weight ? graph.Add("Mul", [normalized, graph.Constant(weight.Name, weight.Value)]) : normalized;
    }

    private static string Mean<T>(GraphBuilder<T> graph, string x, params long[] axes)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("ReduceMean", [x, graph.Constant("axes", axes)], GraphBuilder<T>.Attribute("keepdims", 1L));

    /// <summary>√(mean of x² + ε).</summary>
    private static string RootOfMeanSquare<T>(GraphBuilder<T> graph, string x, double epsilon, params long[] axes)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        graph.Add("Sqrt", [graph.Add("Add", [Mean(graph, graph.Add("Mul", [x, x]), axes), graph.Constant("epsilon", epsilon)])]);

    private static string ParameterOr<T>(GraphBuilder<T> graph, Parameter<T>? parameter, IReadOnlyList<int> shape, T value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (parameter is not null)
        {
            return graph.Constant(parameter.Name, parameter.Value);
        }

        T[] values = new T[shape.Aggregate(1, (volume, length) => volume * length)];
        Array.Fill(values, value);
        return graph.Constant(graph.NewName("constant"), Tensor.Create(values, [.. shape.Select(length => (nint)length)]));
    }
}
