using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ChainRule.Kernels;

namespace ChainRule.Serialization;

/// <summary>
/// NumPy's files of one array: a magic word, a version, a header that is a Python dictionary of type, order and shape, and the
/// numbers. Pickled objects, which could run code, and structured types are refused.
/// </summary>
/// <remarks>Source: the format's description, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.</remarks>
public static partial class NpyFile
{
    private const int HeaderAlignment = 64;
    private const int MaximumHeader = 1 << 20;
    private const int MaximumRank = 4;
    private const int BlockSize = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file. Whole numbers, and numbers of the other precision, are converted; Fortran's order becomes row by row, a single number an array of one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is truncated, too long, of another format or of a type that is not read; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using FileStream stream = File.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Writes a file, whole or not at all, byte for byte as NumPy does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensor">The array.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T> => AtomicFile.Write(path, stream => Write(stream, tensor));

    /// <summary>Reads an array to the end of a stream.</summary>
    internal static Tensor<T> Read<T>(Stream stream, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        InvalidDataException Refuse(string problem) => new($"'{name}' is no npy file that can be read: {problem}.");
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8 || !start.StartsWith(Magic))
        {
            throw Refuse("it does not begin with NumPy's magic word");
        }

        if (start[6] is not (1 or 2 or 3) || start[7] != 0)
        {
            throw Refuse($"expected version 1.0, 2.0 or 3.0, got {start[6]}.{start[7]}");
        }

        Span<byte> lengthBytes = stackalloc byte[start[6] == 1 ? 2 : 4];
        if (stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false) < lengthBytes.Length)
        {
            throw Refuse("it ends within its header");
        }

        uint length = lengthBytes.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        byte[] text = length <= MaximumHeader ? new byte[length] : throw Refuse($"its header is said to have {length} bytes");
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
        {
            throw Refuse("it ends within its header");
        }

        string header = Encoding.UTF8.GetString(text);
        string type = Descr().Match(header) is { Success: true } descr ? descr.Groups[1].Value : throw Refuse("its header has no simple type: structured types are not read");
        bool isFortran = FortranOrder().Match(header) is { Success: true } order ? order.Groups[1].Value == "True" : throw Refuse("its header does not say in which order the numbers are");
        string[] lengths = ShapeTuple().Match(header) is { Success: true } tuple ? tuple.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : throw Refuse("its header has no shape");
        if (lengths.Length > MaximumRank)
        {
            throw Refuse($"it has {lengths.Length} dimensions; expected up to {MaximumRank}");
        }

        string kind = type[1..];
        int size = SizeOf(kind) ?? throw Refuse(kind.StartsWith('O') ? "it holds pickled objects, which are never read" : $"the type '{type}' is not read");
        nint[] shape = new nint[lengths.Length];
        long bytes = size;
        for (int i = 0; i < shape.Length; i++)
        {
            if (!int.TryParse(lengths[i], out int dimension) || dimension < 0 || (dimension > 0 && bytes > int.MaxValue / dimension))
            {
                throw Refuse($"it has the impossible shape ({string.Join(", ", lengths)})");
            }

            shape[i] = dimension;
            bytes *= dimension;
        }

        // Memory grows with what is really there: a header may promise anything.
        using var content = new MemoryStream();
        byte[] block = new byte[BlockSize];
        int read;
        while (content.Length <= bytes && (read = stream.Read(block)) > 0)
        {
            content.Write(block, 0, read);
        }

        if (content.Length != bytes)
        {
            throw Refuse($"its header says {bytes} bytes of numbers, and there are {(content.Length > bytes ? "more" : content.Length)}");
        }

        Span<byte> numbers = content.GetBuffer().AsSpan(0, (int)bytes);
        if (type[0] == '>')
        {
            for (int i = 0; i < numbers.Length; i += size)
            {
                numbers.Slice(i, size).Reverse();
            }
        }

        T[] values = Convert<T>(numbers, kind, size);
        return Tensor.Create(isFortran ? RowByRow(values, shape) : values, shape.Length > 0 ? shape : [1]); // a tensor has at least one dimension
    }

    /// <summary>Writes an array to a stream, in version 1.0.</summary>
    internal static void Write<T>(Stream stream, Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string type = typeof(T) == typeof(float) ? "<f4" : "<f8";
        string dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {(tensor.Rank == 0 ? "()" : Shape.Describe(tensor.Lengths))}, }}";
        int prefix = Magic.Length + 4;
        int padded = (prefix + dictionary.Length + 1 + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)(padded - prefix));
        stream.Write(Magic);
        stream.Write([1, 0]);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes($"{dictionary.PadRight(padded - prefix - 1)}\n"));
        stream.Write(MemoryMarshal.AsBytes(tensor.AsSpan()));
    }

    private static T[] Convert<T>(ReadOnlySpan<byte> bytes, string kind, int size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = new T[bytes.Length / size];
        switch (kind)
        {
            case "f8": From<double, T>(bytes, values); break;
            case "f4": From<float, T>(bytes, values); break;
            case "f2": From<Half, T>(bytes, values); break;
            case "i8": From<long, T>(bytes, values); break;
            case "i4": From<int, T>(bytes, values); break;
            case "i2": From<short, T>(bytes, values); break;
            case "i1": From<sbyte, T>(bytes, values); break;
            case "u8": From<ulong, T>(bytes, values); break;
            case "u4": From<uint, T>(bytes, values); break;
            case "u2": From<ushort, T>(bytes, values); break;
            default: From<byte, T>(bytes, values); break; // u1 and b1
        }

        return values;
    }

    private static void From<TStored, T>(ReadOnlySpan<byte> bytes, Span<T> values)
        where TStored : unmanaged, INumber<TStored>
        where T : unmanaged, IFloatingPointIeee754<T> =>
        TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, TStored>(bytes), values);

    /// <summary>Fortran lets the first index run fastest, C the last.</summary>
    private static T[] RowByRow<T>(T[] columnByColumn, ReadOnlySpan<nint> shape)
    {
        T[] result = new T[columnByColumn.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int rest = i;
            int place = 0;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                int index = rest % (int)shape[d];
                rest /= (int)shape[d];
                int stride = 1;
                for (int e = 0; e < d; e++)
                {
                    stride *= (int)shape[e];
                }

                place += index * stride;
            }

            result[i] = columnByColumn[place];
        }

        return result;
    }

    private static int? SizeOf(string kind) => kind switch
    {
        "f8" or "i8" or "u8" => 8,
        "f4" or "i4" or "u4" => 4,
        "f2" or "i2" or "u2" => 2,
        "i1" or "u1" or "b1" => 1,
        _ => null,
    };

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([<>|=][^'"]+)['"]""", RegexOptions.CultureInvariant)]
    private static partial Regex Descr();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""", RegexOptions.CultureInvariant)]
    private static partial Regex FortranOrder();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeTuple();
}
