using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Serialization;

/// <summary>Layers as JSON objects: their kind and their settings. Weights stand in the tensors.</summary>
internal static class LayerFormat
{
    /// <summary>Writes a layer.</summary>
    /// <exception cref="NotSupportedException">The format does not know it.</exception>
    public static void Write<T>(Utf8JsonWriter writer, Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.WriteStartObject();
        writer.WriteString("kind", layer.Kind);
        switch (layer)
        {
            case Linear<T> linear:
                writer.WriteNumber("inputs", linear.Inputs);
                writer.WriteNumber("outputs", linear.Outputs);
                writer.WriteBoolean("bias", linear.Bias is not null);
                break;
            case LeakyReLU<T> leaky:
                writer.WriteNumber("negativeSlope", leaky.NegativeSlope);
                break;
            case Gelu<T> gelu:
                writer.WriteString("form", gelu.Form.ToString());
                break;
            case Dropout<T> dropout:
                writer.WriteNumber("probability", dropout.Probability);
                break;
            case ReLU<T> or Sigmoid<T> or Tanh<T> or Softplus<T> or Silu<T> or Softmax<T> or Flatten<T>:
                break;
            default:
                throw new NotSupportedException($"{layer.Description} cannot be written: the format of model files does not know this kind of layer.");
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a layer and takes its weights from the tensors.</summary>
    /// <param name="layer">The JSON object.</param>
    /// <param name="index">The layer's place in the network, from 0.</param>
    /// <param name="tensors">The weights.</param>
    /// <exception cref="FormatException">The layer is unknown, or a tensor is missing or has another shape.</exception>
    public static Layer<T> Read<T>(JsonElement layer, int index, OrderedDictionary<string, Tensor<T>> tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string kind = layer.GetProperty("kind").GetString() ?? "null";
        return kind switch
        {
            "Linear" => ReadLinear(layer, index, tensors),
            "ReLU" => new ReLU<T>(),
            "LeakyReLU" => new LeakyReLU<T>(layer.GetProperty("negativeSlope").GetDouble()),
            "Sigmoid" => new Sigmoid<T>(),
            "Tanh" => new Tanh<T>(),
            "Softplus" => new Softplus<T>(),
            "Gelu" => new Gelu<T>(layer.GetProperty("form").GetString() switch
            {
                nameof(GeluForm.Exact) => GeluForm.Exact,
                nameof(GeluForm.Tanh) => GeluForm.Tanh,
                var form => throw new FormatException($"layer {index} has the unknown form '{form}'."),
            }),
            "Silu" => new Silu<T>(),
            "Softmax" => new Softmax<T>(),
            "Flatten" => new Flatten<T>(),
            "Dropout" => new Dropout<T>(layer.GetProperty("probability").GetDouble(), new NumPyRandom(0)),
            _ => throw new FormatException($"layer {index} is of the unknown kind '{kind}'."),
        };
    }

    private static Linear<T> ReadLinear<T>(JsonElement layer, int index, OrderedDictionary<string, Tensor<T>> tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int inputs = layer.GetProperty("inputs").GetInt32();
        int outputs = layer.GetProperty("outputs").GetInt32();
        bool hasBias = layer.GetProperty("bias").GetBoolean();

        // The tensors are looked at first: they are really there, so their sizes can be trusted.
        Tensor<T> weight = Take($"{index}.weight", outputs, inputs);
        Tensor<T>? bias = hasBias ? Take($"{index}.bias", outputs) : null;
        var linear = new Linear<T>(inputs, outputs, new NumPyRandom(0), Initializer.Zeros, hasBias: hasBias);
        ModelFile.Transposed(weight).AsSpan().CopyTo(linear.Weight.Value.AsSpan());
        bias?.AsSpan().CopyTo(linear.Bias!.Value.AsSpan());
        return linear;

        Tensor<T> Take(string name, params ReadOnlySpan<nint> shape) =>
            !tensors.TryGetValue(name, out Tensor<T>? tensor) ? throw new FormatException($"the tensor '{name}' is missing.")
            : !tensor.Lengths.SequenceEqual(shape) ? throw new FormatException($"the tensor '{name}' has the shape {Shape.Describe(tensor.Lengths)}, expected {Shape.Describe(shape)}.")
            : tensor;
    }
}
