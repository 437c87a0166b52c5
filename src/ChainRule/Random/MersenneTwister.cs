using System.Numerics;
using ChainRule.Serialization;

namespace ChainRule.Random;

/// <summary>
/// MT19937, the Mersenne Twister of period 2¹⁹⁹³⁷ − 1: a stream of evenly distributed 32-bit words.
/// </summary>
/// <remarks>
/// <para>The state is 624 words. The stream goes on by the recurrence
/// x[k + 624] = x[k + 397] ⊕ twist(x[k], x[k + 1]), computed for 624 words at a time; each word is tempered on
/// its way out.</para>
/// <para>Sources: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
/// pseudo-random number generator", ACM Transactions on Modeling and Computer Simulation 8(1), 1998, 3–30; seeding
/// from one word is <c>init_genrand</c> of the authors' revision of 2002.</para>
/// </remarks>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private const int Offset = 397;
    private const uint UpperBit = 0x8000_0000;
    private const uint LowerBits = 0x7FFF_FFFF;
    private const uint Matrix = 0x9908_B0DF;

    private readonly uint[] words = new uint[Length];
    private int position;

    /// <summary>Starts the stream that belongs to <paramref name="seed"/>.</summary>
    public void Seed(uint seed)
    {
        uint word = seed;
        words[0] = word;
        for (uint index = 1; index < Length; index++)
        {
            word = (1_812_433_253 * (word ^ (word >> 30))) + index;
            words[index] = word;
        }

        position = Length;
    }

    /// <summary>The next 32 bits of the stream.</summary>
    public uint NextUInt32()
    {
        if (position == Length)
        {
            NextBlock();
            position = 0;
        }

        uint word = words[position++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        return word ^ (word >> 18);
    }

    /// <summary>The next 64 bits of the stream, the upper half first.</summary>
    public ulong NextUInt64()
    {
        ulong upper = NextUInt32();
        return (upper << 32) | NextUInt32();
    }

    /// <summary>Writes the state.</summary>
    public void Write(BinaryWriter writer)
    {
        Binary.Write<uint>(writer, words);
        writer.Write(position);
    }

    /// <summary>Takes over a state that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public void Read(BinaryReader reader)
    {
        Binary.Read<uint>(reader, words);
        position = reader.ReadInt32() is >= 0 and <= Length and var read ? read : throw new InvalidDataException("the random numbers have no such position");
    }

    private void NextBlock()
    {
        // x[k + 397] still belongs to the old block for the first words and already to the new one for the others.
        Advance(words, 0, Length - Offset, Offset);
        Advance(words, Length - Offset, Length - 1, Offset - Length);
        words[^1] = words[Offset - 1] ^ Twist(words[^1], words[0]);
    }

    /// <summary>words[k] = words[k + distance] ⊕ twist(words[k], words[k + 1]) for k in [start, end).</summary>
    private static void Advance(Span<uint> words, int start, int end, int distance)
    {
        int index = start;

        // The recurrence reaches back 227 words or more, further than any vector is long: no lane waits for another.
        for (; index <= end - Vector<uint>.Count; index += Vector<uint>.Count)
        {
            Vector<uint> twisted = Twist(new Vector<uint>(words[index..]), new Vector<uint>(words[(index + 1)..]));
            (new Vector<uint>(words[(index + distance)..]) ^ twisted).CopyTo(words[index..]);
        }

        for (; index < end; index++)
        {
            words[index] = words[index + distance] ^ Twist(words[index], words[index + 1]);
        }
    }

    /// <summary>The upper bit of one word joined to the lower 31 of the next, times the recurrence's matrix over GF(2).</summary>
    private static uint Twist(uint word, uint next)
    {
        uint joined = (word & UpperBit) | (next & LowerBits);
        return (joined >> 1) ^ ((0 - (joined & 1)) & Matrix);
    }

    /// <summary>The same in every lane.</summary>
    private static Vector<uint> Twist(Vector<uint> word, Vector<uint> next)
    {
        Vector<uint> joined = (word & new Vector<uint>(UpperBit)) | (next & new Vector<uint>(LowerBits));
        return (joined >> 1) ^ ((Vector<uint>.Zero - (joined & Vector<uint>.One)) & new Vector<uint>(Matrix));
    }
}
