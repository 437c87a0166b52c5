using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The innermost loop of the weights' gradient where there are many outputs: at each position two registers of output gradients
/// meet one number for each of some places of the window, which is broadcast. See <see cref="ITile{T}"/>.
/// </summary>
internal interface ITapTile<T>
    where T : unmanaged
{
    /// <summary>Places of the window.</summary>
    static abstract int Taps { get; }

    /// <summary>sums(t, o) += Σ over the positions q of frames(q + offsets(t)) · gradients(q, o).</summary>
    /// <param name="frames">The frames of the first sample, at the first position.</param>
    /// <param name="offsets">Where each place begins.</param>
    /// <param name="walk">The positions.</param>
    /// <param name="gradients">Output gradients, two registers for each position.</param>
    /// <param name="sums">The sums, two registers for each place.</param>
    static abstract void Multiply(ref T frames, ReadOnlySpan<int> offsets, in TapWalk walk, ref T gradients, ref T sums);
}

/// <summary>The positions of windows in frames: some rows of some samples.</summary>
/// <param name="Samples">The number of samples.</param>
/// <param name="SampleLength">From one sample to the next.</param>
/// <param name="Rows">Rows of windows.</param>
/// <param name="RowLength">From one row to the next.</param>
/// <param name="Columns">Windows of a row, side by side.</param>
internal readonly record struct TapWalk(int Samples, nint SampleLength, int Rows, int RowLength, int Columns);

/// <summary>Twelve places: 24 sums, with the output gradients and the broadcast 27 registers in use.</summary>
internal readonly struct TapTile12<T, TLanes, TVector> : ITapTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Taps => 12;

    public static void Multiply(ref T frames, ReadOnlySpan<int> offsets, in TapWalk walk, ref T gradients, ref T sums)
    {
        TVector s00 = default, s01 = default;
        TVector s10 = default, s11 = default;
        TVector s20 = default, s21 = default;
        TVector s30 = default, s31 = default;
        TVector s40 = default, s41 = default;
        TVector s50 = default, s51 = default;
        TVector s60 = default, s61 = default;
        TVector s70 = default, s71 = default;
        TVector s80 = default, s81 = default;
        TVector s90 = default, s91 = default;
        TVector s100 = default, s101 = default;
        TVector s110 = default, s111 = default;
        for (int n = 0; n < walk.Samples; n++)
        {
            for (int y = 0; y < walk.Rows; y++)
            {
                ref T row = ref Unsafe.Add(ref frames, (n * walk.SampleLength) + ((nint)y * walk.RowLength));
                ref T f0 = ref Unsafe.Add(ref row, offsets[0]);
                ref T f1 = ref Unsafe.Add(ref row, offsets[1]);
                ref T f2 = ref Unsafe.Add(ref row, offsets[2]);
                ref T f3 = ref Unsafe.Add(ref row, offsets[3]);
                ref T f4 = ref Unsafe.Add(ref row, offsets[4]);
                ref T f5 = ref Unsafe.Add(ref row, offsets[5]);
                ref T f6 = ref Unsafe.Add(ref row, offsets[6]);
                ref T f7 = ref Unsafe.Add(ref row, offsets[7]);
                ref T f8 = ref Unsafe.Add(ref row, offsets[8]);
                ref T f9 = ref Unsafe.Add(ref row, offsets[9]);
                ref T f10 = ref Unsafe.Add(ref row, offsets[10]);
                ref T f11 = ref Unsafe.Add(ref row, offsets[11]);
                for (nint u = 0; u < walk.Columns; u++)
                {
                    TVector g0 = TLanes.Load(in gradients, 0);
                    TVector g1 = TLanes.Load(in gradients, TLanes.Count);
                    TVector x;
                    x = TLanes.Broadcast(Unsafe.Add(ref f0, u));
                    s00 = TLanes.MultiplyAdd(x, g0, s00);
                    s01 = TLanes.MultiplyAdd(x, g1, s01);
                    x = TLanes.Broadcast(Unsafe.Add(ref f1, u));
                    s10 = TLanes.MultiplyAdd(x, g0, s10);
                    s11 = TLanes.MultiplyAdd(x, g1, s11);
                    x = TLanes.Broadcast(Unsafe.Add(ref f2, u));
                    s20 = TLanes.MultiplyAdd(x, g0, s20);
                    s21 = TLanes.MultiplyAdd(x, g1, s21);
                    x = TLanes.Broadcast(Unsafe.Add(ref f3, u));
                    s30 = TLanes.MultiplyAdd(x, g0, s30);
                    s31 = TLanes.MultiplyAdd(x, g1, s31);
                    x = TLanes.Broadcast(Unsafe.Add(ref f4, u));
                    s40 = TLanes.MultiplyAdd(x, g0, s40);
                    s41 = TLanes.MultiplyAdd(x, g1, s41);
                    x = TLanes.Broadcast(Unsafe.Add(ref f5, u));
                    s50 = TLanes.MultiplyAdd(x, g0, s50);
                    s51 = TLanes.MultiplyAdd(x, g1, s51);
                    x = TLanes.Broadcast(Unsafe.Add(ref f6, u));
                    s60 = TLanes.MultiplyAdd(x, g0, s60);
                    s61 = TLanes.MultiplyAdd(x, g1, s61);
                    x = TLanes.Broadcast(Unsafe.Add(ref f7, u));
                    s70 = TLanes.MultiplyAdd(x, g0, s70);
                    s71 = TLanes.MultiplyAdd(x, g1, s71);
                    x = TLanes.Broadcast(Unsafe.Add(ref f8, u));
                    s80 = TLanes.MultiplyAdd(x, g0, s80);
                    s81 = TLanes.MultiplyAdd(x, g1, s81);
                    x = TLanes.Broadcast(Unsafe.Add(ref f9, u));
                    s90 = TLanes.MultiplyAdd(x, g0, s90);
                    s91 = TLanes.MultiplyAdd(x, g1, s91);
                    x = TLanes.Broadcast(Unsafe.Add(ref f10, u));
                    s100 = TLanes.MultiplyAdd(x, g0, s100);
                    s101 = TLanes.MultiplyAdd(x, g1, s101);
                    x = TLanes.Broadcast(Unsafe.Add(ref f11, u));
                    s110 = TLanes.MultiplyAdd(x, g0, s110);
                    s111 = TLanes.MultiplyAdd(x, g1, s111);
                    gradients = ref Unsafe.Add(ref gradients, 2 * TLanes.Count);
                }
            }
        }

        TileRow<T, TLanes, TVector>.Finish(s00, s01, ref Unsafe.Add(ref sums, 0 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s10, s11, ref Unsafe.Add(ref sums, 2 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s20, s21, ref Unsafe.Add(ref sums, 4 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s30, s31, ref Unsafe.Add(ref sums, 6 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s40, s41, ref Unsafe.Add(ref sums, 8 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s50, s51, ref Unsafe.Add(ref sums, 10 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s60, s61, ref Unsafe.Add(ref sums, 12 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s70, s71, ref Unsafe.Add(ref sums, 14 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s80, s81, ref Unsafe.Add(ref sums, 16 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s90, s91, ref Unsafe.Add(ref sums, 18 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s100, s101, ref Unsafe.Add(ref sums, 20 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s110, s111, ref Unsafe.Add(ref sums, 22 * TLanes.Count), accumulate: true);
    }
}

/// <summary>Six places, where there are sixteen registers: 12 sums, with the output gradients and the broadcast 15 in use.</summary>
internal readonly struct TapTile6<T, TLanes, TVector> : ITapTile<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Taps => 6;

    public static void Multiply(ref T frames, ReadOnlySpan<int> offsets, in TapWalk walk, ref T gradients, ref T sums)
    {
        TVector s00 = default, s01 = default;
        TVector s10 = default, s11 = default;
        TVector s20 = default, s21 = default;
        TVector s30 = default, s31 = default;
        TVector s40 = default, s41 = default;
        TVector s50 = default, s51 = default;
        for (int n = 0; n < walk.Samples; n++)
        {
            for (int y = 0; y < walk.Rows; y++)
            {
                ref T row = ref Unsafe.Add(ref frames, (n * walk.SampleLength) + ((nint)y * walk.RowLength));
                ref T f0 = ref Unsafe.Add(ref row, offsets[0]);
                ref T f1 = ref Unsafe.Add(ref row, offsets[1]);
                ref T f2 = ref Unsafe.Add(ref row, offsets[2]);
                ref T f3 = ref Unsafe.Add(ref row, offsets[3]);
                ref T f4 = ref Unsafe.Add(ref row, offsets[4]);
                ref T f5 = ref Unsafe.Add(ref row, offsets[5]);
                for (nint u = 0; u < walk.Columns; u++)
                {
                    TVector g0 = TLanes.Load(in gradients, 0);
                    TVector g1 = TLanes.Load(in gradients, TLanes.Count);
                    TVector x;
                    x = TLanes.Broadcast(Unsafe.Add(ref f0, u));
                    s00 = TLanes.MultiplyAdd(x, g0, s00);
                    s01 = TLanes.MultiplyAdd(x, g1, s01);
                    x = TLanes.Broadcast(Unsafe.Add(ref f1, u));
                    s10 = TLanes.MultiplyAdd(x, g0, s10);
                    s11 = TLanes.MultiplyAdd(x, g1, s11);
                    x = TLanes.Broadcast(Unsafe.Add(ref f2, u));
                    s20 = TLanes.MultiplyAdd(x, g0, s20);
                    s21 = TLanes.MultiplyAdd(x, g1, s21);
                    x = TLanes.Broadcast(Unsafe.Add(ref f3, u));
                    s30 = TLanes.MultiplyAdd(x, g0, s30);
                    s31 = TLanes.MultiplyAdd(x, g1, s31);
                    x = TLanes.Broadcast(Unsafe.Add(ref f4, u));
                    s40 = TLanes.MultiplyAdd(x, g0, s40);
                    s41 = TLanes.MultiplyAdd(x, g1, s41);
                    x = TLanes.Broadcast(Unsafe.Add(ref f5, u));
                    s50 = TLanes.MultiplyAdd(x, g0, s50);
                    s51 = TLanes.MultiplyAdd(x, g1, s51);
                    gradients = ref Unsafe.Add(ref gradients, 2 * TLanes.Count);
                }
            }
        }

        TileRow<T, TLanes, TVector>.Finish(s00, s01, ref Unsafe.Add(ref sums, 0 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s10, s11, ref Unsafe.Add(ref sums, 2 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s20, s21, ref Unsafe.Add(ref sums, 4 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s30, s31, ref Unsafe.Add(ref sums, 6 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s40, s41, ref Unsafe.Add(ref sums, 8 * TLanes.Count), accumulate: true);
        TileRow<T, TLanes, TVector>.Finish(s50, s51, ref Unsafe.Add(ref sums, 10 * TLanes.Count), accumulate: true);
    }
}
