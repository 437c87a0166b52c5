using System.Numerics;
using ChainRule.Layers;
using ChainRule.Onnx.Format;

namespace ChainRule.Onnx;

/// <summary>Layers as ONNX operators, as they compute in inference.</summary>
internal static class LayerExport
{
    /// <summary>Adds a layer to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="x">The name of its input.</param>
    /// <returns>The name of its output.</returns>
    /// <exception cref="NotSupportedException">There is no operator for it.</exception>
    public static string Add<T>(GraphBuilder<T> graph, Layer<T> layer, string x)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Sequential<T> sequential => sequential.Layers.Aggregate(x, (input, child) => Add(graph, child, input)),
            Linear<T> linear => Linear(graph, linear, x),
            ReLU<T> => graph.Add("Relu", [x]),
            LeakyReLU<T> leaky => graph.Add("LeakyRelu", [x], GraphBuilder<T>.Attribute("alpha", leaky.NegativeSlope)),
            Sigmoid<T> => graph.Add("Sigmoid", [x]),
            Tanh<T> => graph.Add("Tanh", [x]),
            Softplus<T> => graph.Add("Softplus", [x]),
            Gelu<T> gelu => graph.Add("Gelu", [x], GraphBuilder<T>.Attribute("approximate", gelu.Form == GeluForm.Tanh ? "tanh" : "none")),
            Silu<T> => graph.Add("Mul", [x, graph.Add("Sigmoid", [x])]),
            Softmax<T> => graph.Add("Softmax", [x], GraphBuilder<T>.Attribute("axis", -1L)),
            Flatten<T> => graph.Add("Flatten", [x], GraphBuilder<T>.Attribute("axis", 1L)),
            Dropout<T> => x, // passes everything on in inference
            Conv2d<T> convolution => Convolution(graph, convolution, x),
            Embedding<T> embedding => graph.Add("Gather", [graph.Constant(embedding.Weight.Name, embedding.Weight.Value), graph.Add("Cast", [x], GraphBuilder<T>.Attribute("to", (long)TensorProto.Types.DataType.Int64))]),
            PositionEmbedding<T> positions => graph.Add("Add", [x, FirstRows(graph, positions.Weight, x)]),
            _ => throw new NotSupportedException($"{layer} cannot be written as ONNX: there is no operator for this kind of layer."),
        };

    private static string Linear<T>(GraphBuilder<T> graph, Linear<T> linear, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string z = graph.Add("MatMul", [x, graph.Constant(linear.Weight.Name, linear.Weight.Value)]);
        return linear.Bias is { } bias ? graph.Add("Add", [z, graph.Constant(bias.Name, bias.Value)]) : z;
    }

    private static string Convolution<T>(GraphBuilder<T> graph, Conv2d<T> convolution, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string[] inputs =
        [
            x, graph.Constant(convolution.Weight.Name, convolution.Weight.Value),
            .. convolution.Bias is { } bias ? [graph.Constant(bias.Name, bias.Value)] : Array.Empty<string>(),
        ];
        (Extent kernel, Extent stride, Extent padding, Extent dilation) = (convolution.Kernel, convolution.Stride, convolution.Padding, convolution.Dilation);
        return graph.Add(
            "Conv",
            inputs,
            GraphBuilder<T>.Attribute("kernel_shape", [kernel.Height, kernel.Width]),
            GraphBuilder<T>.Attribute("strides", [stride.Height, stride.Width]),
            GraphBuilder<T>.Attribute("pads", [padding.Height, padding.Width, padding.Height, padding.Width]),
            GraphBuilder<T>.Attribute("dilations", [dilation.Height, dilation.Width]),
            GraphBuilder<T>.Attribute("group", (long)convolution.Groups));
    }

    /// <summary>As many rows of a matrix as the sequences have steps, their second dimension.</summary>
    private static string FirstRows<T>(GraphBuilder<T> graph, Parameter<T> matrix, string sequences)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string time = graph.Add("Shape", [sequences], GraphBuilder<T>.Attribute("start", 1L), GraphBuilder<T>.Attribute("end", 2L));
        return graph.Add("Slice", [graph.Constant(matrix.Name, matrix.Value), graph.Constant("start", [0L]), time, graph.Constant("axis", [0L])]);
    }
}
