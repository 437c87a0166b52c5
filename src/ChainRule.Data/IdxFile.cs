using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Data;

/// <summary>
/// Files in the IDX format, plain or packed with gzip: two zero bytes, a type, a number of dimensions, the dimensions as 32-bit
/// big-endian numbers, and the values row by row. Only bytes are read (type 0x08), the type of the MNIST family.
/// </summary>
/// <remarks>Source: the description of the format by LeCun, Cortes and Burges, The MNIST database of handwritten digits.</remarks>
public static class IdxFile
{
    private const byte UnsignedByte = 0x08;
    private const int MaximumDimensions = 4;
    private const int LargestFile = 1 << 30;
    private const int BlockSize = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The values from 0 to 255, in the file's shape.</returns>
    /// <exception cref="InvalidDataException">The file is of another format or type, truncated, or longer than its header says; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Tensor<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using Stream stream = OpenUnpacked(path);
        return Read<T>(stream, path);
    }

    /// <summary>Reads from a stream that is not packed.</summary>
    /// <param name="stream">The content.</param>
    /// <param name="name">What messages call it.</param>
    internal static Tensor<T> Read<T>(Stream stream, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        InvalidDataException Refuse(string problem) => new($"'{name}' is no IDX file that can be read: {problem}.");
        try
        {
            Span<byte> header = stackalloc byte[4];
            if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4 || header[0] != 0 || header[1] != 0)
            {
                throw Refuse("it does not begin with two zero bytes, a type and a number of dimensions");
            }

            if (header[2] != UnsignedByte || header[3] is 0 or > MaximumDimensions)
            {
                throw Refuse($"expected unsigned bytes (type 0x08) in 1 to {MaximumDimensions} dimensions, got type 0x{header[2]:X2} in {header[3]}");
            }

            nint[] shape = new nint[header[3]];
            long size = 1;
            for (int i = 0; i < shape.Length; i++)
            {
                if (stream.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4)
                {
                    throw Refuse("it ends within its header");
                }

                uint dimension = BinaryPrimitives.ReadUInt32BigEndian(header);
                if (dimension == 0 || dimension > LargestFile / size)
                {
                    throw Refuse($"dimension {i} is {dimension}; expected at least 1, and {LargestFile} values in all at most");
                }

                shape[i] = (nint)dimension;
                size *= dimension;
            }

            // Memory grows with what is really there: a header may promise anything.
            using var values = new MemoryStream();
            byte[] block = new byte[BlockSize];
            int read;
            while (values.Length <= size && (read = stream.Read(block)) > 0)
            {
                values.Write(block, 0, read);
            }

            if (values.Length != size)
            {
                throw Refuse($"its header says {size} values, and there are {(values.Length > size ? "more" : values.Length)}");
            }

            T[] numbers = new T[size];
            TensorPrimitives.ConvertTruncating<byte, T>(values.GetBuffer().AsSpan(0, (int)size), numbers);
            return Tensor.Create(numbers, shape);
        }
        catch (InvalidDataException exception) when (!exception.Message.Contains(name, StringComparison.Ordinal))
        {
            throw new InvalidDataException(Refuse($"its gzip data are broken ({exception.Message.TrimEnd('.')})").Message, exception);
        }
    }

    private static Stream OpenUnpacked(string path)
    {
        FileStream file = File.OpenRead(path);
        bool isPacked = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
