using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Copies a part of a matrix into panels, in the order in which a tile reads it: <c>width</c> lines side by side, one step of
/// depth after the other. A line is a row of A or a column of B; strides make both, and their transposes, the same work.
/// </summary>
internal static class Packing
{
    /// <summary>Packs <paramref name="lines"/> lines into panels of <paramref name="width"/>; the last panel is filled up with zeros.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="lineStride">From a line to the next.</param>
    /// <param name="depthStride">From a step of depth to the next.</param>
    /// <param name="lines">The number of lines.</param>
    /// <param name="depth">The number of steps.</param>
    /// <param name="width">Lines in a panel.</param>
    /// <param name="panels">Where the panels go, one after the other.</param>
    public static void Pack<T>(ref readonly T source, nint lineStride, nint depthStride, int lines, int depth, int width, ref T panels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int line = 0; line < lines; line += width)
        {
            int here = Math.Min(width, lines - line);
            ref T from = ref Unsafe.Add(ref Unsafe.AsRef(in source), line * lineStride);
            ref T to = ref Unsafe.Add(ref panels, (nint)line * depth);
            if (here < width)
            {
                MemoryMarshal.CreateSpan(ref to, width * depth).Clear();
            }

            if (lineStride == 1 && Vector512.IsHardwareAccelerated && width < Vector512<T>.Count && lines - line >= Vector512<T>.Count)
            {
                CopyWithOverhang(ref from, depthStride, depth, width, ref to);
            }
            else if (lineStride == 1)
            {
                Copy(ref from, depthStride, here, depth, width, ref to);
            }
            else
            {
                Transpose(ref from, lineStride, depthStride, here, depth, width, ref to);
            }
        }
    }

    /// <summary>Lines side by side in memory: each step of depth is one copy.</summary>
    private static void Copy<T>(ref T from, nint depthStride, int lines, int depth, int width, ref T to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int p = 0; p < depth; p++)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; i <= lines - Vector512<T>.Count; i += Vector512<T>.Count)
                {
                    Vector512.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
                }
            }

            if (Vector256.IsHardwareAccelerated)
            {
                for (; i <= lines - Vector256<T>.Count; i += Vector256<T>.Count)
                {
                    Vector256.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
                }
            }

            for (; i <= lines - Vector128<T>.Count; i += Vector128<T>.Count)
            {
                Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
            }

            for (; i < lines; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
            }

            from = ref Unsafe.Add(ref from, depthStride);
            to = ref Unsafe.Add(ref to, width);
        }
    }

    /// <summary>The same for a panel that is narrower than a register and is not the last one: what a step writes too much, the next step or panel overwrites.</summary>
    private static void CopyWithOverhang<T>(ref T from, nint depthStride, int depth, int width, ref T to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int p = 0; p < depth; p++)
        {
            Vector512.LoadUnsafe(ref from).StoreUnsafe(ref to);
            from = ref Unsafe.Add(ref from, depthStride);
            to = ref Unsafe.Add(ref to, width);
        }
    }

    /// <summary>Each line along the depth: blocks of 4 × 4 (or, of double, 2 × 2) numbers are turned around in registers, four at a time where registers are wide.</summary>
    private static void Transpose<T>(ref T from, nint lineStride, nint depthStride, int lines, int depth, int width, ref T to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = Vector128<T>.Count;
        bool inRegisters = depthStride == 1 && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported);
        int wholeLines = inRegisters ? lines - (lines % size) : 0;
        int wholeDepth = depth - (depth % size);
        for (int i = 0; i < wholeLines; i += size)
        {
            ref T line = ref Unsafe.Add(ref from, i * lineStride);
            ref T target = ref Unsafe.Add(ref to, i);
            int p = 0;
            if (Avx512F.IsSupported)
            {
                for (; p <= depth - Vector512<T>.Count; p += Vector512<T>.Count)
                {
                    TransposeBlocks512(ref Unsafe.Add(ref line, p), lineStride, ref Unsafe.Add(ref target, (nint)p * width), width);
                }
            }

            for (; p < wholeDepth; p += size)
            {
                TransposeBlock(ref Unsafe.Add(ref line, p), lineStride, ref Unsafe.Add(ref target, (nint)p * width), width);
            }
        }

        for (int i = 0; i < lines; i++)
        {
            for (int p = i < wholeLines ? wholeDepth : 0; p < depth; p++)
            {
                Unsafe.Add(ref to, ((nint)p * width) + i) = Unsafe.Add(ref from, (i * lineStride) + (p * depthStride));
            }
        }
    }

    /// <summary>Four blocks beside each other: one in each 128 bits of the registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlocks512<T>(ref T from, nint fromStride, ref T to, nint toStride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            Vector512<double> x = Vector512.LoadUnsafe(ref from).AsDouble();
            Vector512<double> y = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, fromStride)).AsDouble();
            Store(Avx512F.UnpackLow(x, y).As<double, T>(), ref to, 2 * toStride);
            Store(Avx512F.UnpackHigh(x, y).As<double, T>(), ref Unsafe.Add(ref to, toStride), 2 * toStride);
            return;
        }

        Vector512<float> r0 = Vector512.LoadUnsafe(ref from).AsSingle();
        Vector512<float> r1 = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, fromStride)).AsSingle();
        Vector512<float> r2 = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 2 * fromStride)).AsSingle();
        Vector512<float> r3 = Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 3 * fromStride)).AsSingle();
        Vector512<double> low01 = Avx512F.UnpackLow(r0, r1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(r0, r1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(r2, r3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(r2, r3).AsDouble();
        Store(Avx512F.UnpackLow(low01, low23).As<double, T>(), ref to, 4 * toStride);
        Store(Avx512F.UnpackHigh(low01, low23).As<double, T>(), ref Unsafe.Add(ref to, toStride), 4 * toStride);
        Store(Avx512F.UnpackLow(high01, high23).As<double, T>(), ref Unsafe.Add(ref to, 2 * toStride), 4 * toStride);
        Store(Avx512F.UnpackHigh(high01, high23).As<double, T>(), ref Unsafe.Add(ref to, 3 * toStride), 4 * toStride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Store(Vector512<T> register, ref T target, nint stride)
        {
            Vector256<T> low = register.GetLower();
            Vector256<T> high = register.GetUpper();
            low.GetLower().StoreUnsafe(ref target);
            low.GetUpper().StoreUnsafe(ref Unsafe.Add(ref target, stride));
            high.GetLower().StoreUnsafe(ref Unsafe.Add(ref target, 2 * stride));
            high.GetUpper().StoreUnsafe(ref Unsafe.Add(ref target, 3 * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock<T>(ref T from, nint fromStride, ref T to, nint toStride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            Vector128<double> x = Vector128.LoadUnsafe(ref from).AsDouble();
            Vector128<double> y = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, fromStride)).AsDouble();
            Low(x, y).As<double, T>().StoreUnsafe(ref to);
            High(x, y).As<double, T>().StoreUnsafe(ref Unsafe.Add(ref to, toStride));
            return;
        }

        // Pairs of numbers first, then pairs of pairs.
        Vector128<float> r0 = Vector128.LoadUnsafe(ref from).AsSingle();
        Vector128<float> r1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, fromStride)).AsSingle();
        Vector128<float> r2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 2 * fromStride)).AsSingle();
        Vector128<float> r3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref from, 3 * fromStride)).AsSingle();
        Vector128<double> low01 = Low(r0, r1).AsDouble();
        Vector128<double> high01 = High(r0, r1).AsDouble();
        Vector128<double> low23 = Low(r2, r3).AsDouble();
        Vector128<double> high23 = High(r2, r3).AsDouble();
        Low(low01, low23).As<double, T>().StoreUnsafe(ref to);
        High(low01, low23).As<double, T>().StoreUnsafe(ref Unsafe.Add(ref to, toStride));
        Low(high01, high23).As<double, T>().StoreUnsafe(ref Unsafe.Add(ref to, 2 * toStride));
        High(high01, high23).As<double, T>().StoreUnsafe(ref Unsafe.Add(ref to, 3 * toStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> x, Vector128<float> y) => Sse.IsSupported ? Sse.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackLow(x, y) : AdvSimd.Arm64.ZipLow(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> x, Vector128<double> y) => Sse2.IsSupported ? Sse2.UnpackHigh(x, y) : AdvSimd.Arm64.ZipHigh(x, y);
}
