using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// The gradients of a convolution's parameters: ∂L/∂W(o, c, t) = Σ over samples and positions q of ∂L/∂z(o, q) · x(c, q +
/// offset(t)), and ∂L/∂b(o) = Σ of ∂L/∂z(o, q). What is added up in which order depends on the shape alone.
/// </summary>
internal abstract unsafe class ConvolutionGradients<T> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Measured on an Intel Xeon with 512-bit registers, 48 kB and 2 MB of cache a core. From so many multiplications on, 7 µs of
    // work, two threads are never slower than one.
    private const long ParallelFrom = 1 << 16;

    /// <summary>Divides the work for a shape.</summary>
    protected ConvolutionGradients(ConvolutionShape shape, ConvolutionFrame frame)
    {
        Shape = shape;
        Frame = frame;
    }

    /// <summary>The settings, with the size of the images.</summary>
    protected ConvolutionShape Shape { get; }

    /// <summary>How the images lie in memory.</summary>
    protected ConvolutionFrame Frame { get; }

    /// <summary>x.</summary>
    protected T* Inputs { get; private set; }

    /// <summary>∂L/∂z.</summary>
    protected T* OutputGradients { get; private set; }

    /// <summary>Where ∂L/∂W goes.</summary>
    protected T* Weights { get; private set; }

    /// <summary>Where ∂L/∂b goes; null where there is none.</summary>
    protected T* Biases { get; private set; }

    /// <summary>Whether to add to the gradients or to overwrite them.</summary>
    protected bool Accumulates { get; private set; }

    /// <summary>The number of samples.</summary>
    protected int Samples { get; private set; }

    /// <summary>The number of parts.</summary>
    protected int Parts { get; private set; }

    /// <summary>Into how many parts the work can be divided.</summary>
    protected abstract int Grains { get; }

    /// <summary>The way that suits a shape.</summary>
    public static ConvolutionGradients<T> For(ConvolutionShape shape, ConvolutionFrame frame) =>
        ConvolutionTileGradients<T>.Suits(shape) ? new ConvolutionTileGradients<T>(shape, frame) : new ConvolutionDotGradients<T>(shape, frame);

    /// <summary>Computes the gradients.</summary>
    /// <param name="inputs">x.</param>
    /// <param name="outputGradients">∂L/∂z.</param>
    /// <param name="weights">Where ∂L/∂W goes.</param>
    /// <param name="biases">Where ∂L/∂b goes; empty where there is none.</param>
    /// <param name="accumulate">Whether to add to the gradients or to overwrite them.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="threads">The number of threads.</param>
    public void Run(ReadOnlySpan<T> inputs, ReadOnlySpan<T> outputGradients, Span<T> weights, Span<T> biases, bool accumulate, int samples, int threads)
    {
        fixed (T* pi = inputs)
        fixed (T* po = outputGradients)
        fixed (T* pw = weights)
        fixed (T* pb = biases)
        {
            Inputs = pi;
            OutputGradients = po;
            Weights = pw;
            Biases = pb;
            Accumulates = accumulate;
            Samples = samples;
            long multiplications = (long)samples * Shape.Outputs * Shape.Depth * Frame.Positions;
            Parts = multiplications < ParallelFrom ? 1 : Math.Min(threads, Grains);
            Workers.Run(this, Parts);
        }
    }

    /// <inheritdoc/>
    public abstract void Run(int part);

    /// <summary>Frames of some channels of a sample.</summary>
    protected void FillFrames(int sample, int channel, int channels, ref T frames, int slack)
    {
        T* from = Inputs + ((((nint)sample * Shape.Inputs) + channel) * Shape.Image.Height * Shape.Image.Width);
        Frame.Fill(ref *from, channels, ref frames, slack);
    }
}
