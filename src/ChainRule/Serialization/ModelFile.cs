using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using ChainRule.Kernels;
using ChainRule.Training;

namespace ChainRule.Serialization;

/// <summary>
/// A trained model as a safetensors file. The weights have PyTorch's names and layout (<c>0.weight</c> of shape (outputs,
/// inputs), counting all layers from 0), so that <c>nn.Sequential(…).load_state_dict(load_file(…))</c> reads them as they are;
/// the architecture, the normalisation and the labels stand as JSON in the metadata.
/// </summary>
public static class ModelFile
{
    private const string Key = "chainrule";
    private const int Version = 1;

    /// <summary>Writes a model, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="NotSupportedException">The network has a layer that the format does not know.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, TrainedModel<T> model)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        KeyValuePair<string, Tensor<T>>[] tensors = [.. PyTorchLayout.Of(model.Network).Select(state => KeyValuePair.Create(state.Name, state.Export()))];
        SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt", [Key] = Describe(model) });
    }

    /// <summary>Reads a model that <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is truncated, of another format, not a model of ours, or contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T> => Parse<T>(File.ReadAllBytes(path), path);

    /// <summary>Reads a model from its bytes.</summary>
    internal static TrainedModel<T> Parse<T>(ReadOnlySpan<byte> bytes, string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NamedTensors<T> file = SafeTensors.Parse<T>(bytes, path);
        if (!file.Metadata.TryGetValue(Key, out string? description))
        {
            throw new InvalidDataException($"'{path}' holds tensors but no model of chainrule: its metadata has no '{Key}'.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(description);
            JsonElement root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"'{path}' is a model of version {version}; this program reads version {Version}.");
            }

            long numbers = file.Tensors.Values.Sum(tensor => (long)tensor.FlattenedLength);
            var network = new Sequential<T>([.. root.GetProperty("layers").EnumerateArray().Select((layer, i) => LayerFormat.Read<T>(layer, $"{i}", numbers))]);
            Load(network, file.Tensors);
            return new TrainedModel<T>(network, ReadObjective(root), ReadNormalization(root), Strings(root, "classNames"), Strings(root, "featureNames"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is no model of chainrule that can be read: {exception.Message}", exception);
        }
    }

    /// <summary>Gives a network the weights of a safetensors file with PyTorch's names and layout, e.g. of a <c>state_dict()</c> that PyTorch saved.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network; it stays as it is where the file is refused.</param>
    /// <exception cref="InvalidDataException">The file is broken, or its tensors are not those of the network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void ReadWeights<T>(string path, Layer<T> network)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        OrderedDictionary<string, Tensor<T>> tensors = SafeTensors.Read<T>(path).Tensors;
        try
        {
            Load(network, tensors);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"'{path}' does not have the weights of {network}: {exception.Message}", exception);
        }
    }

    /// <summary>Gives a network the weights of tensors with PyTorch's names and layout.</summary>
    /// <exception cref="FormatException">A tensor is missing, has another shape, or belongs to no layer.</exception>
    private static void Load<T>(Layer<T> network, OrderedDictionary<string, Tensor<T>> tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // All of them are looked at before the first is taken: a file that is refused changes nothing.
        (StateTensor<T> State, Tensor<T> Tensor)[] pairs =
        [
            .. PyTorchLayout.Of(network).Select(state => (state, tensors.TryGetValue(state.Name, out Tensor<T>? tensor) ? tensor : throw new FormatException($"the tensor '{state.Name}' is missing."))),
        ];
        if (pairs.Length != tensors.Count)
        {
            throw new FormatException($"it holds {tensors.Count} tensors, and the layers have {pairs.Length}.");
        }

        foreach ((StateTensor<T> state, Tensor<T> tensor) in pairs)
        {
            state.RequireShape(tensor);
        }

        foreach ((StateTensor<T> state, Tensor<T> tensor) in pairs)
        {
            state.Import(tensor);
        }
    }

    private static string Describe<T>(TrainedModel<T> model)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteString("loss", model.Objective.Loss.ToString());
            writer.WriteNumber("classes", model.Objective.Classes);
            writer.WriteNumber("values", model.Objective.Values);
            writer.WriteStartArray("layers");
            foreach (Layer<T> layer in model.Network.Layers)
            {
                LayerFormat.Write(writer, layer);
            }

            writer.WriteEndArray();
            if (model.Normalization is { } normalization)
            {
                Write(writer, "shift", normalization.Shift);
                Write(writer, "scale", normalization.Scale);
            }

            Write(writer, "classNames", model.ClassNames);
            Write(writer, "featureNames", model.FeatureNames);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<double> numbers)
    {
        writer.WriteStartArray(name);
        foreach (double number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static Objective ReadObjective(JsonElement root)
    {
        string name = root.GetProperty("loss").GetString() ?? "null";
        if (!Enum.TryParse(name, out LossKind loss) || !Enum.IsDefined(loss))
        {
            throw new FormatException($"the loss '{name}' is unknown.");
        }

        int classes = root.GetProperty("classes").GetInt32();
        return classes > 0 ? Objective.ForClasses(loss, classes) : Objective.ForValues(root.GetProperty("values").GetInt32());
    }

    private static Normalization? ReadNormalization(JsonElement root)
    {
        if (!root.TryGetProperty("shift", out JsonElement shift))
        {
            return null;
        }

        double[] shifts = [.. shift.EnumerateArray().Select(number => number.GetDouble())];
        double[] scales = [.. root.GetProperty("scale").EnumerateArray().Select(number => number.GetDouble())];
        return shifts.Length != scales.Length ? throw new FormatException($"the normalisation has {shifts.Length} shifts and {scales.Length} scales.")
            : !shifts.Concat(scales).All(double.IsFinite) ? throw new FormatException("the normalisation has a number that is not finite.")
            : new Normalization(shifts, scales);
    }

    private static string[] Strings(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(text => text.GetString() ?? throw new FormatException($"a text in '{name}' is null."))];
}
