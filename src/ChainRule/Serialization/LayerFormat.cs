using System.Numerics;
using System.Text.Json;
using ChainRule.Initialization;
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
            case Embedding<T> embedding:
                writer.WriteNumber("entries", embedding.Entries);
                writer.WriteNumber("dimension", embedding.Dimension);
                break;
            case PositionEmbedding<T> positions:
                writer.WriteNumber("length", positions.Length);
                writer.WriteNumber("dimension", positions.Dimension);
                break;
            case MultiHeadAttention<T> attention:
                writer.WriteNumber("dimension", attention.Dimension);
                writer.WriteNumber("heads", attention.Heads);
                writer.WriteBoolean("causal", attention.IsCausal);
                writer.WriteBoolean("bias", attention.InputBias is not null);
                break;
            case RecurrentLayer<T> recurrent:
                writer.WriteNumber("inputs", recurrent.Inputs);
                writer.WriteNumber("hidden", recurrent.Hidden);
                writer.WriteBoolean("lastOnly", recurrent.LastOnly);
                writer.WriteBoolean("bias", recurrent.InputBias is not null);
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
            case Conv2d<T> convolution:
                writer.WriteNumber("inputs", convolution.Inputs);
                writer.WriteNumber("outputs", convolution.Outputs);
                Write(writer, "kernel", convolution.Kernel);
                Write(writer, "stride", convolution.Stride);
                Write(writer, "padding", convolution.Padding);
                Write(writer, "dilation", convolution.Dilation);
                writer.WriteNumber("groups", convolution.Groups);
                writer.WriteBoolean("bias", convolution.Bias is not null);
                break;
            case MaxPool2d<T> pool:
                Write(writer, "kernel", pool.Kernel);
                Write(writer, "stride", pool.Stride);
                Write(writer, "padding", pool.Padding);
                Write(writer, "dilation", pool.Dilation);
                break;
            case AveragePool2d<T> pool:
                Write(writer, "kernel", pool.Kernel);
                Write(writer, "stride", pool.Stride);
                Write(writer, "padding", pool.Padding);
                writer.WriteBoolean("countsPadding", pool.CountsPadding);
                break;
            case Elu<T> elu:
                writer.WriteNumber("alpha", elu.Alpha);
                break;
            case Hardtanh<T> hardtanh:
                writer.WriteNumber("low", hardtanh.Low);
                writer.WriteNumber("high", hardtanh.High);
                break;
            case BatchNorm<T> norm:
                writer.WriteNumber("channels", norm.Channels);
                writer.WriteNumber("epsilon", norm.Epsilon);
                writer.WriteNumber("momentum", norm.Momentum);
                writer.WriteBoolean("affine", norm.IsAffine);
                writer.WriteBoolean("tracksStatistics", norm.TracksStatistics);
                break;
            case LayerNorm<T> norm:
                WriteNumbers(writer, "normalizedShape", norm.NormalizedShape);
                writer.WriteNumber("epsilon", norm.Epsilon);
                writer.WriteBoolean("affine", norm.IsAffine);
                break;
            case RmsNorm<T> norm:
                WriteNumbers(writer, "normalizedShape", norm.NormalizedShape);
                writer.WriteNumber("epsilon", norm.Epsilon);
                writer.WriteBoolean("affine", norm.IsAffine);
                break;
            case Reshape<T> reshape:
                WriteNumbers(writer, "shape", reshape.SampleShape);
                break;
            case Transpose<T> transpose:
                WriteNumbers(writer, "order", transpose.Order);
                break;
            case Sequential<T> sequential:
                WriteLayers(writer, sequential.Layers);
                break;
            case Residual<T> residual:
                WriteLayers(writer, residual.Body.Layers);
                break;
            case Concatenate<T> concatenate:
                writer.WriteNumber("dimension", concatenate.Dimension);
                WriteLayers(writer, concatenate.Children);
                break;
            case ReLU<T> or LogSoftmax<T> or Sigmoid<T> or Tanh<T> or Softplus<T> or Silu<T> or Softmax<T> or Flatten<T>:
                break;
            default:
                throw new NotSupportedException($"{layer.Description} cannot be written: the format of model files does not know this kind of layer.");
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads a layer. Its weights are of no meaning until they are loaded.</summary>
    /// <param name="layer">The JSON object.</param>
    /// <param name="place">Where the layer stands, e.g. 2 or 2.0.</param>
    /// <param name="numbers">How many numbers the file has for weights: a layer that wants more is a lie, and no memory is spent on it.</param>
    /// <exception cref="FormatException">The layer is unknown, or too large for the file.</exception>
    public static Layer<T> Read<T>(JsonElement layer, string place, long numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string kind = layer.GetProperty("kind").GetString() ?? "null";
        return kind switch
        {
            "Linear" => new Linear<T>(Size("inputs"), Size("outputs"), Nothing(Size("inputs"), Size("outputs")), Initializer.Zeros, hasBias: Flag("bias")),
            "ReLU" => new ReLU<T>(),
            "LeakyReLU" => new LeakyReLU<T>(layer.GetProperty("negativeSlope").GetDouble()),
            "Elu" => new Elu<T>(layer.GetProperty("alpha").GetDouble()),
            "Hardtanh" => new Hardtanh<T>(layer.GetProperty("low").GetDouble(), layer.GetProperty("high").GetDouble()),
            "Sigmoid" => new Sigmoid<T>(),
            "Tanh" => new Tanh<T>(),
            "Softplus" => new Softplus<T>(),
            "Gelu" => new Gelu<T>(Choice<GeluForm>("form")),
            "Silu" => new Silu<T>(),
            "Softmax" => new Softmax<T>(),
            "LogSoftmax" => new LogSoftmax<T>(),
            "Flatten" => new Flatten<T>(),
            "Dropout" => new Dropout<T>(layer.GetProperty("probability").GetDouble(), new NumPyRandom(0)),
            "Embedding" => new Embedding<T>(Size("entries"), Size("dimension"), Nothing(Size("entries"), Size("dimension")), Initializer.Zeros),
            "PositionEmbedding" => new PositionEmbedding<T>(Size("length"), Size("dimension"), Nothing(Size("length"), Size("dimension")), Initializer.Zeros),
            "MultiHeadAttention" => new MultiHeadAttention<T>(Size("dimension"), Size("heads"), Nothing(4, Size("dimension"), Size("dimension")), Flag("causal"), Flag("bias"), Initializer.Zeros),
            "Lstm" => new Lstm<T>(Size("inputs"), Size("hidden"), Recurrent(4), Flag("lastOnly"), Flag("bias"), Initializer.Zeros),
            "Gru" => new Gru<T>(Size("inputs"), Size("hidden"), Recurrent(3), Flag("lastOnly"), Flag("bias"), Initializer.Zeros),
            "Conv2d" => new Conv2d<T>(Size("inputs"), Size("outputs"), Pair("kernel"), Nothing(Size("inputs") / Math.Max(1, Size("groups")), Size("outputs"), Pair("kernel").Height, Pair("kernel").Width), Pair("stride"), Pair("padding"), Pair("dilation"), Size("groups"), Initializer.Zeros, hasBias: layer.GetProperty("bias").GetBoolean()),
            "MaxPool2d" => new MaxPool2d<T>(Pair("kernel"), Pair("stride"), Pair("padding"), Pair("dilation")),
            "AveragePool2d" => new AveragePool2d<T>(Pair("kernel"), Pair("stride"), Pair("padding"), Flag("countsPadding")),
            "BatchNorm1d" => new BatchNorm1d<T>(Channels(), Number("epsilon"), Number("momentum"), Flag("affine"), Flag("tracksStatistics")),
            "BatchNorm2d" => new BatchNorm2d<T>(Channels(), Number("epsilon"), Number("momentum"), Flag("affine"), Flag("tracksStatistics")),
            "LayerNorm" => new LayerNorm<T>(NormalizedShape(), Number("epsilon"), Flag("affine")),
            "RmsNorm" => new RmsNorm<T>(NormalizedShape(), Number("epsilon"), Flag("affine")),
            "Reshape" => new Reshape<T>(Numbers("shape")),
            "Transpose" => new Transpose<T>(Numbers("order")),
            "Sequential" => new Sequential<T>(Layers()),
            "Residual" => new Residual<T>(Layers()),
            "Concatenate" => new Concatenate<T>(Size("dimension"), Layers()),
            _ => throw new FormatException($"layer {place} is of the unknown kind '{kind}'."),
        };

        bool Flag(string name) => layer.GetProperty(name).GetBoolean();

        // Both weights of each gate.
        NumPyRandom Recurrent(int gates)
        {
            Nothing(gates, Size("inputs"), Size("hidden"));
            return Nothing(gates, Size("hidden"), Size("hidden"));
        }

        int Size(string name) => layer.GetProperty(name).GetInt32();

        Extent Pair(string name) => layer.GetProperty(name) is var pair && pair.GetArrayLength() == 2
            ? new Extent(pair[0].GetInt32(), pair[1].GetInt32())
            : throw new FormatException($"layer {place} has a {name} that is no height and width: {pair}.");

        double Number(string name) => layer.GetProperty(name).GetDouble();

        int[] Numbers(string name) => [.. layer.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

        Layer<T>[] Layers() => [.. layer.GetProperty("layers").EnumerateArray().Select((inner, i) => Read<T>(inner, $"{place}.{i}", numbers))];

        int Channels()
        {
            if (Flag("affine") || Flag("tracksStatistics"))
            {
                Nothing(2, Size("channels"));
            }

            return Size("channels");
        }

        int[] NormalizedShape()
        {
            if (Flag("affine"))
            {
                Nothing(Numbers("normalizedShape"));
            }

            return Numbers("normalizedShape");
        }

        TEnum Choice<TEnum>(string name)
            where TEnum : struct, Enum =>
            Enum.TryParse(layer.GetProperty(name).GetString(), out TEnum value) && Enum.IsDefined(value)
                ? value
                : throw new FormatException($"layer {place} has the unknown {name} '{layer.GetProperty(name)}'.");

        // A generator for first weights that nobody will see, and the check that there are enough numbers to replace them.
        NumPyRandom Nothing(params ReadOnlySpan<int> sizes)
        {
            Int128 wanted = 1;
            foreach (int size in sizes)
            {
                wanted *= size;
            }

            return wanted <= numbers
                ? new NumPyRandom(0)
                : throw new FormatException($"layer {place}, {kind}, needs {wanted} numbers, and the file holds {numbers}.");
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, Extent extent)
    {
        writer.WriteStartArray(name);
        writer.WriteNumberValue(extent.Height);
        writer.WriteNumberValue(extent.Width);
        writer.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<int> numbers)
    {
        writer.WriteStartArray(name);
        foreach (int number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void WriteLayers<T>(Utf8JsonWriter writer, IReadOnlyList<Layer<T>> layers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        writer.WriteStartArray("layers");
        foreach (Layer<T> layer in layers)
        {
            Write(writer, layer);
        }

        writer.WriteEndArray();
    }
}
