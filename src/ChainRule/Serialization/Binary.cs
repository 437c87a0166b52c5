using System.Runtime.InteropServices;

namespace ChainRule.Serialization;

/// <summary>Numbers side by side, little-endian, as <see cref="BinaryWriter"/> writes single ones.</summary>
internal static class Binary
{
    /// <summary>Writes how many there are, and the numbers.</summary>
    public static void Write<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads exactly as many numbers as there is room for.</summary>
    /// <exception cref="InvalidDataException">Another number of them was written.</exception>
    /// <exception cref="EndOfStreamException">The stream ends before.</exception>
    public static void Read<T>(BinaryReader reader, Span<T> values)
        where T : unmanaged
    {
        int length = reader.ReadInt32();
        if (length != values.Length)
        {
            throw new InvalidDataException($"expected {values.Length} numbers, found {length}");
        }

        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads a whole number from 0.</summary>
    /// <exception cref="InvalidDataException">It is negative.</exception>
    public static int ReadCount(BinaryReader reader, string what) =>
        reader.ReadInt32() is >= 0 and var count ? count : throw new InvalidDataException($"the number of {what} is negative");
}
