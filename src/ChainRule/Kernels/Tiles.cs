using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The innermost loop of a packed matrix product. A tile of C is kept in registers, one sum for each element, while the loop
/// walks along the depth: in each step it loads two registers of B's row and, for every row of A, broadcasts one number and
/// adds both products to the sums of that row. So many sums are under way that the latency of the multiply-add (four cycles,
/// two a cycle) is hidden, and so few loads are needed that the multiply-adds are what limits the speed.
/// </summary>
/// <remarks>
/// The paths differ in the instructions (<see cref="ILanes{T, TVector}"/>) and, because AVX-512 has 32 registers and the others
/// are sure of 16 only, in the number of rows. Source of the scheme: Goto and van de Geijn, Anatomy of High-Performance Matrix
/// Multiplication (ACM Transactions on Mathematical Software 34, 2008).
/// </remarks>
internal interface ITile<T>
    where T : unmanaged
{
    /// <summary>Rows of the tile, and of a panel of A.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile, and of a panel of B.</summary>
    static abstract int Columns { get; }

    /// <summary>C = A·B or C += A·B for one tile.</summary>
    /// <param name="a">A panel of A: depth times <see cref="Rows"/> numbers.</param>
    /// <param name="b">A panel of B: depth times <see cref="Columns"/> numbers.</param>
    /// <param name="depth">The number of products in each sum.</param>
    /// <param name="c">The first element of the tile in C.</param>
    /// <param name="stride">From one row of C to the next.</param>
    /// <param name="accumulate">Whether to add to C or to overwrite it.</param>
    static abstract void Multiply(ref T a, ref T b, int depth, ref T c, nint stride, bool accumulate);
}

/// <summary>A tile of 12 rows and two registers: 24 sums, with the two registers of b and the broadcast 27 registers in use.</summary>
internal readonly struct Tile12<T, TLanes, TVector> : ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Rows => 12;

    public static int Columns => 2 * TLanes.Count;

    public static void Multiply(ref T a, ref T b, int depth, ref T c, nint stride, bool accumulate)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        TVector c60 = default, c61 = default;
        TVector c70 = default, c71 = default;
        TVector c80 = default, c81 = default;
        TVector c90 = default, c91 = default;
        TVector c100 = default, c101 = default;
        TVector c110 = default, c111 = default;
        for (int p = 0; p < depth; p++)
        {
            Prefetch<T>.Ahead(ref a);
            TVector b0 = TLanes.Load(ref b, 0);
            TVector b1 = TLanes.Load(ref b, TLanes.Count);
            TVector x;
            x = TLanes.Broadcast(Unsafe.Add(ref a, 0));
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 1));
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 2));
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 3));
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 4));
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 5));
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 6));
            c60 = TLanes.MultiplyAdd(x, b0, c60);
            c61 = TLanes.MultiplyAdd(x, b1, c61);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 7));
            c70 = TLanes.MultiplyAdd(x, b0, c70);
            c71 = TLanes.MultiplyAdd(x, b1, c71);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 8));
            c80 = TLanes.MultiplyAdd(x, b0, c80);
            c81 = TLanes.MultiplyAdd(x, b1, c81);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 9));
            c90 = TLanes.MultiplyAdd(x, b0, c90);
            c91 = TLanes.MultiplyAdd(x, b1, c91);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 10));
            c100 = TLanes.MultiplyAdd(x, b0, c100);
            c101 = TLanes.MultiplyAdd(x, b1, c101);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 11));
            c110 = TLanes.MultiplyAdd(x, b0, c110);
            c111 = TLanes.MultiplyAdd(x, b1, c111);
            a = ref Unsafe.Add(ref a, 12);
            b = ref Unsafe.Add(ref b, 2 * TLanes.Count);
        }

        TileRow<T, TLanes, TVector>.Finish(c00, c01, ref Unsafe.Add(ref c, 0 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c10, c11, ref Unsafe.Add(ref c, 1 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c20, c21, ref Unsafe.Add(ref c, 2 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c30, c31, ref Unsafe.Add(ref c, 3 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c40, c41, ref Unsafe.Add(ref c, 4 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c50, c51, ref Unsafe.Add(ref c, 5 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c60, c61, ref Unsafe.Add(ref c, 6 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c70, c71, ref Unsafe.Add(ref c, 7 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c80, c81, ref Unsafe.Add(ref c, 8 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c90, c91, ref Unsafe.Add(ref c, 9 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c100, c101, ref Unsafe.Add(ref c, 10 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c110, c111, ref Unsafe.Add(ref c, 11 * stride), accumulate);
    }
}

/// <summary>A tile of 6 rows and two registers: 12 sums, with the two registers of b and the broadcast 15 registers in use.</summary>
internal readonly struct Tile6<T, TLanes, TVector> : ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Rows => 6;

    public static int Columns => 2 * TLanes.Count;

    public static void Multiply(ref T a, ref T b, int depth, ref T c, nint stride, bool accumulate)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        TVector c40 = default, c41 = default;
        TVector c50 = default, c51 = default;
        for (int p = 0; p < depth; p++)
        {
            TVector b0 = TLanes.Load(ref b, 0);
            TVector b1 = TLanes.Load(ref b, TLanes.Count);
            TVector x;
            x = TLanes.Broadcast(Unsafe.Add(ref a, 0));
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 1));
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 2));
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 3));
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 4));
            c40 = TLanes.MultiplyAdd(x, b0, c40);
            c41 = TLanes.MultiplyAdd(x, b1, c41);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 5));
            c50 = TLanes.MultiplyAdd(x, b0, c50);
            c51 = TLanes.MultiplyAdd(x, b1, c51);
            a = ref Unsafe.Add(ref a, 6);
            b = ref Unsafe.Add(ref b, 2 * TLanes.Count);
        }

        TileRow<T, TLanes, TVector>.Finish(c00, c01, ref Unsafe.Add(ref c, 0 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c10, c11, ref Unsafe.Add(ref c, 1 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c20, c21, ref Unsafe.Add(ref c, 2 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c30, c31, ref Unsafe.Add(ref c, 3 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c40, c41, ref Unsafe.Add(ref c, 4 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c50, c51, ref Unsafe.Add(ref c, 5 * stride), accumulate);
    }
}

/// <summary>A tile of 4 rows and two registers, for the rows that the larger tiles leave: 8 sums, just enough to hide the latency.</summary>
internal readonly struct Tile4<T, TLanes, TVector> : ITile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Rows => 4;

    public static int Columns => 2 * TLanes.Count;

    public static void Multiply(ref T a, ref T b, int depth, ref T c, nint stride, bool accumulate)
    {
        TVector c00 = default, c01 = default;
        TVector c10 = default, c11 = default;
        TVector c20 = default, c21 = default;
        TVector c30 = default, c31 = default;
        for (int p = 0; p < depth; p++)
        {
            TVector b0 = TLanes.Load(ref b, 0);
            TVector b1 = TLanes.Load(ref b, TLanes.Count);
            TVector x;
            x = TLanes.Broadcast(Unsafe.Add(ref a, 0));
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 1));
            c10 = TLanes.MultiplyAdd(x, b0, c10);
            c11 = TLanes.MultiplyAdd(x, b1, c11);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 2));
            c20 = TLanes.MultiplyAdd(x, b0, c20);
            c21 = TLanes.MultiplyAdd(x, b1, c21);
            x = TLanes.Broadcast(Unsafe.Add(ref a, 3));
            c30 = TLanes.MultiplyAdd(x, b0, c30);
            c31 = TLanes.MultiplyAdd(x, b1, c31);
            a = ref Unsafe.Add(ref a, 4);
            b = ref Unsafe.Add(ref b, 2 * TLanes.Count);
        }

        TileRow<T, TLanes, TVector>.Finish(c00, c01, ref Unsafe.Add(ref c, 0 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c10, c11, ref Unsafe.Add(ref c, 1 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c20, c21, ref Unsafe.Add(ref c, 2 * stride), accumulate);
        TileRow<T, TLanes, TVector>.Finish(c30, c31, ref Unsafe.Add(ref c, 3 * stride), accumulate);
    }
}

/// <summary>What all tiles do with a finished row of sums.</summary>
internal static class TileRow<T, TLanes, TVector>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    /// <summary>Writes two registers of sums to a row of C, or adds them to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish(TVector c0, TVector c1, ref T row, bool accumulate)
    {
        TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(ref row, 0), c0) : c0, ref row, 0);
        TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(ref row, TLanes.Count), c1) : c1, ref row, TLanes.Count);
    }
}
