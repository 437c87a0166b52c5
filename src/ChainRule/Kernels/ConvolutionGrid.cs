using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// A rectangle of a frame's positions that stand for numbers of a channel: row r and column s of the frame are the number at
/// <paramref name="Origin"/> + r·<paramref name="RowStep"/> + s·<paramref name="ColumnStep"/> of the channel.
/// </summary>
/// <param name="FirstRow">The rectangle's first row.</param>
/// <param name="Rows">Its rows; none where not positive.</param>
/// <param name="FirstColumn">Its first column.</param>
/// <param name="Columns">Its columns; none where not positive.</param>
/// <param name="Width">Columns of the frame.</param>
/// <param name="Origin">Where row 0 and column 0 would be in the channel.</param>
/// <param name="RowStep">From one row to the next in the channel.</param>
/// <param name="ColumnStep">From one column to the next in the channel.</param>
internal readonly record struct ConvolutionGrid(int FirstRow, int Rows, int FirstColumn, int Columns, int Width, int Origin, int RowStep, int ColumnStep)
{
    /// <summary>Whether there is no number at all.</summary>
    public bool IsEmpty => Rows <= 0 || Columns <= 0;

    /// <summary>The position of the first number.</summary>
    public int First => (FirstRow * Width) + FirstColumn;

    /// <summary>From the first number's position to the last one's, both counted.</summary>
    public int Positions => IsEmpty ? 0 : ((Rows - 1) * Width) + Columns;

    /// <summary>Copies a channel into its frame.</summary>
    public void Load<T>(ref T channel, ref T frame)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int row = FirstRow; row < FirstRow + Rows; row++)
        {
            ref T from = ref Unsafe.Add(ref channel, Origin + ((nint)row * RowStep) + ((nint)FirstColumn * ColumnStep));
            ref T to = ref Unsafe.Add(ref frame, ((nint)row * Width) + FirstColumn);
            if (ColumnStep == 1)
            {
                Add(ref from, T.Zero, ref to, Columns);
            }
            else
            {
                for (int i = 0; i < Columns; i++)
                {
                    Unsafe.Add(ref to, i) = Unsafe.Add(ref from, (nint)i * ColumnStep);
                }
            }
        }
    }

    /// <summary>Copies some positions of several frames into their channels and adds a number to each channel.</summary>
    /// <param name="panel">The positions: one row for each channel.</param>
    /// <param name="position">The position of the panel's first column.</param>
    /// <param name="width">Columns of the panel.</param>
    /// <param name="channels">The first channel.</param>
    /// <param name="channelLength">From one channel to the next.</param>
    /// <param name="bias">What is added to each channel; nothing where empty.</param>
    /// <param name="count">The number of channels.</param>
    public void Store<T>(ref T panel, int position, int width, ref T channels, nint channelLength, ReadOnlySpan<T> bias, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int end = Math.Min(position + width, First + Positions);
        for (int row = position / Width; (row * Width) + FirstColumn < end; row++)
        {
            int first = Math.Max(position, (row * Width) + FirstColumn);
            int length = Math.Min(end, (row * Width) + FirstColumn + Columns) - first;
            ref T from = ref Unsafe.Add(ref panel, first - position);
            ref T to = ref Unsafe.Add(ref channels, Origin + ((nint)row * RowStep) + ((nint)(first - (row * Width)) * ColumnStep));
            for (int c = 0; c < count && length > 0; c++)
            {
                T value = bias.IsEmpty ? T.Zero : bias[c];
                if (ColumnStep == 1)
                {
                    Add(ref from, value, ref to, length);
                }
                else
                {
                    for (int i = 0; i < length; i++)
                    {
                        Unsafe.Add(ref to, (nint)i * ColumnStep) = Unsafe.Add(ref from, i) + value;
                    }
                }

                from = ref Unsafe.Add(ref from, width);
                to = ref Unsafe.Add(ref to, channelLength);
            }
        }
    }

    /// <summary>to = from + value. Rows are short: what is left over at the end is done again with part of what came before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(ref T from, T value, ref T to, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated && count >= Vector512<T>.Count)
        {
            Vector512<T> values = Vector512.Create(value);
            for (int i = 0; i < count - Vector512<T>.Count; i += Vector512<T>.Count)
            {
                (Vector512.LoadUnsafe(ref from, (nuint)i) + values).StoreUnsafe(ref to, (nuint)i);
            }

            (Vector512.LoadUnsafe(ref from, (nuint)(count - Vector512<T>.Count)) + values).StoreUnsafe(ref to, (nuint)(count - Vector512<T>.Count));
        }
        else if (Vector256.IsHardwareAccelerated && count >= Vector256<T>.Count)
        {
            Vector256<T> values = Vector256.Create(value);
            for (int i = 0; i < count - Vector256<T>.Count; i += Vector256<T>.Count)
            {
                (Vector256.LoadUnsafe(ref from, (nuint)i) + values).StoreUnsafe(ref to, (nuint)i);
            }

            (Vector256.LoadUnsafe(ref from, (nuint)(count - Vector256<T>.Count)) + values).StoreUnsafe(ref to, (nuint)(count - Vector256<T>.Count));
        }
        else if (count >= Vector128<T>.Count)
        {
            Vector128<T> values = Vector128.Create(value);
            for (int i = 0; i < count - Vector128<T>.Count; i += Vector128<T>.Count)
            {
                (Vector128.LoadUnsafe(ref from, (nuint)i) + values).StoreUnsafe(ref to, (nuint)i);
            }

            (Vector128.LoadUnsafe(ref from, (nuint)(count - Vector128<T>.Count)) + values).StoreUnsafe(ref to, (nuint)(count - Vector128<T>.Count));
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i) + value;
            }
        }
    }
}
