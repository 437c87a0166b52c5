using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>A function of two numbers at the same place of two arrays, and of three numbers that belong to their channel.</summary>
internal interface IChannelMap<T>
{
    /// <summary>The function's values, for registers full of numbers.</summary>
    Vector<T> Invoke(Vector<T> x, Vector<T> y, Vector<T> a, Vector<T> b, Vector<T> c);
}

/// <summary>
/// Work on values of shape (batch, channels, positions) that goes by channel. With one position a row holds a number of every
/// channel; with more the numbers of a channel lie side by side.
/// </summary>
internal static class PerChannel
{
    /// <summary>sums = Σ x over the batch and the positions of each channel.</summary>
    public static void Sum<T>(ReadOnlySpan<T> x, int positions, Span<T> sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        sums.Clear();
        int width = positions == 1 ? sums.Length : positions;
        for (int start = 0; start < x.Length; start += width)
        {
            ReadOnlySpan<T> row = x.Slice(start, width);
            if (positions == 1)
            {
                TensorPrimitives.Add(sums, row, sums);
            }
            else
            {
                sums[start / positions % sums.Length] += TensorPrimitives.Sum(row);
            }
        }
    }

    /// <summary>sums = Σ x·y over the batch and the positions of each channel.</summary>
    public static void SumOfProducts<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int positions, Span<T> sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        sums.Clear();
        int width = positions == 1 ? sums.Length : positions;
        for (int start = 0; start < x.Length; start += width)
        {
            ReadOnlySpan<T> left = x.Slice(start, width);
            ReadOnlySpan<T> right = y.Slice(start, width);
            if (positions == 1)
            {
                TensorPrimitives.MultiplyAdd(left, right, sums, sums);
            }
            else
            {
                sums[start / positions % sums.Length] += TensorPrimitives.Dot(left, right);
            }
        }
    }

    /// <summary>result = f(x, y, a, b, c), where a, b and c have a number for each channel.</summary>
    public static void Map<T, TMap>(TMap f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c, int positions, Span<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TMap : struct, IChannelMap<T>
    {
        int channels = a.Length;
        int width = positions == 1 ? channels : positions;
        for (int start = 0; start < x.Length; start += width)
        {
            int channel = start / positions % channels;
            Vector<T> a1 = Vector.Create(a[channel]);
            Vector<T> b1 = Vector.Create(b[channel]);
            Vector<T> c1 = Vector.Create(c[channel]);
            for (int i = 0; i < width; i += Vector<T>.Count)
            {
                int length = Math.Min(Vector<T>.Count, width - i);
                if (positions == 1)
                {
                    a1 = Load(a.Slice(i, length));
                    b1 = Load(b.Slice(i, length));
                    c1 = Load(c.Slice(i, length));
                }

                Vector<T> values = f.Invoke(Load(x.Slice(start + i, length)), Load(y.Slice(start + i, length)), a1, b1, c1);
                Store(values, result.Slice(start + i, length));
            }
        }
    }

    /// <summary>A register full of numbers, or as many as there are, with zeros after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        values.Length == Vector<T>.Count ? new Vector<T>(values) : LoadPart(values);

    /// <summary>Puts as many numbers of a register there as there is room for.</summary>
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
