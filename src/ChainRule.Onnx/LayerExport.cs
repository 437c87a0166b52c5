using System.Numerics;
using ChainRule.Layers;

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
            _ => throw new NotSupportedException($"{layer} cannot be written as ONNX: there is no operator for this kind of layer."),
        };

    private static string Linear<T>(GraphBuilder<T> graph, Linear<T> linear, string x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string z = graph.Add("MatMul", [x, graph.Constant(linear.Weight.Name, linear.Weight.Value)]);
        return linear.Bias is { } bias ? graph.Add("Add", [z, graph.Constant(bias.Name, bias.Value)]) : z;
    }
}
