using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>The memory that a thread packs matrices into. It only grows, to some megabytes at most, and stays for the next product.</summary>
internal static class Scratch<T>
    where T : unmanaged
{
    [ThreadStatic]
    private static AlignedBuffer<T>? a;

    [ThreadStatic]
    private static AlignedBuffer<T>? b;

    [ThreadStatic]
    private static AlignedBuffer<T>? common;

    public static AlignedBuffer<T> A => a ??= new AlignedBuffer<T>();

    public static AlignedBuffer<T> B => b ??= new AlignedBuffer<T>();

    /// <summary>What the calling thread packs for all threads, while they use theirs.</summary>
    public static AlignedBuffer<T> Common => common ??= new AlignedBuffer<T>();
}

/// <summary>Memory that starts on a cache line: a 64-byte load that straddles two lines takes twice as long.</summary>
internal sealed class AlignedBuffer<T>
    where T : unmanaged
{
    private const int CacheLine = 64;

    private T[] memory = [];
    private int start;

    /// <summary>At least <paramref name="length"/> numbers of no meaning.</summary>
    public unsafe ref T Get(int length)
    {
        if (memory.Length - start < length)
        {
            // Pinned, so that the alignment stays what it is.
            memory = GC.AllocateUninitializedArray<T>(length + (CacheLine / sizeof(T)), pinned: true);
            nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
            start = (int)((CacheLine - (address % CacheLine)) % CacheLine) / sizeof(T);
        }

        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(memory), start);
    }
}
