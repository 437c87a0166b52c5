using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// A row of an image, taken apart so that what one tap of a window sees of neighbouring windows lies side by side: where the
/// window moves by s, every s-th number of the padded row makes a phase. Then the windows of a row are computed a register full
/// at a time.
/// </summary>
internal sealed class RowPhases<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int width;
    private readonly int stride;
    private readonly int padding;
    private readonly int dilation;
    private readonly int phaseLength;

    /// <summary>Lays out the rows for a shape.</summary>
    public RowPhases(PoolingShape shape)
    {
        width = shape.Image.Width;
        padding = shape.Padding.Width;
        dilation = shape.Dilation.Width;

        // A single window does not move; a stride longer than the row would make a phase of every number.
        stride = shape.Output.Width == 1 ? 1 : shape.Stride.Width;
        Windows = (shape.Output.Width + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;

        // The last register full begins up to a register before the last number that a tap sees.
        phaseLength = checked(((width + (2 * padding) + stride - 1) / stride) + Vector<T>.Count);
        Length = checked(phaseLength * stride);
    }

    /// <summary>The number of windows, rounded up to full registers.</summary>
    public int Windows { get; }

    /// <summary>Numbers of a row with all its phases.</summary>
    public int Length { get; }

    /// <summary>Where what a tap sees begins: of the window u it sees the number at that place + u.</summary>
    public int Offset(int tap) => (tap * dilation % stride * phaseLength) + (tap * dilation / stride);

    /// <summary>Takes rows apart. Nothing is written where the padding is.</summary>
    /// <param name="image">The rows, one after the other.</param>
    /// <param name="rows">Where their phases go, <see cref="Length"/> numbers for each.</param>
    public void Split(ReadOnlySpan<T> image, Span<T> rows)
    {
        for (int row = 0; row < image.Length / width; row++)
        {
            ReadOnlySpan<T> from = image.Slice(row * width, width);
            Span<T> to = rows.Slice(row * Length, Length);
            if (stride == 2)
            {
                Halve(from, to);
                continue;
            }

            for (int phase = 0; phase < stride; phase++)
            {
                (int first, int end) = OnTheImage(phase);
                Span<T> part = to.Slice((phase * phaseLength) + first, end - first);
                int next = (first * stride) + phase - padding;
                if (stride == 1)
                {
                    from.Slice(next, part.Length).CopyTo(part);
                    continue;
                }

                for (int m = 0; m < part.Length; m++)
                {
                    part[m] = from[next];
                    next += stride;
                }
            }
        }
    }

    /// <summary>The same for two phases: numbers at even places and at odd ones, a register full of each at a time.</summary>
    private void Halve(ReadOnlySpan<T> row, Span<T> phases)
    {
        Span<T> even = phases.Slice(Place(0), (width + 1) / 2);
        Span<T> odd = phases.Slice(Place(1), width / 2);
        int size = 2 * Vector128<T>.Count;
        int i = 0;
        for (; i <= width - size; i += size)
        {
            Halve(in row[i], ref even[i / 2], ref odd[i / 2]);
        }

        if (i < width && i > 0 && width % 2 == 0)
        {
            // What is left over is done again with part of what came before it.
            i = width - size;
            Halve(in row[i], ref even[i / 2], ref odd[i / 2]);
            return;
        }

        for (; i < width; i++)
        {
            (i % 2 == 0 ? even : odd)[i / 2] = row[i];
        }

        // The number i of the row is the padded row's number i + padding.
        int Place(int i) => ((i + padding) % 2 * phaseLength) + ((i + padding) / 2);
    }

    /// <summary>Two registers of numbers; the bounds have been checked at both ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halve(ref readonly T from, ref T even, ref T odd)
    {
        Vector128<T> low = Vector128.LoadUnsafe(in from);
        Vector128<T> high = Vector128.LoadUnsafe(in from, (nuint)Vector128<T>.Count);
        if (typeof(T) == typeof(float))
        {
            low = Vector128.Shuffle(low.AsSingle(), Vector128.Create(0, 2, 1, 3)).As<float, T>();
            high = Vector128.Shuffle(high.AsSingle(), Vector128.Create(0, 2, 1, 3)).As<float, T>();
        }

        // Halves of registers are moved as numbers of 64 bits.
        Vector128.Create(low.AsDouble()[0], high.AsDouble()[0]).As<double, T>().StoreUnsafe(ref even);
        Vector128.Create(low.AsDouble()[1], high.AsDouble()[1]).As<double, T>().StoreUnsafe(ref odd);
    }

    /// <summary>Puts a row together from its phases; what stands in the padding is left out.</summary>
    /// <param name="phases">The phases.</param>
    /// <param name="row">Where the row goes.</param>
    public void Merge(ReadOnlySpan<T> phases, Span<T> row)
    {
        for (int phase = 0; phase < stride; phase++)
        {
            ReadOnlySpan<T> part = phases.Slice(phase * phaseLength, phaseLength);
            (int first, int end) = OnTheImage(phase);
            int to = (first * stride) + phase - padding;
            for (int m = first; m < end; m++)
            {
                row[to] = part[m];
                to += stride;
            }
        }
    }

    /// <summary>The numbers of a phase that are on the image, from the first to the one after the last.</summary>
    private (int First, int End) OnTheImage(int phase)
    {
        int first = (Math.Max(0, padding - phase) + stride - 1) / stride;
        int end = (width + padding - phase + stride - 1) / stride;
        return (first, Math.Max(first, end));
    }
}
