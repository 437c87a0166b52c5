using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// The product of two matrices, each of which may be transposed. Each element of the result is one sum in one fixed order,
/// which depends on the sizes of the matrices alone.
/// </summary>
/// <remarks>Matrices are passed by reference: copying one right after it was made stalls, longer than a small product takes.</remarks>
internal static class MatrixProduct
{
    /// <summary>From so many multiplications on, packing pays: measured.</summary>
    private const long PackedFrom = 64 * 64 * 64;

    /// <summary>From so many multiplications on, a second thread pays: measured.</summary>
    private const long ParallelFrom = 1 << 20;

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">A (rows, depth).</param>
    /// <param name="b">B (depth, columns).</param>
    /// <param name="c">C (rows, columns), row by row.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, Span<T> c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Multiply(in a, in b, c, accumulate, Parallelism.Threads);

    /// <summary>The same with a given number of threads.</summary>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, Span<T> c, bool accumulate, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (a.Columns != b.Rows || c.Length != (long)a.Rows * b.Columns)
        {
            throw new ArgumentException($"Cannot multiply ({a.Rows}, {a.Columns}) by ({b.Rows}, {b.Columns}) into {c.Length} numbers.", nameof(c));
        }

        if (b.Columns == 1 && a.ColumnStride == 1 && b.RowStride == 1 && a.Rows * (long)a.Columns < PackedFrom)
        {
            RowProducts.Multiply(in a, in b, c, accumulate);
            return;
        }

        if (b.Columns == 1 && a.Rows > 1 && a.RowStride == 1)
        {
            // One column lies in memory like one row, and a transposed A becomes one whose rows lie side by side.
            Multiply(b.Transposed, a.Transposed, c, accumulate, threads);
            return;
        }

        ref T target = ref MemoryMarshal.GetReference(c);
        long multiplications = (long)a.Rows * a.Columns * b.Columns;
        if (NarrowProduct.Fits(in a, in b))
        {
            NarrowProduct.Multiply(in a, in b, ref target, accumulate);
        }
        else if (multiplications >= ParallelFrom && threads > 1)
        {
            ParallelProduct<T>.Multiply(a, b, ref target, accumulate, threads);
        }
        else if (multiplications >= PackedFrom)
        {
            PackedProduct.Multiply(in a, in b, ref target, b.Columns, accumulate);
        }
        else if (b.ColumnStride == 1)
        {
            SmallProduct.Multiply(in a, in b, ref target, b.Columns, accumulate);
        }
        else
        {
            // B's columns lie side by side: turned around it is one panel, as wide as it has columns.
            ref T turned = ref Scratch<T>.B.Get(b.Rows * b.Columns);
            Packing.Pack(in b.Origin, b.ColumnStride, b.RowStride, b.Columns, b.Rows, b.Columns, ref turned);
            Span<T> values = MemoryMarshal.CreateSpan(ref turned, b.Rows * b.Columns);
            SmallProduct.Multiply(a, new Matrix<T>(values, b.Rows, b.Columns), ref target, b.Columns, accumulate);
        }
    }
}
