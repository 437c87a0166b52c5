using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// A matrix over numbers that lie row by row, or its transpose: the element (i, j) is at i·<see cref="RowStride"/> +
/// j·<see cref="ColumnStride"/>. Here the bounds of all kernels are checked, once: rows · columns numbers are there.
/// </summary>
internal readonly ref struct Matrix<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Views numbers as a matrix.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than rows · columns.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Matrix(ReadOnlySpan<T> values, int rows, int columns)
    {
        if (rows <= 0 || columns <= 0 || values.Length != (long)rows * columns)
        {
            throw NoMatrix(values.Length, rows, columns);
        }

        Origin = ref MemoryMarshal.GetReference(values);
        Rows = rows;
        Columns = columns;
        RowStride = columns;
        ColumnStride = 1;
    }

    /// <summary>A part of another matrix, or a view of one whose bounds have been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Matrix(ref readonly T origin, int rows, int columns, int rowStride, int columnStride)
    {
        Origin = ref origin;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    public readonly ref readonly T Origin;

    public int Rows { get; }

    public int Columns { get; }

    public int RowStride { get; }

    public int ColumnStride { get; }

    /// <summary>The element (row, column), which the caller keeps within bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly T At(int row, int column) => ref Unsafe.Add(ref Unsafe.AsRef(in Origin), ((nint)row * RowStride) + ((nint)column * ColumnStride));

    /// <summary>Some of the rows.</summary>
    public Matrix<T> RowRange(int start, int count) => new(in At(start, 0), count, Columns, RowStride, ColumnStride);

    /// <summary>Some of the columns.</summary>
    public Matrix<T> ColumnRange(int start, int count) => new(in At(0, start), Rows, count, RowStride, ColumnStride);

    /// <summary>The same numbers, rows and columns exchanged: nothing is copied.</summary>
    public Matrix<T> Transposed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(in Origin, Columns, Rows, ColumnStride, RowStride);
    }

    private static ArgumentException NoMatrix(int length, int rows, int columns) => new($"{length} numbers are no matrix of shape ({rows}, {columns}).");
}
