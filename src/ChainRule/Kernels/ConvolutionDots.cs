using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The innermost loop of the weights' gradient: the dot products of some rows of output gradients with some shifted frames. Each sum
/// is kept in a register whose lanes take every so-manieth position, over all positions of all samples of a block.
/// </summary>
internal interface IDots<T>
    where T : unmanaged
{
    /// <summary>Rows of output gradients.</summary>
    static abstract int Rows { get; }

    /// <summary>Shifted frames.</summary>
    static abstract int Columns { get; }

    /// <summary>Positions in a step.</summary>
    static abstract int Step { get; }

    /// <summary>sums(r, c) = Σ over samples and positions q of gradients(r, q) · frames(q + offsets(c)).</summary>
    /// <param name="gradients">The first row of the first sample.</param>
    /// <param name="row">From one row to the next.</param>
    /// <param name="gradientSample">From a row to the same of the next sample.</param>
    /// <param name="frames">The frames of the first sample.</param>
    /// <param name="offsets">Where each shifted frame begins.</param>
    /// <param name="frameSample">From a frame to the same of the next sample.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="steps">Positions, in steps.</param>
    /// <param name="sums">Where the sums go, row by row.</param>
    static abstract void Multiply(ref T gradients, nint row, nint gradientSample, ref T frames, ReadOnlySpan<int> offsets, nint frameSample, int samples, int steps, Span<T> sums);
}

/// <summary>Four rows and six frames: 24 sums, with the four rows and a frame 29 registers in use.</summary>
internal readonly struct Dots4x6<T, TLanes, TVector> : IDots<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Rows => 4;

    public static int Columns => 6;

    public static int Step => TLanes.Count;

    public static void Multiply(ref T gradients, nint row, nint gradientSample, ref T frames, ReadOnlySpan<int> offsets, nint frameSample, int samples, int steps, Span<T> sums)
    {
        TVector s00 = default, s01 = default, s02 = default, s03 = default, s04 = default, s05 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default, s14 = default, s15 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default, s24 = default, s25 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default, s34 = default, s35 = default;
        for (int n = 0; n < samples; n++)
        {
            ref T g0 = ref Unsafe.Add(ref gradients, n * gradientSample);
            ref T g1 = ref Unsafe.Add(ref g0, row);
            ref T g2 = ref Unsafe.Add(ref g1, row);
            ref T g3 = ref Unsafe.Add(ref g2, row);
            ref T sample = ref Unsafe.Add(ref frames, n * frameSample);
            ref T f0 = ref Unsafe.Add(ref sample, offsets[0]);
            ref T f1 = ref Unsafe.Add(ref sample, offsets[1]);
            ref T f2 = ref Unsafe.Add(ref sample, offsets[2]);
            ref T f3 = ref Unsafe.Add(ref sample, offsets[3]);
            ref T f4 = ref Unsafe.Add(ref sample, offsets[4]);
            ref T f5 = ref Unsafe.Add(ref sample, offsets[5]);
            nint end = (nint)steps * TLanes.Count;
            for (nint q = 0; q < end; q += TLanes.Count)
            {
                TVector x0 = TLanes.Load(in g0, q);
                TVector x1 = TLanes.Load(in g1, q);
                TVector x2 = TLanes.Load(in g2, q);
                TVector x3 = TLanes.Load(in g3, q);
                TVector y;
                y = TLanes.Load(in f0, q);
                s00 = TLanes.MultiplyAdd(x0, y, s00);
                s10 = TLanes.MultiplyAdd(x1, y, s10);
                s20 = TLanes.MultiplyAdd(x2, y, s20);
                s30 = TLanes.MultiplyAdd(x3, y, s30);
                y = TLanes.Load(in f1, q);
                s01 = TLanes.MultiplyAdd(x0, y, s01);
                s11 = TLanes.MultiplyAdd(x1, y, s11);
                s21 = TLanes.MultiplyAdd(x2, y, s21);
                s31 = TLanes.MultiplyAdd(x3, y, s31);
                y = TLanes.Load(in f2, q);
                s02 = TLanes.MultiplyAdd(x0, y, s02);
                s12 = TLanes.MultiplyAdd(x1, y, s12);
                s22 = TLanes.MultiplyAdd(x2, y, s22);
                s32 = TLanes.MultiplyAdd(x3, y, s32);
                y = TLanes.Load(in f3, q);
                s03 = TLanes.MultiplyAdd(x0, y, s03);
                s13 = TLanes.MultiplyAdd(x1, y, s13);
                s23 = TLanes.MultiplyAdd(x2, y, s23);
                s33 = TLanes.MultiplyAdd(x3, y, s33);
                y = TLanes.Load(in f4, q);
                s04 = TLanes.MultiplyAdd(x0, y, s04);
                s14 = TLanes.MultiplyAdd(x1, y, s14);
                s24 = TLanes.MultiplyAdd(x2, y, s24);
                s34 = TLanes.MultiplyAdd(x3, y, s34);
                y = TLanes.Load(in f5, q);
                s05 = TLanes.MultiplyAdd(x0, y, s05);
                s15 = TLanes.MultiplyAdd(x1, y, s15);
                s25 = TLanes.MultiplyAdd(x2, y, s25);
                s35 = TLanes.MultiplyAdd(x3, y, s35);
            }
        }

        sums[0] = TLanes.Sum(s00);
        sums[1] = TLanes.Sum(s01);
        sums[2] = TLanes.Sum(s02);
        sums[3] = TLanes.Sum(s03);
        sums[4] = TLanes.Sum(s04);
        sums[5] = TLanes.Sum(s05);
        sums[6] = TLanes.Sum(s10);
        sums[7] = TLanes.Sum(s11);
        sums[8] = TLanes.Sum(s12);
        sums[9] = TLanes.Sum(s13);
        sums[10] = TLanes.Sum(s14);
        sums[11] = TLanes.Sum(s15);
        sums[12] = TLanes.Sum(s20);
        sums[13] = TLanes.Sum(s21);
        sums[14] = TLanes.Sum(s22);
        sums[15] = TLanes.Sum(s23);
        sums[16] = TLanes.Sum(s24);
        sums[17] = TLanes.Sum(s25);
        sums[18] = TLanes.Sum(s30);
        sums[19] = TLanes.Sum(s31);
        sums[20] = TLanes.Sum(s32);
        sums[21] = TLanes.Sum(s33);
        sums[22] = TLanes.Sum(s34);
        sums[23] = TLanes.Sum(s35);
    }
}

/// <summary>Four rows and two frames, where there are sixteen registers: 8 sums, with the four rows and a frame 13 in use.</summary>
internal readonly struct Dots4x2<T, TLanes, TVector> : IDots<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    public static int Rows => 4;

    public static int Columns => 2;

    public static int Step => TLanes.Count;

    public static void Multiply(ref T gradients, nint row, nint gradientSample, ref T frames, ReadOnlySpan<int> offsets, nint frameSample, int samples, int steps, Span<T> sums)
    {
        TVector s00 = default, s01 = default;
        TVector s10 = default, s11 = default;
        TVector s20 = default, s21 = default;
        TVector s30 = default, s31 = default;
        for (int n = 0; n < samples; n++)
        {
            ref T g0 = ref Unsafe.Add(ref gradients, n * gradientSample);
            ref T g1 = ref Unsafe.Add(ref g0, row);
            ref T g2 = ref Unsafe.Add(ref g1, row);
            ref T g3 = ref Unsafe.Add(ref g2, row);
            ref T sample = ref Unsafe.Add(ref frames, n * frameSample);
            ref T f0 = ref Unsafe.Add(ref sample, offsets[0]);
            ref T f1 = ref Unsafe.Add(ref sample, offsets[1]);
            nint end = (nint)steps * TLanes.Count;
            for (nint q = 0; q < end; q += TLanes.Count)
            {
                TVector y0 = TLanes.Load(in f0, q);
                TVector y1 = TLanes.Load(in f1, q);
                TVector x;
                x = TLanes.Load(in g0, q);
                s00 = TLanes.MultiplyAdd(x, y0, s00);
                s01 = TLanes.MultiplyAdd(x, y1, s01);
                x = TLanes.Load(in g1, q);
                s10 = TLanes.MultiplyAdd(x, y0, s10);
                s11 = TLanes.MultiplyAdd(x, y1, s11);
                x = TLanes.Load(in g2, q);
                s20 = TLanes.MultiplyAdd(x, y0, s20);
                s21 = TLanes.MultiplyAdd(x, y1, s21);
                x = TLanes.Load(in g3, q);
                s30 = TLanes.MultiplyAdd(x, y0, s30);
                s31 = TLanes.MultiplyAdd(x, y1, s31);
            }
        }

        sums[0] = TLanes.Sum(s00);
        sums[1] = TLanes.Sum(s01);
        sums[2] = TLanes.Sum(s10);
        sums[3] = TLanes.Sum(s11);
        sums[4] = TLanes.Sum(s20);
        sums[5] = TLanes.Sum(s21);
        sums[6] = TLanes.Sum(s30);
        sums[7] = TLanes.Sum(s31);
    }
}
