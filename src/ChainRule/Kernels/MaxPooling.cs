using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>The largest number under each window, and which tap saw it.</summary>
internal sealed class MaxPooling<T> : Pooling<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int[] offsets;
    private readonly int[] places;
    private readonly T[] firstColumns;

    /// <summary>Lays out the work for a shape.</summary>
    public MaxPooling(PoolingShape shape)
        : base(shape, T.NegativeInfinity)
    {
        offsets = [.. Enumerable.Range(0, shape.Kernel.Width).Select(Rows.Offset)];
        places = [.. Enumerable.Range(0, shape.Kernel.Height * shape.Kernel.Width).Select(tap => (tap / shape.Kernel.Width * shape.Dilation.Height * shape.Image.Width) + (tap % shape.Kernel.Width * shape.Dilation.Width))];
        firstColumns = new T[Rows.Windows];
        for (int u = 0; u < shape.Output.Width; u++)
        {
            firstColumns[u] = T.CreateChecked(WindowColumns(u).First);
        }
    }

    /// <summary>Where in a channel the tap is that saw the largest number of the window in row y and column u.</summary>
    public int Place(int y, int u, T choice) => Place(y, u) + places[int.CreateTruncating(choice)];

    /// <summary>Whether another tap of the window saw the same number as the one that was chosen.</summary>
    /// <param name="x">The channel.</param>
    /// <param name="y">The window's row.</param>
    /// <param name="u">The window's column.</param>
    /// <param name="choice">The tap that was chosen.</param>
    public bool IsTied(ReadOnlySpan<T> x, int y, int u, T choice)
    {
        T largest = x[Place(y, u, choice)];
        (_, int firstRow, int endRow) = WindowRows(y);
        (int firstColumn, int endColumn) = WindowColumns(u);
        int found = 0;
        for (int i = firstRow; i < endRow; i++)
        {
            for (int j = firstColumn; j < endColumn; j++)
            {
                found += x[Place(y, u, T.CreateTruncating((i * Shape.Kernel.Width) + j))] == largest ? 1 : 0;
            }
        }

        return found > 1;
    }

    /// <summary>
    /// A tap is chosen where it sees more than all before it, or what is not a number. The first one on the image stands for −∞,
    /// so that a place in the padding is never chosen.
    /// </summary>
    protected override void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices, Span<T> rows)
    {
        Rows.Split(x, rows);
        int kernel = Shape.Kernel.Width;
        int windows = Rows.Windows;
        Span<T> room = MemoryMarshal.CreateSpan(ref Scratch<T>.B.Get(2 * windows), 2 * windows);
        for (int y = 0; y < Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            Span<T> largest = OutputRow(a, y, room[..windows]);
            Span<T> chosen = OutputRow(choices, y, room[windows..]);
            for (int u = 0; u < windows; u += Vector<T>.Count)
            {
                Vector<T> best = Vector.Create(T.NegativeInfinity);
                Vector<T> tap = Vector.LoadUnsafe(ref firstColumns[u]) + Vector.Create(T.CreateTruncating(first * kernel));
                for (int i = first; i < end; i++)
                {
                    ref T phases = ref rows[((start + (i * Shape.Dilation.Height)) * Rows.Length) + u];
                    Vector<T> index = Vector.Create(T.CreateTruncating(i * kernel));
                    foreach (int offset in offsets)
                    {
                        // A row with its phases is long enough for a register at any tap of any window.
                        Vector<T> seen = Vector.LoadUnsafe(ref phases, (nuint)offset);
                        Vector<T> isLarger = Vector.GreaterThan(seen, best) | ~Vector.Equals(seen, seen);
                        best = Vector.ConditionalSelect(isLarger, seen, best);
                        tap = Vector.ConditionalSelect(isLarger, index, tap);
                        index += Vector<T>.One;
                    }
                }

                best.StoreUnsafe(ref largest[u]);
                tap.StoreUnsafe(ref chosen[u]);
            }

            FinishRow(a, y, room[..windows]);
            FinishRow(choices, y, room[windows..]);
        }
    }

    /// <summary>The forward pass took what one tap saw, so now the number there gets the whole gradient, and the others of the window none.</summary>
    protected override void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices, Span<T> rows)
    {
        dx.Clear();
        int width = Output.Width;
        int step = Shape.Stride.Width;
        for (int y = 0; y < Output.Height; y++)
        {
            ReadOnlySpan<T> gradients = da.Slice(y * width, width);
            ReadOnlySpan<T> chosen = choices.Slice(y * width, width);
            int window = Place(y, 0);
            for (int u = 0; u < gradients.Length; u++)
            {
                dx[window + places[int.CreateTruncating(chosen[u])]] += gradients[u];
                window += step;
            }
        }
    }

    /// <summary>Where the first tap of a window is; it may be in the padding.</summary>
    private int Place(int y, int u) =>
        (((y * Shape.Stride.Height) - Shape.Padding.Height) * Shape.Image.Width) + (u * Shape.Stride.Width) - Shape.Padding.Width;
}
