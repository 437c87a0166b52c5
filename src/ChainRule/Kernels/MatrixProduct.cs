using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The three matrix products of a linear layer: forward, gradient of the weight, gradient of the input. All matrices
/// lie row by row. On one machine each element of a result
/// is one fixed order of additions.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">A (rows, inner).</param>
    /// <param name="b">B (inner, columns).</param>
    /// <param name="c">C (rows, columns).</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int inner, int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (columns == 1)
        {
            // A column lies in memory like a row: B is its own transpose.
            MultiplyTransposedRight(a, b, c, rows, inner, 1, accumulate);
            return;
        }

        RequireLengths(a, b, c, (long)rows * inner, (long)inner * columns, (long)rows * columns);
        ref T a0 = ref MemoryMarshal.GetReference(a);
        ref T b0 = ref MemoryMarshal.GetReference(b);
        ref T c0 = ref MemoryMarshal.GetReference(c);
        for (int i = 0; i < rows; i++)
        {
            ref T cRow = ref Unsafe.Add(ref c0, (nint)i * columns);
            ref T aRow = ref Unsafe.Add(ref a0, (nint)i * inner);
            for (int p = 0; p < inner; p++)
            {
                AddScaledRow(Unsafe.Add(ref aRow, p), ref Unsafe.Add(ref b0, (nint)p * columns), ref cRow, columns, accumulate || p > 0);
            }
        }
    }

    /// <summary>C = Aᵀ·B, or C += Aᵀ·B: a sum over the rows, which are the batch where the result is ∂L/∂W = xᵀ·∂L/∂z.</summary>
    /// <param name="a">A (rows, inner).</param>
    /// <param name="b">B (rows, columns).</param>
    /// <param name="c">C (inner, columns).</param>
    /// <param name="rows">Rows of A and B.</param>
    /// <param name="inner">Columns of A, rows of C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void MultiplyTransposedLeft<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int inner, int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (columns == 1 && inner > 1)
        {
            // (Aᵀ·b)ᵀ = bᵀ·A, and a column lies in memory like a row.
            Multiply(b, a, c, 1, rows, inner, accumulate);
            return;
        }

        RequireLengths(a, b, c, (long)rows * inner, (long)rows * columns, (long)inner * columns);
        ref T a0 = ref MemoryMarshal.GetReference(a);
        ref T b0 = ref MemoryMarshal.GetReference(b);
        ref T c0 = ref MemoryMarshal.GetReference(c);
        for (int i = 0; i < rows; i++)
        {
            ref T bRow = ref Unsafe.Add(ref b0, (nint)i * columns);
            ref T aRow = ref Unsafe.Add(ref a0, (nint)i * inner);
            for (int p = 0; p < inner; p++)
            {
                AddScaledRow(Unsafe.Add(ref aRow, p), ref bRow, ref Unsafe.Add(ref c0, (nint)p * columns), columns, accumulate || i > 0);
            }
        }
    }

    /// <summary>C = A·Bᵀ, or C += A·Bᵀ: the rows of A times the rows of B, as in ∂L/∂x = ∂L/∂z·Wᵀ.</summary>
    /// <param name="a">A (rows, inner).</param>
    /// <param name="b">B (columns, inner).</param>
    /// <param name="c">C (rows, columns).</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A and B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void MultiplyTransposedRight<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, int rows, int inner, int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (inner == 1 && columns > 1)
        {
            // B is a column and lies in memory like the row Bᵀ.
            Multiply(a, b, c, rows, 1, columns, accumulate);
            return;
        }

        RequireLengths(a, b, c, (long)rows * inner, (long)columns * inner, (long)rows * columns);
        ref T a0 = ref MemoryMarshal.GetReference(a);
        ref T b0 = ref MemoryMarshal.GetReference(b);
        ref T c0 = ref MemoryMarshal.GetReference(c);
        for (int i = 0; i < rows; i++)
        {
            ref T aRow = ref Unsafe.Add(ref a0, (nint)i * inner);
            ref T cRow = ref Unsafe.Add(ref c0, (nint)i * columns);
            for (int j = 0; j < columns; j++)
            {
                T sum = Dot(ref aRow, ref Unsafe.Add(ref b0, (nint)j * inner), inner);
                ref T target = ref Unsafe.Add(ref cRow, j);
                target = accumulate ? target + sum : sum;
            }
        }
    }

    /// <summary>y = s·x, or y += s·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaledRow<T>(T scale, ref T x, ref T y, int length, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int j = 0;
        for (; j <= length - Vector<T>.Count; j += Vector<T>.Count)
        {
            Vector<T> product = Vector.LoadUnsafe(ref x, (nuint)j) * scale;
            (accumulate ? Vector.LoadUnsafe(ref y, (nuint)j) + product : product).StoreUnsafe(ref y, (nuint)j);
        }

        for (; j < length; j++)
        {
            T product = Unsafe.Add(ref x, j) * scale;
            ref T target = ref Unsafe.Add(ref y, j);
            target = accumulate ? target + product : product;
        }
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Dot<T>(ref T x, ref T y, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        int p = 0;
        if (length >= Vector<T>.Count)
        {
            Vector<T> sums = Vector<T>.Zero;
            for (; p <= length - Vector<T>.Count; p += Vector<T>.Count)
            {
                sums += Vector.LoadUnsafe(ref x, (nuint)p) * Vector.LoadUnsafe(ref y, (nuint)p);
            }

            sum = Vector.Sum(sums);
        }

        for (; p < length; p++)
        {
            sum += Unsafe.Add(ref x, p) * Unsafe.Add(ref y, p);
        }

        return sum;
    }

    /// <summary>The one place where bounds are checked: everything above trusts these three lengths.</summary>
    private static void RequireLengths<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, long aLength, long bLength, long cLength)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, aLength, nameof(a));
        ArgumentOutOfRangeException.ThrowIfNotEqual(b.Length, bLength, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Length, cLength, nameof(c));
    }
}
