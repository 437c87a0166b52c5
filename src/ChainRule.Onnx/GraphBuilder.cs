using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Onnx.Format;
using Google.Protobuf;

namespace ChainRule.Onnx;

/// <summary>Puts a graph together: nodes one after the other, constants beside them, names that do not collide.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class GraphBuilder<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private int count;

    /// <summary>The graph so far.</summary>
    public GraphProto Graph { get; } = new() { Name = "chainrule" };

    /// <summary>The numbers that the graph computes with.</summary>
    public static TensorProto.Types.DataType Type => typeof(T) == typeof(float) ? TensorProto.Types.DataType.Float : TensorProto.Types.DataType.Double;

    /// <summary>Adds a node.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="attributes">Its settings.</param>
    /// <returns>The name of its output.</returns>
    public string Add(string operation, IEnumerable<string> inputs, params IEnumerable<AttributeProto> attributes)
    {
        string output = NewName(operation);
        var node = new NodeProto { OpType = operation, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a node that gives another name to a value, for the outputs of the graph.</summary>
    public void Rename(string from, string to) =>
        Graph.Node.Add(new NodeProto { OpType = "Identity", Name = NewName("Identity"), Input = { from }, Output = { to } });

    /// <summary>Adds a constant of the network's numbers.</summary>
    public string Constant(string name, Tensor<T> value)
    {
        T[] numbers = new T[value.FlattenedLength];
        value.FlattenTo(numbers);
        return Constant(name, (int)Type, [.. value.Lengths], MemoryMarshal.AsBytes<T>(numbers));
    }

    /// <summary>Adds one number.</summary>
    public string Constant(string name, double value) => Constant(NewName(name), (int)Type, [], MemoryMarshal.AsBytes<T>([T.CreateChecked(value)]));

    /// <summary>Adds whole numbers, e.g. a shape.</summary>
    public string Constant(string name, params long[] values) => Constant(NewName(name), (int)TensorProto.Types.DataType.Int64, [values.Length], MemoryMarshal.AsBytes<long>(values));

    /// <summary>Declares what goes in or comes out: the batch is open, the other dimensions are as given; where one is unknown it is null.</summary>
    public static ValueInfoProto Value(string name, IEnumerable<long?> sampleShape)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        int unknown = 0;
        foreach (long? length in sampleShape)
        {
            shape.Dim.Add(length is { } known
                ? new TensorShapeProto.Types.Dimension { DimValue = known }
                : new TensorShapeProto.Types.Dimension { DimParam = string.Create(CultureInfo.InvariantCulture, $"{name}{unknown++}") });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)Type, Shape = shape } } };
    }

    /// <summary>A setting that is a whole number.</summary>
    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    /// <summary>A setting that is a number.</summary>
    public static AttributeProto Attribute(string name, double value) => new() { Name = name, F = (float)value, Type = AttributeProto.Types.AttributeType.Float };

    /// <summary>A setting that is a word.</summary>
    public static AttributeProto Attribute(string name, string value) => new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    /// <summary>A setting that is a list of whole numbers.</summary>
    public static AttributeProto Attribute(string name, params IEnumerable<long> values) => new() { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints };

    /// <summary>A name that nothing has yet.</summary>
    public string NewName(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}_{count++}");

    private string Constant(string name, int type, IEnumerable<nint> shape, ReadOnlySpan<byte> bytes)
    {
        Graph.Initializer.Add(new TensorProto { Name = name, DataType = type, Dims = { shape.Select(length => (long)length) }, RawData = ByteString.CopyFrom(bytes) });
        return name;
    }
}
