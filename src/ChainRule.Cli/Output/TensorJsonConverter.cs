using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainRule.Cli.Output;

/// <summary>Writes a tensor as arrays in arrays, in its shape.</summary>
internal sealed class TensorJsonConverter : JsonConverter<Tensor<double>>
{
    public override Tensor<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Documents are written, never read.");

    public override void Write(Utf8JsonWriter writer, Tensor<double> value, JsonSerializerOptions options)
    {
        using IEnumerator<double> elements = value.AsEnumerable().GetEnumerator();
        Write(writer, value.Lengths, elements);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<nint> lengths, IEnumerator<double> elements)
    {
        if (lengths.IsEmpty)
        {
            elements.MoveNext();
            FiniteNumberJsonConverter.Write(writer, elements.Current);
            return;
        }

        writer.WriteStartArray();
        for (nint i = 0; i < lengths[0]; i++)
        {
            Write(writer, lengths[1..], elements);
        }

        writer.WriteEndArray();
    }
}
