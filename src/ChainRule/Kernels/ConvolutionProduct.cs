using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The products of a <see cref="ConvolutionPass"/>, by the tiles of the matrix product: a panel of positions is as wide as a tile,
/// and each step of its depth is two registers read from the frame at one offset. Nothing is gathered.
/// </summary>
internal static class ConvolutionProduct
{
    // As in a matrix product: a panel of so many steps stays in the first cache level.
    private const int DepthBlock = 256;

    /// <summary>Positions of a panel, for the widest registers that the processor has.</summary>
    public static int PanelWidth<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => 2 * Math.Max(1, Unsafe.SizeOf<T>() is var size
            && Vector512.IsHardwareAccelerated ? 64 / size
            : Vector256.IsHardwareAccelerated ? 32 / size
            : Vector128.IsHardwareAccelerated ? 16 / size : 1);

    /// <summary>Numbers that <see cref="Pack"/> writes for one group.</summary>
    public static int PackedLength(ConvolutionPass pass) => checked(PaddedRows(pass.Rows) * pass.Depth);

    /// <summary>Packs a group's weights.</summary>
    public static void Pack<T>(ConvolutionPass pass, ref readonly T group, ref T packed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int tileRows = TileRows;
        int whole = pass.Rows / tileRows * tileRows;
        for (int start = 0; start < pass.Depth; start += DepthBlock)
        {
            int depth = Math.Min(DepthBlock, pass.Depth - start);
            pass.Pack(in group, 0, whole, start, depth, tileRows, ref packed);
            pass.Pack(in group, whole, pass.Rows - whole, start, depth, RestRows, ref Unsafe.Add(ref packed, (nint)whole * depth));
            packed = ref Unsafe.Add(ref packed, (nint)PaddedRows(pass.Rows) * depth);
        }
    }

    /// <summary>Computes a panel of one group.</summary>
    /// <param name="pass">The product.</param>
    /// <param name="packed">The group's packed weights.</param>
    /// <param name="frames">The group's frames.</param>
    /// <param name="position">The panel's first position.</param>
    /// <returns>The sums, one row of <see cref="PanelWidth"/> numbers for each row of the result, in memory of this thread.</returns>
    public static ref T Multiply<T>(ConvolutionPass pass, ref T packed, ref T frames, int position)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return ref Multiply<T, Tile12<T, Lanes512<T>, Vector512<T>>, Tile4<T, Lanes512<T>, Vector512<T>>, Lanes512<T>, Vector512<T>>(pass, ref packed, ref frames, position);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return ref Multiply<T, Tile6<T, Lanes256<T>, Vector256<T>>, Tile4<T, Lanes256<T>, Vector256<T>>, Lanes256<T>, Vector256<T>>(pass, ref packed, ref frames, position);
        }

        if (Vector128.IsHardwareAccelerated)
        {
            return ref Multiply<T, Tile6<T, Lanes128<T>, Vector128<T>>, Tile4<T, Lanes128<T>, Vector128<T>>, Lanes128<T>, Vector128<T>>(pass, ref packed, ref frames, position);
        }

        return ref Multiply<T, Tile6<T, Lanes1<T>, T>, Tile4<T, Lanes1<T>, T>, Lanes1<T>, T>(pass, ref packed, ref frames, position);
    }

    private static ref T Multiply<T, TTile, TRest, TLanes, TVector>(ConvolutionPass pass, ref T packed, ref T frames, int position)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
        where TRest : struct, ITile<T>
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        int width = TTile.Columns;
        int rows = PaddedRows(pass.Rows);
        ref T panel = ref Scratch<T>.B.Get((Math.Min(DepthBlock, pass.Depth) + rows) * width);
        ref T sums = ref Unsafe.Add(ref panel, (nint)Math.Min(DepthBlock, pass.Depth) * width);
        ref T source = ref Unsafe.Add(ref frames, position);
        if (pass.Depth == 0)
        {
            MemoryMarshal.CreateSpan(ref sums, rows * width).Clear();
        }

        for (int start = 0; start < pass.Depth; start += DepthBlock)
        {
            ReadOnlySpan<int> offsets = pass.Offsets.AsSpan(start, Math.Min(DepthBlock, pass.Depth - start));
            ref T step = ref panel;
            foreach (int offset in offsets)
            {
                TLanes.Store(TLanes.Load(in source, offset), ref step, 0);
                TLanes.Store(TLanes.Load(in source, offset + TLanes.Count), ref step, TLanes.Count);
                step = ref Unsafe.Add(ref step, width);
            }

            int row = 0;
            for (; row <= pass.Rows - TTile.Rows; row += TTile.Rows)
            {
                TTile.Multiply(ref Unsafe.Add(ref packed, (nint)row * offsets.Length), ref panel, offsets.Length, ref Unsafe.Add(ref sums, (nint)row * width), width, accumulate: start > 0);
            }

            for (; row < pass.Rows; row += TRest.Rows)
            {
                TRest.Multiply(ref Unsafe.Add(ref packed, (nint)row * offsets.Length), ref panel, offsets.Length, ref Unsafe.Add(ref sums, (nint)row * width), width, accumulate: start > 0);
            }

            packed = ref Unsafe.Add(ref packed, (nint)rows * offsets.Length);
        }

        return ref sums;
    }

    private static int TileRows => Vector512.IsHardwareAccelerated ? 12 : 6;

    private static int RestRows => 4;

    /// <summary>What is left over by the large tiles is filled up to whole small ones.</summary>
    private static int PaddedRows(int rows)
    {
        int rest = rows % TileRows;
        return rows - rest + ((rest + RestRows - 1) / RestRows * RestRows);
    }
}
