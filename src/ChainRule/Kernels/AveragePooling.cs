using System.Numerics;
using System.Runtime.CompilerServices;
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
        : base(shape, T.Zero)
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
    protected override void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices, Span<T> rows)
    {
        Rows.Split(x, rows);
        Span<T> room = Room();
        for (int y = 0; y < Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            Vector<T> counted = RowsCounted(first, end);
            Span<T> means = OutputRow(a, y, room);
            for (int u = 0; u < Rows.Windows; u += Vector<T>.Count)
            {
                Vector<T> sum = Vector<T>.Zero;
                for (int i = first; i < end; i++)
                {
                    ref T phases = ref rows[((start + i) * Rows.Length) + u];
                    foreach (int offset in offsets)
                    {
                        // A row with its phases is long enough for a register at any tap of any window.
                        sum += Vector.LoadUnsafe(ref phases, (nuint)offset);
                    }
                }

                (sum / (counted * Vector.LoadUnsafe(ref columns[u]))).StoreUnsafe(ref means[u]);
            }

            FinishRow(a, y, room);
        }
    }

    /// <summary>Every tap gave its number to the sum, so now each number gets ∂L/∂a by how many they were.</summary>
    protected override void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices, Span<T> rows)
    {
        (int width, int windows) = (Shape.Image.Width, Output.Width);
        Span<T> shares = Room();
        shares.Clear();
        rows.Clear();
        for (int y = 0; y < Output.Height; y++)
        {
            (int start, int first, int end) = WindowRows(y);
            Vector<T> counted = RowsCounted(first, end);
            da.Slice(y * windows, windows).CopyTo(shares);
            for (int u = 0; u < windows; u += Vector<T>.Count)
            {
                Vector<T> share = Vector.LoadUnsafe(ref shares[u]) / (counted * Vector.LoadUnsafe(ref columns[u]));
                for (int i = first; i < end; i++)
                {
                    ref T phases = ref rows[((start + i) * Rows.Length) + u];
                    foreach (int offset in offsets)
                    {
                        ref T seen = ref Unsafe.Add(ref phases, offset);
                        (Vector.LoadUnsafe(ref seen) + share).StoreUnsafe(ref seen);
                    }
                }
            }
        }

        for (int row = 0; row < Shape.Image.Height; row++)
        {
            Rows.Merge(rows.Slice(row * Rows.Length, Rows.Length), dx.Slice(row * width, width));
        }
    }

    private Vector<T> RowsCounted(int first, int end) => Vector.Create(T.CreateTruncating(countsPadding ? Shape.Kernel.Height : end - first));

    /// <summary>Room for a row of outputs.</summary>
    private Span<T> Room() => MemoryMarshal.CreateSpan(ref Scratch<T>.B.Get(Rows.Windows), Rows.Windows);
}
