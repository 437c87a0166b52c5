using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Onnx.Format;
using ChainRule.Serialization;
using ChainRule.Training;
using Google.Protobuf;

namespace ChainRule.Onnx;

/// <summary>Networks as ONNX files: operator set 20, IR version 9, in the numbers of the network, for any size of batch.</summary>
/// <remarks>Source: the format's description, https://onnx.ai/onnx.</remarks>
public static class OnnxFile
{
    /// <summary>The version of the operators.</summary>
    public const int OperatorSet = 20;

    /// <summary>The version of the format.</summary>
    public const int IrVersion = 9;

    /// <summary>
    /// Writes a trained model, whole or not at all. Its input, <c>input</c>, takes samples as they come, the normalisation is part
    /// of the graph; <c>output</c> is what the network gives, <c>probabilities</c>, for classes, what that means. The names of the
    /// classes stand in the metadata, one a line.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The network has a layer that ONNX has no operator for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, TrainedModel<T> model)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = new GraphBuilder<T>();
        string x = "input";
        graph.Graph.Input.Add(GraphBuilder<T>.Value(x, [model.Features]));
        if (model.Normalization is { } normalization)
        {
            // (x − shift) · scale, as the model was trained with.
            x = graph.Add("Sub", [x, graph.Constant("shift", Row(normalization.Shift))]);
            x = graph.Add("Mul", [x, graph.Constant("scale", Row(normalization.Scale))]);
        }

        string output = LayerExport.Add(graph, model.Network, x);
        graph.Rename(output, "output");
        graph.Graph.Output.Add(GraphBuilder<T>.Value("output", [model.Objective.Outputs]));
        if (model.Objective.IsClassification)
        {
            graph.Rename(Probabilities(graph, model.Objective, output), "probabilities");
            graph.Graph.Output.Add(GraphBuilder<T>.Value("probabilities", [model.Objective.Classes]));
        }

        ModelProto file = Model(graph.Graph);
        if (model.ClassNames.Count > 0)
        {
            file.MetadataProps.Add(new StringStringEntryProto { Key = "classes", Value = string.Join('\n', model.ClassNames) });
        }

        AtomicFile.Write(path, file.WriteTo);

        static Tensor<T> Row(IReadOnlyList<double> values) => Tensor.Create([.. values.Select(T.CreateChecked)], [values.Count]);
    }

    /// <summary>Writes a network alone, whole or not at all, from <c>input</c> to <c>output</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network; it is written as it computes in inference.</param>
    /// <param name="sampleShape">The shape of one sample, without the batch.</param>
    /// <exception cref="NotSupportedException">The network has a layer that ONNX has no operator for.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Layer<T> network, params ReadOnlySpan<nint> sampleShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        var graph = new GraphBuilder<T>();
        long?[] input = new long?[sampleShape.Length];
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = sampleShape[i];
        }

        // The shape of what comes out is the network's own to say.
        bool wasTraining = network.IsTraining;
        network.IsTraining = false;
        nint[] output = network.Forward(Tensor.CreateFromShape<T>([1, .. sampleShape])).Lengths[1..].ToArray();
        network.IsTraining = wasTraining;
        graph.Graph.Input.Add(GraphBuilder<T>.Value("input", input));
        graph.Rename(LayerExport.Add(graph, network, "input"), "output");
        graph.Graph.Output.Add(GraphBuilder<T>.Value("output", output.Select(length => (long?)length)));
        AtomicFile.Write(path, Model(graph.Graph).WriteTo);
    }

    private static ModelProto Model(GraphProto graph) => new()
    {
        IrVersion = IrVersion,
        ProducerName = "ChainRule",
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
    };

    private static string Probabilities<T>(GraphBuilder<T> graph, Objective objective, string output)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (objective.Outputs > 1)
        {
            return objective.Loss == LossKind.CrossEntropy ? LayerExport.Add(graph, new Softmax<T>(), output) : output;
        }

        string second = objective.Loss == LossKind.BinaryCrossEntropy ? LayerExport.Add(graph, new Sigmoid<T>(), output) : output;
        string first = graph.Add("Sub", [graph.Constant("one", 1.0), second]);
        return graph.Add("Concat", [first, second], GraphBuilder<T>.Attribute("axis", -1L));
    }
}
