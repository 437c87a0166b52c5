using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>The product of a matrix with one column, both side by side in memory: one inner product for each row, what comes before a single output.</summary>
internal static class RowProducts
{
    /// <summary>c = A·b or c += A·b.</summary>
    /// <param name="a">A (rows, depth), with a column stride of 1.</param>
    /// <param name="b">b (depth, 1), with a row stride of 1.</param>
    /// <param name="c">c (rows).</param>
    /// <param name="accumulate">Whether to add to c or to overwrite it.</param>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, Span<T> c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref T row = ref Unsafe.AsRef(in a.Origin);
        ref T column = ref Unsafe.AsRef(in b.Origin);
        ref T target = ref MemoryMarshal.GetReference(c);
        int depth = a.Columns;
        for (int i = 0; i < c.Length; i++)
        {
            int p = 0;
            T sum = accumulate ? target : T.Zero;
            if (depth >= Vector<T>.Count)
            {
                Vector<T> sums = Vector.LoadUnsafe(ref row) * Vector.LoadUnsafe(ref column);
                for (p = Vector<T>.Count; p <= depth - Vector<T>.Count; p += Vector<T>.Count)
                {
                    sums += Vector.LoadUnsafe(ref row, (nuint)p) * Vector.LoadUnsafe(ref column, (nuint)p);
                }

                sum += Vector.Sum(sums);
            }

            for (; p < depth; p++)
            {
                sum += Unsafe.Add(ref row, p) * Unsafe.Add(ref column, p);
            }

            target = sum;
            row = ref Unsafe.Add(ref row, a.RowStride);
            target = ref Unsafe.Add(ref target, 1);
        }
    }
}
