using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>The mean of the numbers under each window.</summary>
internal sealed class AveragePooling<T> : Pooling<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool countsPadding;
    private readonly int[] offsets;
    private readonly T[] columns;

    /// <summary>Lays out the work for a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="countsPadding">Whether zeros in the padding are numbers like others.</param>
    public AveragePooling(PoolingShape shape, bool countsPadding)
        : base(shape)
    {
        this.countsPadding = countsPadding;
        offsets = [.. Enumerable.Range(0, shape.Kernel.Width).Select(Rows.Offset)];
        columns = new T[Rows.Windows];
        Array.Fill(columns, T.One);
        for (int u = 0; u < shape.Output.Width; u++)
        {
            (int first, int end) = WindowColumns(u);
            columns[u] = T.CreateChecked(countsPadding ? shape.Kernel.Width : end - first);
        }
    }

    /// <summary>The sum of what the taps see, by how many they are.</summary>
    protected override void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices)
    {
        (int height, int width, int windows) = (Shape.Image.Height, Shape.Image.Width, Shape.Output.Width);
        Span<T> scratch = Take(height, out Span<T> means);
        for (int row = 0; row < height; row++)
        {
            Rows.Split(x.Slice(row * width, width), T.Zero, scratch.Slice(row * Rows.Length, Rows.Length));
        }

        for (int y = 0; y < Shape.Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            Vector<T> rows = RowsCounted(first, end);
            for (int u = 0; u < windows; u += Vector<T>.Count)
            {
                Vector<T> sum = Vector<T>.Zero;
                for (int i = first; i < end; i++)
                {
                    ReadOnlySpan<T> phases = scratch.Slice(((start + i) * Rows.Length) + u);
                    foreach (int offset in offsets)
                    {
                        sum += new Vector<T>(phases[offset..]);
                    }
                }

                (sum / (rows * new Vector<T>(columns, u))).CopyTo(means[u..]);
            }

            means[..windows].CopyTo(a[(y * windows)..]);
        }
    }

    /// <summary>Every tap gave its number to the sum, so now each number gets ∂L/∂a by how many they were.</summary>
    protected override void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices)
    {
        (int height, int width, int windows) = (Shape.Image.Height, Shape.Image.Width, Shape.Output.Width);
        Span<T> scratch = Take(height, out Span<T> shares);
        scratch.Clear();
        shares.Clear();
        for (int y = 0; y < Shape.Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            Vector<T> rows = RowsCounted(first, end);
            da.Slice(y * windows, windows).CopyTo(shares);
            for (int u = 0; u < windows; u += Vector<T>.Count)
            {
                Vector<T> share = new Vector<T>(shares[u..]) / (rows * new Vector<T>(columns, u));
                for (int i = first; i < end; i++)
                {
                    Span<T> phases = scratch.Slice(((start + i) * Rows.Length) + u);
                    foreach (int offset in offsets)
                    {
                        Span<T> seen = phases[offset..];
                        (new Vector<T>(seen) + share).CopyTo(seen);
                    }
                }
            }
        }

        for (int row = 0; row < height; row++)
        {
            Rows.Merge(scratch.Slice(row * Rows.Length, Rows.Length), dx.Slice(row * width, width));
        }
    }

    private Vector<T> RowsCounted(int first, int end) => Vector.Create(T.CreateTruncating(countsPadding ? Shape.Kernel.Height : end - first));

    /// <summary>Room for the rows of a channel taken apart, and for a row of outputs.</summary>
    private Span<T> Take(int height, out Span<T> output)
    {
        int rows = checked(height * Rows.Length);
        Span<T> scratch = MemoryMarshal.CreateSpan(ref Scratch<T>.A.Get(rows + Rows.Windows), rows + Rows.Windows);
        output = scratch[rows..];
        return scratch[..rows];
    }
}
