using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The product of large matrices: blocks of A and B are packed so that the tiles read them in order from the cache levels that
/// they fit into. A panel of B stays in the first level as far as it fits, a block of A in the second, a block of B in the third.
/// </summary>
/// <remarks>Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008). The sizes are measured.</remarks>
internal static class PackedProduct
{
    private const int DepthBlock = 384;
    private const int RowBlock = 264;
    private const int ColumnBlock = 2048;

    // A result of more bytes than this is not found in the second cache level when the next block of the depth adds to it.
    private const int SecondLevel = 1 << 20;

    // The largest tile: 12 rows of two 512-bit registers of float.
    private const int LargestTile = 12 * 32;

    /// <summary>C = A·B or C += A·B, by the widest registers that the processor has.</summary>
    /// <param name="a">A (rows, depth).</param>
    /// <param name="b">B (depth, columns).</param>
    /// <param name="c">The first element of C (rows, columns).</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    public static void Multiply<T>(in Matrix<T> a, in Matrix<T> b, ref T c, int stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Multiply<T, Tile12<T, Lanes512<T>, Vector512<T>>, Tile4<T, Lanes512<T>, Vector512<T>>>(a, b, ref c, stride, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Multiply<T, Tile6<T, Lanes256<T>, Vector256<T>>, Tile4<T, Lanes256<T>, Vector256<T>>>(a, b, ref c, stride, accumulate);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Multiply<T, Tile6<T, Lanes128<T>, Vector128<T>>, Tile4<T, Lanes128<T>, Vector128<T>>>(a, b, ref c, stride, accumulate);
        }
        else
        {
            Multiply<T, Tile6<T, Lanes1<T>, T>, Tile4<T, Lanes1<T>, T>>(a, b, ref c, stride, accumulate);
        }
    }

    private static void Multiply<T, TTile, TRest>(in Matrix<T> a, in Matrix<T> b, ref T c, int stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
        where TRest : struct, ITile<T>
    {
        // Blocks of the same size: a short one at the end would read all of B, or all of C, for next to nothing.
        int rowBlocks = (a.Rows + RowBlock - 1) / RowBlock;
        int rowBlock = RoundUp((a.Rows + rowBlocks - 1) / rowBlocks, TTile.Rows);
        int depthBlocks = (a.Columns + DepthBlock - 1) / DepthBlock;
        int depthBlock = (a.Columns + depthBlocks - 1) / depthBlocks;
        bool isLarge = (long)a.Rows * b.Columns * Unsafe.SizeOf<T>() > SecondLevel;
        ref T packedA = ref Scratch<T>.A.Get((rowBlock + TRest.Rows) * depthBlock); // the last panel may hang over
        ref T packedB = ref Scratch<T>.B.Get(RoundUp(Math.Min(ColumnBlock, b.Columns), TTile.Columns) * depthBlock);
        for (int j = 0; j < b.Columns; j += ColumnBlock)
        {
            int columns = Math.Min(ColumnBlock, b.Columns - j);
            for (int p = 0; p < a.Columns; p += depthBlock)
            {
                int depth = Math.Min(depthBlock, a.Columns - p);
                bool add = accumulate || p > 0;
                var part = new Matrix<T>(in b.At(p, j), depth, columns, b.RowStride, b.ColumnStride);
                for (int i = 0; i < a.Rows; i += rowBlock)
                {
                    int rows = Math.Min(rowBlock, a.Rows - i);
                    int whole = rows - (rows % TTile.Rows);
                    Packing.Pack(in a.At(i, p), a.RowStride, a.ColumnStride, whole, depth, TTile.Rows, ref packedA);
                    Packing.Pack(in a.At(i + whole, p), a.RowStride, a.ColumnStride, rows - whole, depth, TRest.Rows, ref Unsafe.Add(ref packedA, (nint)whole * depth));
                    MultiplyBlock<T, TTile, TRest>(ref packedA, part, ref packedB, packs: i == 0, keeps: rowBlocks > 1, rows, ref Unsafe.Add(ref c, ((nint)i * stride) + j), stride, add, fetches: add && isLarge);
                }
            }
        }
    }

    /// <summary>
    /// A block of A times a block of B. The first block of A meets a B that is not packed yet: each of its panels is packed when
    /// it is needed, and while the tiles use one, the numbers of the next are fetched.
    /// </summary>
    private static void MultiplyBlock<T, TTile, TRest>(ref T packedA, in Matrix<T> b, ref T packedB, bool packs, bool keeps, int rows, ref T c, int stride, bool accumulate, bool fetches)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
        where TRest : struct, ITile<T>
    {
        int depth = b.Rows;
        for (int j = 0; j < b.Columns; j += TTile.Columns)
        {
            ref T panel = ref Unsafe.Add(ref packedB, keeps ? (nint)j * depth : 0);
            Prefetch<T> next = default;
            if (packs)
            {
                Packing.Pack(in b.At(0, j), b.ColumnStride, b.RowStride, Math.Min(TTile.Columns, b.Columns - j), depth, TTile.Columns, ref panel);
                int following = Math.Min(TTile.Columns, b.Columns - j - TTile.Columns);
                if (following > 0)
                {
                    next = new Prefetch<T>(b.ColumnRange(j + TTile.Columns, following), rows / TTile.Rows);
                }
            }

            int i = 0;
            for (; i <= rows - TTile.Rows; i += TTile.Rows)
            {
                next.Some();
                MultiplyTile<T, TTile>(ref Unsafe.Add(ref packedA, (nint)i * depth), ref panel, TTile.Rows, b.Columns - j, depth, ref Unsafe.Add(ref c, ((nint)i * stride) + j), stride, accumulate, fetches);
            }

            for (; i < rows; i += TRest.Rows)
            {
                MultiplyTile<T, TRest>(ref Unsafe.Add(ref packedA, (nint)i * depth), ref panel, rows - i, b.Columns - j, depth, ref Unsafe.Add(ref c, ((nint)i * stride) + j), stride, accumulate, fetches);
            }
        }
    }

    /// <summary>One tile, of which so many rows and columns are inside C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyTile<T, TTile>(ref T a, ref T b, int rows, int columns, int depth, ref T c, int stride, bool accumulate, bool fetches)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        if (rows >= TTile.Rows && columns >= TTile.Columns)
        {
            if (fetches)
            {
                Prefetch<T>.ToFirstLevel(ref c, stride, TTile.Rows, TTile.Columns);
            }

            TTile.Multiply(ref a, ref b, depth, ref c, stride, accumulate);
        }
        else
        {
            MultiplyEdge<T, TTile>(ref a, ref b, Math.Min(rows, TTile.Rows), Math.Min(columns, TTile.Columns), depth, ref c, stride, accumulate);
        }
    }

    /// <summary>A tile that hangs over the edge is computed beside C, with the zeros that the panels were filled up with.</summary>
    private static void MultiplyEdge<T, TTile>(ref T a, ref T b, int rows, int columns, int depth, ref T c, int stride, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        Span<T> edge = stackalloc T[LargestTile];
        TTile.Multiply(ref a, ref b, depth, ref MemoryMarshal.GetReference(edge), TTile.Columns, accumulate: false);
        for (int r = 0; r < rows; r++)
        {
            ref T row = ref Unsafe.Add(ref c, (nint)r * stride);
            for (int s = 0; s < columns; s++)
            {
                T sum = edge[(r * TTile.Columns) + s];
                Unsafe.Add(ref row, s) = accumulate ? Unsafe.Add(ref row, s) + sum : sum;
            }
        }
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
