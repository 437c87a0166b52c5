using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>A function of one number, written for a register full of them.</summary>
internal interface IUnary<T>
{
    /// <summary>The function's values.</summary>
    Vector<T> Invoke(Vector<T> x);
}

/// <summary>A function of two numbers, written for registers full of them.</summary>
internal interface IBinary<T>
{
    /// <summary>The function's values.</summary>
    Vector<T> Invoke(Vector<T> x, Vector<T> y);
}

/// <summary>Functions applied to every number of a span. The formula is written once, for a register; what is left over at the end fills part of one.</summary>
internal static class Elementwise
{
    /// <summary>result = f(x).</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, x.Length, nameof(result));
        ref T source = ref MemoryMarshal.GetReference(x);
        ref T target = ref MemoryMarshal.GetReference(result);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            f.Invoke(Vector.LoadUnsafe(ref source, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }

        if (i < x.Length)
        {
            StorePart(f.Invoke(LoadPart(x[i..])), result[i..]);
        }
    }

    /// <summary>result = f(x, y).</summary>
    public static void Map<T, TFunction>(TFunction f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IBinary<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length, nameof(y));
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, x.Length, nameof(result));
        ref T first = ref MemoryMarshal.GetReference(x);
        ref T second = ref MemoryMarshal.GetReference(y);
        ref T target = ref MemoryMarshal.GetReference(result);
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            f.Invoke(Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref second, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }

        if (i < x.Length)
        {
            StorePart(f.Invoke(LoadPart(x[i..]), LoadPart(y[i..])), result[i..]);
        }
    }

    private static Vector<T> LoadPart<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Vector<T> register = default;
        values.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector<T>, T>(ref register), Vector<T>.Count));
        return register;
    }

    private static void StorePart<T>(Vector<T> register, Span<T> values)
        where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector<T>, T>(ref register), values.Length).CopyTo(values);
}
