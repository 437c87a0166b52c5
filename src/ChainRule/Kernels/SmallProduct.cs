using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The product of small matrices, straight from where they lie: packing would take longer than it saves. B must have its rows
/// side by side; A may be transposed.
/// </summary>
/// <remarks>
/// Four rows of C at a time, two registers wide, one sum for each element. Where the last register of a row would hang over,
/// it starts further left, computes some columns again and stores only those that are new.
/// </remarks>
internal static class SmallProduct
{
    /// <summary>C = A·B or C += A·B, by the widest registers that a row of C fills.</summary>
    /// <param name="a">A (rows, depth).</param>
    /// <param name="b">B (depth, columns), with a column stride of 1.</param>
    /// <param name="c">The first element of C (rows, columns).</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, ref T c, int stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated && b.Columns >= Vector512<T>.Count)
        {
            Multiply<T, Lanes512<T>, Vector512<T>>(in a, in b, ref c, stride, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated && b.Columns >= Vector256<T>.Count)
        {
            Multiply<T, Lanes256<T>, Vector256<T>>(in a, in b, ref c, stride, accumulate);
        }
        else if (Vector128.IsHardwareAccelerated && b.Columns >= Vector128<T>.Count)
        {
            Multiply<T, Lanes128<T>, Vector128<T>>(in a, in b, ref c, stride, accumulate);
        }
        else
        {
            Multiply<T, Lanes1<T>, T>(in a, in b, ref c, stride, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<T, TLanes, TVector>(in Matrix<T> a, in Matrix<T> b, ref T c, int stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        int i = 0;
        for (; i <= a.Rows - 4; i += 4)
        {
            FourRows<T, TLanes, TVector>(in a.At(i, 0), a.RowStride, a.ColumnStride, in b.Origin, b.RowStride, a.Columns, b.Columns, ref Unsafe.Add(ref c, (nint)i * stride), stride, accumulate);
        }

        for (; i < a.Rows; i++)
        {
            OneRow<T, TLanes, TVector>(in a.At(i, 0), a.ColumnStride, in b.Origin, b.RowStride, a.Columns, b.Columns, ref Unsafe.Add(ref c, (nint)i * stride), accumulate);
        }
    }

    // The loops below take references and strides one by one: the JIT keeps those in registers, but not a matrix.

    /// <summary>Four rows of C from four rows of A.</summary>
    private static void FourRows<T, TLanes, TVector>(ref readonly T a, nint row, nint step, ref readonly T b, nint bRow, int depth, int columns, ref T c, nint stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= columns - (2 * TLanes.Count); j += 2 * TLanes.Count)
        {
            TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
            ref T x = ref Unsafe.AsRef(in a);
            ref T y = ref Unsafe.Add(ref Unsafe.AsRef(in b), j);
            for (int p = 0; p < depth; p++)
            {
                TVector y0 = TLanes.Load(ref y, 0);
                TVector y1 = TLanes.Load(ref y, TLanes.Count);
                TVector x0 = TLanes.Broadcast(x);
                c00 = TLanes.MultiplyAdd(x0, y0, c00);
                c01 = TLanes.MultiplyAdd(x0, y1, c01);
                x0 = TLanes.Broadcast(Unsafe.Add(ref x, row));
                c10 = TLanes.MultiplyAdd(x0, y0, c10);
                c11 = TLanes.MultiplyAdd(x0, y1, c11);
                x0 = TLanes.Broadcast(Unsafe.Add(ref x, 2 * row));
                c20 = TLanes.MultiplyAdd(x0, y0, c20);
                c21 = TLanes.MultiplyAdd(x0, y1, c21);
                x0 = TLanes.Broadcast(Unsafe.Add(ref x, 3 * row));
                c30 = TLanes.MultiplyAdd(x0, y0, c30);
                c31 = TLanes.MultiplyAdd(x0, y1, c31);
                x = ref Unsafe.Add(ref x, step);
                y = ref Unsafe.Add(ref y, bRow);
            }

            ref T target = ref Unsafe.Add(ref c, j);
            Finish<T, TLanes, TVector>(c00, ref target, 0, accumulate);
            Finish<T, TLanes, TVector>(c01, ref target, TLanes.Count, accumulate);
            Finish<T, TLanes, TVector>(c10, ref target, stride, accumulate);
            Finish<T, TLanes, TVector>(c11, ref target, stride + TLanes.Count, accumulate);
            Finish<T, TLanes, TVector>(c20, ref target, 2 * stride, accumulate);
            Finish<T, TLanes, TVector>(c21, ref target, (2 * stride) + TLanes.Count, accumulate);
            Finish<T, TLanes, TVector>(c30, ref target, 3 * stride, accumulate);
            Finish<T, TLanes, TVector>(c31, ref target, (3 * stride) + TLanes.Count, accumulate);
        }

        for (; j < columns; j += TLanes.Count)
        {
            int start = Math.Min(j, columns - TLanes.Count);
            int fresh = start + TLanes.Count - j;
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            ref T x = ref Unsafe.AsRef(in a);
            ref T y = ref Unsafe.Add(ref Unsafe.AsRef(in b), start);
            for (int p = 0; p < depth; p++)
            {
                TVector y0 = TLanes.Load(ref y, 0);
                c0 = TLanes.MultiplyAdd(TLanes.Broadcast(x), y0, c0);
                c1 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, row)), y0, c1);
                c2 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, 2 * row)), y0, c2);
                c3 = TLanes.MultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref x, 3 * row)), y0, c3);
                x = ref Unsafe.Add(ref x, step);
                y = ref Unsafe.Add(ref y, bRow);
            }

            ref T target = ref Unsafe.Add(ref c, start);
            Finish<T, TLanes, TVector>(c0, ref target, 0, accumulate, fresh);
            Finish<T, TLanes, TVector>(c1, ref target, stride, accumulate, fresh);
            Finish<T, TLanes, TVector>(c2, ref target, 2 * stride, accumulate, fresh);
            Finish<T, TLanes, TVector>(c3, ref target, 3 * stride, accumulate, fresh);
        }
    }

    /// <summary>One row of C from one row of A.</summary>
    private static void OneRow<T, TLanes, TVector>(ref readonly T a, nint step, ref readonly T b, nint bRow, int depth, int columns, ref T c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= columns - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            ref T x = ref Unsafe.AsRef(in a);
            ref T y = ref Unsafe.Add(ref Unsafe.AsRef(in b), j);
            for (int p = 0; p < depth; p++)
            {
                TVector x0 = TLanes.Broadcast(x);
                c0 = TLanes.MultiplyAdd(x0, TLanes.Load(ref y, 0), c0);
                c1 = TLanes.MultiplyAdd(x0, TLanes.Load(ref y, TLanes.Count), c1);
                c2 = TLanes.MultiplyAdd(x0, TLanes.Load(ref y, 2 * TLanes.Count), c2);
                c3 = TLanes.MultiplyAdd(x0, TLanes.Load(ref y, 3 * TLanes.Count), c3);
                x = ref Unsafe.Add(ref x, step);
                y = ref Unsafe.Add(ref y, bRow);
            }

            ref T target = ref Unsafe.Add(ref c, j);
            Finish<T, TLanes, TVector>(c0, ref target, 0, accumulate);
            Finish<T, TLanes, TVector>(c1, ref target, TLanes.Count, accumulate);
            Finish<T, TLanes, TVector>(c2, ref target, 2 * TLanes.Count, accumulate);
            Finish<T, TLanes, TVector>(c3, ref target, 3 * TLanes.Count, accumulate);
        }

        for (; j < columns; j += TLanes.Count)
        {
            int start = Math.Min(j, columns - TLanes.Count);
            int fresh = start + TLanes.Count - j;
            TVector sum = default;
            ref T x = ref Unsafe.AsRef(in a);
            ref T y = ref Unsafe.Add(ref Unsafe.AsRef(in b), start);
            for (int p = 0; p < depth; p++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(x), TLanes.Load(ref y, 0), sum);
                x = ref Unsafe.Add(ref x, step);
                y = ref Unsafe.Add(ref y, bRow);
            }

            Finish<T, TLanes, TVector>(sum, ref Unsafe.Add(ref c, start), 0, accumulate, fresh);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<T, TLanes, TVector>(TVector sum, ref T target, nint offset, bool accumulate, int fresh = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        TVector result = accumulate ? TLanes.Add(TLanes.Load(ref target, offset), sum) : sum;
        if (fresh >= TLanes.Count)
        {
            TLanes.Store(result, ref target, offset);
        }
        else
        {
            TLanes.StoreLast(result, ref target, offset, fresh);
        }
    }
}
