using System.Numerics;

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

    private T* input;
    private T* output;
    private T* choices;
    private bool isBackward;
    private int channels;
    private int count;

    /// <summary>Lays out the work for a shape.</summary>
    protected Pooling(PoolingShape shape)
    {
        Shape = shape;
        Rows = new RowPhases<T>(shape);
    }

    /// <summary>The settings, with the size of the images.</summary>
    protected PoolingShape Shape { get; }

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
            Run(px, pa, pc, a.Length / (Shape.Output.Height * Shape.Output.Width), isBackward: false, threads);
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
            Run(px, pa, pc, da.Length / (Shape.Output.Height * Shape.Output.Width), isBackward: true, threads);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int image = Shape.Image.Height * Shape.Image.Width;
        int windows = Shape.Output.Height * Shape.Output.Width;
        int end = (int)((long)channels * (part + 1) / count);
        for (int channel = (int)((long)channels * part / count); channel < end; channel++)
        {
            var x = new Span<T>(input + ((nint)channel * image), image);
            var a = new Span<T>(output + ((nint)channel * windows), windows);
            Span<T> chosen = choices is null ? [] : new Span<T>(choices + ((nint)channel * windows), windows);
            if (isBackward)
            {
                Backward(a, x, chosen);
            }
            else
            {
                Forward(x, a, chosen);
            }
        }
    }

    /// <summary>The outputs of one channel.</summary>
    protected abstract void Forward(ReadOnlySpan<T> x, Span<T> a, Span<T> choices);

    /// <summary>The gradient of one channel.</summary>
    protected abstract void Backward(ReadOnlySpan<T> da, Span<T> dx, ReadOnlySpan<T> choices);

    /// <summary>The rows of the window at output row <paramref name="y"/> that are on the image, and where the first of all its rows is.</summary>
    protected (int Start, int First, int End) WindowRows(int y)
    {
        int start = (y * Shape.Stride.Height) - Shape.Padding.Height;
        (int first, int end) = PoolingShape.Inside(start, Shape.Image.Height, Shape.Kernel.Height, Shape.Dilation.Height);
        return (start, first, end);
    }

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
