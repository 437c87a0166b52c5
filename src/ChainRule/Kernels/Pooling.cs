using System.Numerics;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// What the windows over one channel give, for every channel of every image of a batch. The channels are divided among threads;
/// each is computed in the same order by whichever thread.
/// </summary>
internal abstract unsafe class Pooling<T> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // From so many numbers of the input on, a second thread pays: measured.
    private const int ParallelFrom = 1 << 15;

    private readonly T outside;
    private readonly (int Start, int First, int End)[] windowRows;

    private T* input;
    private T* output;
    private T* choices;
    private bool isBackward;
    private int channels;
    private int count;

    /// <summary>Lays out the work for a shape.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="outside">What the taps see in the padding.</param>
    protected Pooling(PoolingShape shape, T outside)
    {
        Shape = shape;
        Output = shape.Output;
        this.outside = outside;
        Rows = new RowPhases<T>(shape);
        windowRows = new (int, int, int)[Output.Height];
        for (int y = 0; y < windowRows.Length; y++)
        {
            int start = (y * shape.Stride.Height) - shape.Padding.Height;
            (int first, int end) = PoolingShape.Inside(start, shape.Image.Height, shape.Kernel.Height, shape.Dilation.Height);
            windowRows[y] = (start, first, end);
        }
    }

    /// <summary>The settings, with the size of the images.</summary>
    protected PoolingShape Shape { get; }

    /// <summary>The size of the output: the number of windows.</summary>
    protected Extent Output { get; }

    /// <summary>How a row is taken apart.</summary>
    protected RowPhases<T> Rows { get; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="x">The images.</param>
    /// <param name="a">Where the outputs go.</param>
    /// <param name="choices">Room for a number beside each output, of which the backward pass makes use; empty where it needs none.</param>
    /// <param name="threads">The number of threads.</param>
    public void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices, int threads)
    {
        fixed (T* px = x)
        fixed (T* pa = a)
        fixed (T* pc = choices)
        {
            Run(px, pa, pc, a.Length / (Output.Height * Output.Width), isBackward: false, threads);
        }
    }

    /// <summary>Computes ∂L/∂x from ∂L/∂a.</summary>
    /// <param name="da">∂L/∂a.</param>
    /// <param name="dx">Where ∂L/∂x goes.</param>
    /// <param name="choices">What the forward pass left there.</param>
    /// <param name="threads">The number of threads.</param>
    public void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices, int threads)
    {
        fixed (T* px = dx)
        fixed (T* pa = da)
        fixed (T* pc = choices)
        {
            Run(px, pa, pc, da.Length / (Output.Height * Output.Width), isBackward: true, threads);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int image = Shape.Image.Height * Shape.Image.Width;
        int windows = Output.Height * Output.Width;
        int end = (int)((long)channels * (part + 1) / count);
        int length = checked(Shape.Image.Height * Rows.Length);
        Span<T> rows = MemoryMarshal.CreateSpan(ref Scratch<T>.A.Get(length), length);
        if (!isBackward)
        {
            // The padding is the same for all channels: none of them writes there.
            rows.Fill(outside);
        }

        for (int channel = (int)((long)channels * part / count); channel < end; channel++)
        {
            var x = new Span<T>(input + ((nint)channel * image), image);
            var a = new Span<T>(output + ((nint)channel * windows), windows);
            Span<T> chosen = choices is null ? [] : new Span<T>(choices + ((nint)channel * windows), windows);
            if (isBackward)
            {
                Backward(a, x, chosen, rows);
            }
            else
            {
                Forward(x, a, chosen, rows);
            }
        }
    }

    /// <summary>The outputs of one channel.</summary>
    /// <param name="x">The channel.</param>
    /// <param name="a">Where the outputs go.</param>
    /// <param name="choices">Room beside each output.</param>
    /// <param name="rows">Room for the rows taken apart, with the padding in its place.</param>
    protected abstract void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices, Span<T> rows);

    /// <summary>The gradient of one channel.</summary>
    /// <param name="da">The gradient of the outputs.</param>
    /// <param name="dx">Where that of the channel goes.</param>
    /// <param name="choices">What the forward pass left there.</param>
    /// <param name="rows">Room for the rows taken apart.</param>
    protected abstract void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices, Span<T> rows);

    /// <summary>
    /// Where the outputs of row <paramref name="y"/> go, a register full at a time: what the last one writes too much, the next row
    /// overwrites; where it would reach beyond the channel, they go to <paramref name="room"/> first.
    /// </summary>
    protected Span<T> OutputRow(Span<T> a, int y, Span<T> room)
    {
        int first = y * Output.Width;
        return first + Rows.Windows <= a.Length ? a.Slice(first, Rows.Windows) : room;
    }

    /// <summary>Copies a row to its place where it is not there yet.</summary>
    protected void FinishRow(Span<T> a, int y, Span<T> room)
    {
        int first = y * Output.Width;
        if (first + Rows.Windows > a.Length)
        {
            room[..Output.Width].CopyTo(a[first..]);
        }
    }

    /// <summary>The rows of the window at output row <paramref name="y"/> that are on the image, and where the first of all its rows is.</summary>
    protected (int Start, int First, int End) WindowRows(int y) => windowRows[y];

    /// <summary>The columns of the window at output column <paramref name="u"/> that are on the image.</summary>
    protected (int First, int End) WindowColumns(int u) =>
        PoolingShape.Inside((u * Shape.Stride.Width) - Shape.Padding.Width, Shape.Image.Width, Shape.Kernel.Width, Shape.Dilation.Width);

    private void Run(T* input, T* output, T* choices, int channels, bool isBackward, int threads)
    {
        this.input = input;
        this.output = output;
        this.choices = choices;
        this.channels = channels;
        this.isBackward = isBackward;
        count = (long)channels * Shape.Image.Height * Shape.Image.Width < ParallelFrom ? 1 : Math.Min(threads, channels);
        Workers.Run(this, count);
    }
}
