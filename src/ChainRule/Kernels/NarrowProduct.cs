using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The product with a matrix B whose rows fill one register more than half: what comes before ten classes, say. B is packed with
/// its rows filled up with zeros, A is read where it lies, and eight rows of C are under way at a time.
/// </summary>
internal static class NarrowProduct
{
    private const int Rows = 8;

    // Below it packing B takes longer than it saves: measured.
    private const int LeastDepth = 24;

    /// <summary>Whether C = A·B is a case for it.</summary>
    public static bool Fits<T>(in Matrix<T> a, in Matrix<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        a.Rows >= Rows && a.Columns >= LeastDepth
        && ((Vector512.IsHardwareAccelerated && IsMoreThanHalf(Vector512<T>.Count, b.Columns))
            || (Vector256.IsHardwareAccelerated && IsMoreThanHalf(Vector256<T>.Count, b.Columns)));

    /// <summary>C = A·B or C += A·B.</summary>
    /// <param name="a">A (rows, depth), with at least eight rows.</param>
    /// <param name="b">B (depth, columns).</param>
    /// <param name="c">The first element of C (rows, columns), row by row.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, ref T c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (b.Columns > Vector256<T>.Count)
        {
            Multiply<T, Lanes512<T>, Vector512<T>>(in a, in b, ref c, accumulate);
        }
        else
        {
            Multiply<T, Lanes256<T>, Vector256<T>>(in a, in b, ref c, accumulate);
        }
    }

    private static bool IsMoreThanHalf(int count, int columns) => columns <= count && columns > count / 2;

    private static void Multiply<T, TLanes, TVector>(in Matrix<T> a, in Matrix<T> b, ref T c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        ref T packed = ref Scratch<T>.B.Get(b.Rows * TLanes.Count);
        Packing.Pack(in b.Origin, b.ColumnStride, b.RowStride, b.Columns, b.Rows, TLanes.Count, ref packed);
        Span<T> sums = stackalloc T[Rows * TLanes.Count];
        for (int i = 0; i < a.Rows; i += Rows)
        {
            // The last rows are computed together with some that are done already.
            int start = Math.Min(i, a.Rows - Rows);
            EightRows<T, TLanes, TVector>(in a.At(start, 0), a.RowStride, a.ColumnStride, ref packed, a.Columns, ref MemoryMarshal.GetReference(sums));
            for (int row = i; row < start + Rows; row++)
            {
                ref T target = ref Unsafe.Add(ref c, (nint)row * b.Columns);
                ReadOnlySpan<T> from = sums.Slice((row - start) * TLanes.Count, b.Columns);
                for (int j = 0; j < from.Length; j++)
                {
                    Unsafe.Add(ref target, j) = accumulate ? Unsafe.Add(ref target, j) + from[j] : from[j];
                }
            }
        }
    }

    private static void EightRows<T, TLanes, TVector>(ref readonly T a, nint row, nint step, ref T b, int depth, ref T sums)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        TVector c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        ref T x = ref Unsafe.AsRef(in a);
        ref T z = ref Unsafe.Add(ref x, 4 * row);
        for (int p = 0; p < depth; p++)
        {
            TVector y = TLanes.Load(ref b, 0);
            c0 = TLanes.MultiplyAdd(TLanes.Broadcast(x), y, c0);
            c1 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, row)), y, c1);
            c2 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, 2 * row)), y, c2);
            c3 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, 3 * row)), y, c3);
            c4 = TLanes.MultiplyAdd(TLanes.Broadcast(z), y, c4);
            c5 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref z, row)), y, c5);
            c6 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref z, 2 * row)), y, c6);
            c7 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref z, 3 * row)), y, c7);
            x = ref Unsafe.Add(ref x, step);
            z = ref Unsafe.Add(ref z, step);
            b = ref Unsafe.Add(ref b, TLanes.Count);
        }

        TLanes.Store(c0, ref sums, 0);
        TLanes.Store(c1, ref sums, TLanes.Count);
        TLanes.Store(c2, ref sums, 2 * TLanes.Count);
        TLanes.Store(c3, ref sums, 3 * TLanes.Count);
        TLanes.Store(c4, ref sums, 4 * TLanes.Count);
        TLanes.Store(c5, ref sums, 5 * TLanes.Count);
        TLanes.Store(c6, ref sums, 6 * TLanes.Count);
        TLanes.Store(c7, ref sums, 7 * TLanes.Count);
    }
}
