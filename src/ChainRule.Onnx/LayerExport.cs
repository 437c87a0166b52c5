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
            Elu<T> elu => graph.Add("Elu", [x], GraphBuilder<T>.Attribute("alpha", elu.Alpha)),
            Hardtanh<T> hardtanh => graph.Add("Clip", [x, graph.Constant("low", hardtanh.Low), graph.Constant("high", hardtanh.High)]),
            LeakyReLU<T> leaky => graph.Add("LeakyRelu", [x], GraphBuilder<T>.Attribute("alpha", leaky.NegativeSlope)),
            Sigmoid<T> => graph.Add("Sigmoid", [x]),
            Tanh<T> => graph.Add("Tanh", [x]),
            Softplus<T> => graph.Add("Softplus", [x]),
            Gelu<T> gelu => graph.Add("Gelu", [x], GraphBuilder<T>.Attribute("approximate", gelu.Form == GeluForm.Tanh ? "tanh" : "none")),
            Silu<T> => graph.Add("Mul", [x, graph.Add("Sigmoid", [x])]),
            Softmax<T> => graph.Add("Softmax", [x], GraphBuilder<T>.Attribute("axis", -1L)),
            LogSoftmax<T> => graph.Add("LogSoftmax", [x], GraphBuilder<T>.Attribute("axis", -1L)),
            Flatten<T> => graph.Add("Flatten", [x], GraphBuilder<T>.Attribute("axis", 1L)),
            Reshape<T> reshape => graph.Add("Reshape", [x, graph.Constant("shape", [0L, .. reshape.SampleShape])]), // 0: the batch as it is
            Transpose<T> transpose => graph.Add("Transpose", [x], GraphBuilder<T>.Attribute("perm", [0, .. transpose.Order])),
            Dropout<T> => x, // passes everything on in inference
            Residual<T> residual => graph.Add("Add", [x, Add(graph, residual.Body, x)]),
            Concatenate<T> concatenate => graph.Add("Concat", [.. concatenate.Children.Select(branch => Add(graph, branch, x))], GraphBuilder<T>.Attribute("axis", (long)concatenate.Dimension)),
            BatchNorm<T> norm => NormalizationExport.Add(graph, norm, x),
            LayerNorm<T> norm => NormalizationExport.Add(graph, norm, x),
            RmsNorm<T> norm => NormalizationExport.Add(graph, norm, x),
            Conv2d<T> convolution => Convolution(graph, convolution, x),
            MaxPool2d<T> pool => graph.Add("MaxPool", [x], [.. Window<T>(pool.Kernel, pool.Stride, pool.Padding), GraphBuilder<T>.Attribute("dilations", [pool.Dilation.Height, pool.Dilation.Width])]),
            AveragePool2d<T> pool => graph.Add("AveragePool", [x], [.. Window<T>(pool.Kernel, pool.Stride, pool.Padding), GraphBuilder<T>.Attribute("count_include_pad", pool.CountsPadding ? 1L : 0L)]),
            Embedding<T> embedding => SequenceExport.Add(graph, embedding, x),
            PositionEmbedding<T> positions => SequenceExport.Add(graph, positions, x),
            MultiHeadAttention<T> attention => SequenceExport.Add(graph, attention, x),
            RecurrentLayer<T> recurrent => SequenceExport.Add(graph, recurrent, x),
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
        return graph.Add(
            "Conv",
            inputs,
            [
                .. Window<T>(convolution.Kernel, convolution.Stride, convolution.Padding),
                GraphBuilder<T>.Attribute("dilations", [convolution.Dilation.Height, convolution.Dilation.Width]),
                GraphBuilder<T>.Attribute("group", (long)convolution.Groups),
            ]);
    }

    private static AttributeProto[] Window<T>(Extent kernel, Extent stride, Extent padding)
        where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        GraphBuilder<T>.Attribute("kernel_shape", [kernel.Height, kernel.Width]),
        GraphBuilder<T>.Attribute("strides", [stride.Height, stride.Width]),
        GraphBuilder<T>.Attribute("pads", [padding.Height, padding.Width, padding.Height, padding.Width]),
    ];
}
