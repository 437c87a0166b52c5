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
        : base(shape)
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
    public int Place(int y, int u, T choice) =>
        (((y * Shape.Stride.Height) - Shape.Padding.Height) * Shape.Image.Width) + (u * Shape.Stride.Width) - Shape.Padding.Width + places[int.CreateTruncating(choice)];

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
    protected override void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices)
    {
        (int height, int width) = (Shape.Image.Height, Shape.Image.Width);
        (int windows, int kernel) = (Shape.Output.Width, Shape.Kernel.Width);
        Span<T> scratch = MemoryMarshal.CreateSpan(ref Scratch<T>.A.Get(checked((height * Rows.Length) + (2 * Rows.Windows))), (height * Rows.Length) + (2 * Rows.Windows));
        Span<T> largest = scratch.Slice(height * Rows.Length, Rows.Windows);
        Span<T> chosen = scratch[^Rows.Windows..];
        for (int row = 0; row < height; row++)
        {
            Rows.Split(x.Slice(row * width, width), T.NegativeInfinity, scratch.Slice(row * Rows.Length, Rows.Length));
        }

        for (int y = 0; y < Shape.Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            for (int u = 0; u < windows; u += Vector<T>.Count)
            {
                Vector<T> best = Vector.Create(T.NegativeInfinity);
                Vector<T> tap = new Vector<T>(firstColumns, u) + Vector.Create(T.CreateTruncating(first * kernel));
                for (int i = first; i < end; i++)
                {
                    ReadOnlySpan<T> phases = scratch.Slice(((start + (i * Shape.Dilation.Height)) * Rows.Length) + u);
                    Vector<T> index = Vector.Create(T.CreateTruncating(i * kernel));
                    foreach (int offset in offsets)
                    {
                        var seen = new Vector<T>(phases[offset..]);
                        Vector<T> isLarger = Vector.GreaterThan(seen, best) | ~Vector.Equals(seen, seen);
                        best = Vector.ConditionalSelect(isLarger, seen, best);
                        tap = Vector.ConditionalSelect(isLarger, index, tap);
                        index += Vector<T>.One;
                    }
                }

                best.CopyTo(largest[u..]);
                tap.CopyTo(chosen[u..]);
            }

            largest[..windows].CopyTo(a[(y * windows)..]);
            chosen[..windows].CopyTo(choices[(y * windows)..]);
        }
    }

    /// <summary>The forward pass took what one tap saw, so now the number there gets the whole gradient, and the others of the window none.</summary>
    protected override void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices)
    {
        dx.Clear();
        int window = 0;
        for (int y = 0; y < Shape.Output.Height; y++)
        {
            for (int u = 0; u < Shape.Output.Width; u++)
            {
                dx[Place(y, u, choices[window])] += da[window];
                window++;
            }
        }
    }
}
