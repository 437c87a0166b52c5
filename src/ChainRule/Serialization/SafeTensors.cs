using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using ChainRule.Kernels;

namespace ChainRule.Serialization;

/// <summary>
/// Files in the safetensors format: eight bytes with the length of a header, a JSON header that gives each tensor's type, shape
/// and place, and the numbers, row by row, little-endian. Nothing in such a file is ever run.
/// </summary>
/// <remarks>Source: the format's description, https://huggingface.co/docs/safetensors.</remarks>
public static class SafeTensors
{
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;
    private const int MaximumHeader = 100_000_000;

    // PyTorch aligns the numbers to this.
    private const int Alignment = 8;

    /// <summary>Reads a file. Numbers of other types are converted; a single number becomes an array of one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is truncated, of another format, or contradicts itself; the message names it and says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NamedTensors<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T> => Parse<T>(File.ReadAllBytes(path), path);

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Texts by name.</param>
    /// <exception cref="ArgumentException">A name comes twice or is reserved.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, IReadOnlyList<KeyValuePair<string, Tensor<T>>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header = Header(tensors, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach ((_, Tensor<T> tensor) in tensors)
            {
                stream.Write(MemoryMarshal.AsBytes(tensor.AsSpan()));
            }
        });
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="file">The content.</param>
    /// <param name="name">What messages call the file.</param>
    internal static NamedTensors<T> Parse<T>(ReadOnlySpan<byte> file, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        InvalidDataException Refuse(string problem) => new($"'{name}' is no safetensors file that can be read: {problem}.");
        if (file.Length < LengthBytes)
        {
            throw Refuse($"expected at least {LengthBytes} bytes, got {file.Length}");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaximumHeader || headerLength > (ulong)(file.Length - LengthBytes))
        {
            throw Refuse($"it announces a header of {headerLength} bytes, and has {file.Length - LengthBytes} bytes in all");
        }

        byte[] header = file.Slice(LengthBytes, (int)headerLength).ToArray();
        ReadOnlySpan<byte> data = file[(LengthBytes + (int)headerLength)..];
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var metadata = new Dictionary<string, string>();
            var entries = new List<Entry>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    foreach (JsonProperty text in property.Value.EnumerateObject())
                    {
                        metadata.Add(text.Name, text.Value.GetString() ?? throw Refuse($"the metadata '{text.Name}' is null"));
                    }
                }
                else
                {
                    entries.Add(Entry.Read(property, Refuse));
                }
            }

            var tensors = new OrderedDictionary<string, Tensor<T>>();
            long end = 0;
            foreach (Entry entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
            {
                if (entry.Start != end || entry.End < entry.Start || entry.End > data.Length)
                {
                    throw Refuse($"the tensor '{entry.Name}' is said to lie at bytes {entry.Start} to {entry.End}; expected it to start at {end} and to end within the {data.Length} bytes of data");
                }

                end = entry.End;
                tensors.Add(entry.Name, entry.Convert<T>(data[(int)entry.Start..(int)entry.End]));
            }

            return end == data.Length ? new NamedTensors<T>(tensors, metadata) : throw Refuse($"{data.Length - end} bytes at the end belong to no tensor");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException(Refuse($"its header is broken: {exception.Message.TrimEnd('.')}").Message, exception);
        }
    }

    private static byte[] Header<T>(IReadOnlyList<KeyValuePair<string, Tensor<T>>> tensors, IReadOnlyDictionary<string, string>? metadata)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(MetadataKey);
                foreach ((string name, string text) in metadata)
                {
                    writer.WriteString(name, text);
                }

                writer.WriteEndObject();
            }

            var names = new HashSet<string>();
            long position = 0;
            foreach ((string name, Tensor<T> tensor) in tensors)
            {
                if (name == MetadataKey || !names.Add(name))
                {
                    throw new ArgumentException($"Expected each tensor to have a name of its own, got '{name}' {(name == MetadataKey ? "which the format keeps for itself" : "twice")}.", nameof(tensors));
                }

                long size = MemoryMarshal.AsBytes(tensor.AsSpan()).Length;
                writer.WriteStartObject(name);
                writer.WriteString("dtype", typeof(T) == typeof(float) ? "F32" : "F64");
                writer.WriteStartArray("shape");
                foreach (nint length in tensor.Lengths)
                {
                    writer.WriteNumberValue(length);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(position);
                writer.WriteNumberValue(position += size);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (bytes.Length % Alignment != 0)
        {
            bytes.WriteByte((byte)' ');
        }

        return bytes.ToArray();
    }

    /// <summary>What the header says of a tensor.</summary>
    private sealed record Entry(string Name, string Type, nint[] Shape, long Start, long End)
    {
        public static Entry Read(JsonProperty property, Func<string, InvalidDataException> refuse)
        {
            JsonElement value = property.Value;
            long[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64())];
            long[] offsets = [.. value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            string type = value.GetProperty("dtype").GetString() ?? "null";
            if (shape.Length > ChainRule.Shape.MaximumRank || offsets.Length != 2 || offsets[0] < 0)
            {
                throw refuse($"the tensor '{property.Name}' has {shape.Length} dimensions and {offsets.Length} offsets; expected up to {ChainRule.Shape.MaximumRank} dimensions, a start and an end");
            }

            // In steps, because a product of dishonest lengths may wrap around to the right number.
            long size = SizeOf(type) ?? throw refuse($"the tensor '{property.Name}' has the unknown type {type}");
            foreach (long length in shape)
            {
                if (length < 0 || (length > 0 && size > int.MaxValue / length))
                {
                    throw refuse($"the tensor '{property.Name}' has the impossible shape ({string.Join(", ", shape)})");
                }

                size *= length;
            }

            return size == offsets[1] - offsets[0]
                ? new Entry(property.Name, type, [.. shape.Select(length => (nint)length)], offsets[0], offsets[1])
                : throw refuse($"the tensor '{property.Name}' of type {type} and shape ({string.Join(", ", shape)}) takes {size} bytes, and is said to lie at bytes {offsets[0]} to {offsets[1]}");
        }

        public Tensor<T> Convert<T>(ReadOnlySpan<byte> bytes)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            T[] values = new T[bytes.Length / (int)SizeOf(Type)!.Value];
            switch (Type)
            {
                case "F64": From<double, T>(bytes, values); break;
                case "F32": From<float, T>(bytes, values); break;
                case "F16": From<Half, T>(bytes, values); break;
                case "BF16":
                    // A bfloat16 is the upper half of a float.
                    ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)halves[i] << 16));
                    }

                    break;
                case "I64": From<long, T>(bytes, values); break;
                case "U64": From<ulong, T>(bytes, values); break;
                case "I32": From<int, T>(bytes, values); break;
                case "U32": From<uint, T>(bytes, values); break;
                case "I16": From<short, T>(bytes, values); break;
                case "U16": From<ushort, T>(bytes, values); break;
                case "I8": From<sbyte, T>(bytes, values); break;
                default: From<byte, T>(bytes, values); break; // U8 and BOOL
            }

            return Tensor.Create(values, Shape.Length > 0 ? Shape : [1]); // a tensor has at least one dimension
        }

        private static void From<TStored, T>(ReadOnlySpan<byte> bytes, Span<T> values)
            where TStored : unmanaged, INumber<TStored>
            where T : unmanaged, IFloatingPointIeee754<T> =>
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TStored>(bytes), values);

        private static long? SizeOf(string type) => type switch
        {
            "F64" or "I64" or "U64" => 8,
            "F32" or "I32" or "U32" => 4,
            "F16" or "BF16" or "I16" or "U16" => 2,
            "I8" or "U8" or "BOOL" => 1,
            _ => null,
        };
    }
}
