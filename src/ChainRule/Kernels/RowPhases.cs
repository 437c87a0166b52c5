using System.Numerics;

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

    /// <summary>Takes a row apart.</summary>
    /// <param name="row">The row of the image.</param>
    /// <param name="outside">What stands in the padding.</param>
    /// <param name="phases">Where the phases go.</param>
    public void Split(ReadOnlySpan<T> row, T outside, Span<T> phases)
    {
        for (int phase = 0; phase < stride; phase++)
        {
            Span<T> part = phases.Slice(phase * phaseLength, phaseLength);
            (int first, int end) = OnTheImage(phase);
            part[..first].Fill(outside);
            part[end..].Fill(outside);
            int from = (first * stride) + phase - padding;
            if (stride == 1)
            {
                row.Slice(from, end - first).CopyTo(part[first..]);
                continue;
            }

            for (int m = first; m < end; m++)
            {
                part[m] = row[from];
                from += stride;
            }
        }
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
