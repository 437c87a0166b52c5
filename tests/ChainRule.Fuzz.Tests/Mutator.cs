using System.Buffers.Binary;
using System.Text;

namespace ChainRule.Fuzz.Tests;

/// <summary>Spoils files: flips, cuts, repeats, splices, and puts in the numbers and words that readers trip over.</summary>
/// <param name="random">Where the choices are drawn from.</param>
/// <param name="words">Words of the format.</param>
internal sealed class Mutator(System.Random random, IReadOnlyList<string> words)
{
    private const int Longest = 1 << 16;

    private static readonly long[] numbers = [0, 1, -1, 2, 7, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue, (long)1e18, 0x7FF0000000000000, 0x7FF8000000000000];
    private static readonly string[] texts =
    [
        "-1", "0", "1", "4294967296", "99999999999999999999", "2147483647", "65536,65536,65536", "1e999", "-1e308", "NaN", "Infinity", "null", "true", "[]", "{}", "\"\"",
        "../../../etc/passwd", "/", "\\", "..", "\0", "\u202e", "\ufeff", "'", "\"", ",", "\n", "\r\n", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "\ud83d\ude00",
    ];

    /// <summary>A spoilt copy of one of the files.</summary>
    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        byte[] bytes = seeds[random.Next(seeds.Count)];
        for (int count = 1 << random.Next(4); count > 0; count--)
        {
            bytes = Once(bytes, seeds);
        }

        return bytes.Length > Longest ? bytes[..Longest] : bytes;
    }

    private byte[] Once(byte[] bytes, IReadOnlyList<byte[]> seeds)
    {
        int at = random.Next(bytes.Length + 1);
        int length = random.Next(Math.Min(bytes.Length - at, 32) + 1);
        switch (random.Next(11))
        {
            case 0 when bytes.Length > 0:
                return Overwrite(bytes, Math.Min(at, bytes.Length - 1), [(byte)(bytes[Math.Min(at, bytes.Length - 1)] ^ (1 << random.Next(8)))]);
            case 1 when bytes.Length > 0:
                return Overwrite(bytes, Math.Min(at, bytes.Length - 1), [(byte)random.Next(256)]);
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 4:
                return bytes[..at];
            case 5:
                byte[] noise = new byte[random.Next(16)];
                random.NextBytes(noise);
                return [.. bytes[..at], .. noise, .. bytes[at..]];
            case 6:
                byte[] other = seeds[random.Next(seeds.Count)];
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            case 7:
                return Overwrite(bytes, at, Number());
            case 8:
                return ReplaceDigits(bytes, at);
            case 9 when words.Count > 0:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(words[random.Next(words.Count)]), .. bytes[(at + length)..]];
            default:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]), .. bytes[(at + length)..]];
        }
    }

    private byte[] Number()
    {
        byte[] eight = new byte[8];
        long number = numbers[random.Next(numbers.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(eight, number);
            return eight[..(1 << random.Next(4))];
        }

        BinaryPrimitives.WriteInt64BigEndian(eight, number);
        return eight[^(1 << random.Next(4))..];
    }

    /// <summary>The next number that is written in digits becomes another one.</summary>
    private byte[] ReplaceDigits(byte[] bytes, int from)
    {
        int start = from;
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start]))
        {
            start++;
        }

        int end = start;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end]))
        {
            end++;
        }

        return start == end ? bytes : [.. bytes[..start], .. Encoding.ASCII.GetBytes(texts[random.Next(15)]), .. bytes[end..]];
    }

    private static byte[] Overwrite(byte[] bytes, int at, byte[] with)
    {
        byte[] copy = [.. bytes];
        with.AsSpan(0, Math.Min(with.Length, copy.Length - at)).CopyTo(copy.AsSpan(at));
        return copy;
    }
}
