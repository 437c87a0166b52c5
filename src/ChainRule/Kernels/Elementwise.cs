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

/// <summary>One step of an optimizer for registers full of numbers.</summary>
internal interface IUpdate<T>
{
    /// <summary>The new θ. What the optimizer remembers of θ is changed in place; what it does not use stays as it is.</summary>
    Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second, ref Vector<T> third);
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

    /// <summary>One step of an optimizer: changes θ and up to three spans of state; a state that the optimizer does not have is empty.</summary>
    public static void Update<T, TUpdate>(TUpdate f, Span<T> value, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, Span<T> third)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TUpdate : struct, IUpdate<T>
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, value.Length, nameof(gradient));
        int i = 0;
        for (; i < value.Length; i += Vector<T>.Count)
        {
            // The last register may hang over; the slices below see to it that nothing else is touched.
            int length = Math.Min(Vector<T>.Count, value.Length - i);
            Span<T> here = value.Slice(i, length);
            Span<T> here1 = first.IsEmpty ? first : first.Slice(i, length);
            Span<T> here2 = second.IsEmpty ? second : second.Slice(i, length);
            Span<T> here3 = third.IsEmpty ? third : third.Slice(i, length);
            Vector<T> state1 = Load(here1);
            Vector<T> state2 = Load(here2);
            Vector<T> state3 = Load(here3);
            Vector<T> result = f.Invoke(Load(here), Load(gradient.Slice(i, length)), ref state1, ref state2, ref state3);
            Store(result, here);
            Store(state1, here1);
            Store(state2, here2);
            Store(state3, here3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        values.Length == Vector<T>.Count ? new Vector<T>(values) : LoadPart(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector<T> register, Span<T> values)
        where T : unmanaged
    {
        if (values.Length == Vector<T>.Count)
        {
            register.CopyTo(values);
        }
        else
        {
            StorePart(register, values);
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
