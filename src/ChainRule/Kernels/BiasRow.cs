using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>What a bias does: one row that is part of every row of a matrix, and in the backward pass the sum of all rows.</summary>
internal static class BiasRow
{
    /// <summary>From so many numbers on, a row is copied as a whole: measured.</summary>
    private const int RowByRowFrom = 64;

    /// <summary>Every row of the matrix = the row.</summary>
    public static void Broadcast<T>(ReadOnlySpan<T> row, Span<T> matrix)
        where T : unmanaged
    {
        RequireRows(matrix.Length, row.Length, out int rows);
        if (row.Length >= RowByRowFrom)
        {
            for (int start = 0; start < matrix.Length; start += row.Length)
            {
                row.CopyTo(matrix[start..]);
            }

            return;
        }

        ref T origin = ref MemoryMarshal.GetReference(row);
        ref T target = ref MemoryMarshal.GetReference(matrix);
        int j = 0;
        for (; j <= row.Length - Vector<T>.Count; j += Vector<T>.Count)
        {
            Vector<T> part = Vector.LoadUnsafe(ref origin, (nuint)j);
            ref T column = ref Unsafe.Add(ref target, j);
            for (int i = 0; i < rows; i++)
            {
                part.StoreUnsafe(ref column);
                column = ref Unsafe.Add(ref column, row.Length);
            }
        }

        for (; j < row.Length; j++)
        {
            for (int start = j; start < matrix.Length; start += row.Length)
            {
                matrix[start] = row[j];
            }
        }
    }

    /// <summary>sums = Σ over the rows of the matrix, or sums += it.</summary>
    public static void SumRows<T>(ReadOnlySpan<T> matrix, Span<T> sums, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        RequireRows(matrix.Length, sums.Length, out int rows);
        ref T origin = ref MemoryMarshal.GetReference(matrix);
        ref T target = ref MemoryMarshal.GetReference(sums);
        int j = 0;
        for (; j <= sums.Length - Vector<T>.Count; j += Vector<T>.Count)
        {
            Vector<T> sum = accumulate ? Vector.LoadUnsafe(ref target, (nuint)j) : Vector<T>.Zero;
            ref T column = ref Unsafe.Add(ref origin, j);
            for (int i = 0; i < rows; i++)
            {
                sum += Vector.LoadUnsafe(ref column);
                column = ref Unsafe.Add(ref column, sums.Length);
            }

            sum.StoreUnsafe(ref target, (nuint)j);
        }

        for (; j < sums.Length; j++)
        {
            T sum = accumulate ? sums[j] : T.Zero;
            for (int i = 0; i < rows; i++)
            {
                sum += matrix[(i * sums.Length) + j];
            }

            sums[j] = sum;
        }
    }

    private static void RequireRows(int length, int width, out int rows)
    {
        rows = length / width;
        if (length != rows * width)
        {
            throw new ArgumentException($"{length} numbers are no rows of {width}.");
        }
    }
}
