using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ChainRule.Kernels;

/// <summary>
/// Fetches a matrix into the second cache level, a part at a time, while other work is under way: what is used next is then
/// near. Where the processor has no such instruction, nothing happens.
/// </summary>
internal unsafe ref struct Prefetch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheLine = 64;
    private const int LinesAhead = 8;

    private readonly ref readonly T origin;
    private readonly nint stride;
    private readonly int bytes;
    private readonly int share;
    private int left;
    private nint at;

    /// <summary>Plans to fetch a matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="parts">In so many parts.</param>
    public Prefetch(Matrix<T> matrix, int parts)
    {
        // Lines of the matrix that lie along memory, one after the other.
        bool byRows = matrix.ColumnStride == 1;
        origin = ref matrix.Origin;
        stride = byRows ? matrix.RowStride : matrix.ColumnStride;
        bytes = (byRows ? matrix.Columns : matrix.Rows) * sizeof(T);
        left = Sse.IsSupported ? (byRows ? matrix.Rows : matrix.Columns) : 0;
        share = (left + Math.Max(parts, 1) - 1) / Math.Max(parts, 1);
    }

    /// <summary>Fetches the next part.</summary>
    public void Some()
    {
        int lines = Math.Min(share, left);
        left -= lines;
        for (; lines > 0; lines--, at += stride)
        {
            // Fetching does not touch memory: an address that has become wrong is no fault.
            byte* line = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in origin), at));
            for (int k = 0; k < bytes; k += CacheLine)
            {
                Sse.Prefetch1(line + k);
            }
        }
    }

    /// <summary>Fetches what comes some lines later into the first cache level.</summary>
    /// <param name="place">What is read now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(ref T place)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref place) + (LinesAhead * CacheLine));
        }
    }

    /// <summary>Fetches a part of a matrix into the first cache level.</summary>
    public static void ToFirstLevel(ref T origin, nint stride, int rows, int columns)
    {
        if (Sse.IsSupported)
        {
            byte* row = (byte*)Unsafe.AsPointer(ref origin);
            for (int i = 0; i < rows; i++)
            {
                for (int k = 0; k < columns * sizeof(T); k += CacheLine)
                {
                    Sse.Prefetch0(row + k);
                }

                row += stride * sizeof(T);
            }
        }
    }
}
