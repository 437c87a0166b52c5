using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The gradients of a convolution's parameters: ∂L/∂W(o, c, t) = Σ over samples and positions q of ∂L/∂z(o, q) · x(c, q +
/// offset(t)), and ∂L/∂b(o) = Σ of ∂L/∂z(o, q). The output channels are divided among threads. What is added up in which order
/// depends on the shape alone.
/// </summary>
/// <remarks>
/// Frames of some samples and channels at a time, as many as stay in the second cache level: so the working memory is bounded,
/// and each sum runs over many positions before its lanes are added up.
/// </remarks>
internal sealed unsafe class ConvolutionGradients<T> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Measured on an Intel Xeon with 512-bit registers, 48 kB and 2 MB of cache a core. From so many multiplications on, 7 µs of
    // work, two threads are never slower than one.
    private const long ParallelFrom = 1 << 16;

    // Over the layers of the benchmark on the same machine: with 32 channels at once the frames crowd each other out of the first
    // cache level (a fifth slower), with fewer rows or smaller blocks the lanes are added up too often.
    private const int BlockBytes = 1024 * 1024;
    private const int MostRows = 128;
    private const int MostChannels = 8;

    private readonly ConvolutionShape shape;
    private readonly ConvolutionFrame frame;
    private readonly int steps;
    private readonly int gradientLength;
    private readonly int rowBlock;
    private readonly int channelBlock;
    private readonly int sampleBlock;

    private T* inputs;
    private T* outputGradients;
    private T* weights;
    private T* biases;
    private int samples;
    private bool accumulate;
    private int count;

    /// <summary>Divides the work for a shape.</summary>
    public ConvolutionGradients(ConvolutionShape shape, ConvolutionFrame frame)
    {
        this.shape = shape;
        this.frame = frame;
        int numbers = BlockBytes / sizeof(T);
        steps = (frame.Positions + Step - 1) / Step;
        gradientLength = steps * Step;
        rowBlock = Math.Clamp(numbers / 2 / gradientLength / Rows * Rows, Rows, MostRows);
        channelBlock = Math.Clamp(numbers / 4 / frame.ChannelLength, 1, MostChannels);
        sampleBlock = Math.Max(1, numbers / ((Math.Min(rowBlock, shape.GroupOutputs) * gradientLength) + (Math.Min(channelBlock, shape.GroupInputs) * frame.ChannelLength)));
    }

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
            this.inputs = pi;
            this.outputGradients = po;
            this.weights = pw;
            this.biases = pb;
            this.accumulate = accumulate;
            this.samples = samples;
            long multiplications = (long)samples * shape.Outputs * shape.Depth * frame.Positions;
            count = multiplications < ParallelFrom ? 1 : Math.Min(threads, Grains);
            Workers.Run(this, count);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        int first = (int)((long)Grains * part / count) * Rows;
        int end = Math.Min(shape.Outputs, (int)((long)Grains * (part + 1) / count) * Rows);
        if (!accumulate)
        {
            new Span<T>(weights + ((nint)first * shape.Depth), (end - first) * shape.Depth).Clear();
            if (biases is not null)
            {
                new Span<T>(biases + first, end - first).Clear();
            }
        }

        int block = Math.Min(sampleBlock, samples);
        ref T gradients = ref Scratch<T>.A.Get(block * rowBlock * gradientLength);
        ref T frames = ref Scratch<T>.B.Get((block * Math.Min(channelBlock, shape.GroupInputs) * frame.ChannelLength) + Step);
        for (int row = first; row < end;)
        {
            int group = row / shape.GroupOutputs;
            int rows = Math.Min(Math.Min(end, (group + 1) * shape.GroupOutputs) - row, rowBlock);
            for (int sample = 0; sample < samples; sample += block)
            {
                Add(group, row, rows, sample, Math.Min(block, samples - sample), ref gradients, ref frames);
            }

            row += rows;
        }
    }

    /// <summary>Adds what some samples give to some output channels of one group.</summary>
    private void Add(int group, int row, int rows, int sample, int block, ref T gradients, ref T frames)
    {
        int gradientRows = (rows + Rows - 1) / Rows * Rows;
        FillGradients(row, rows, gradientRows, sample, block, ref gradients);
        for (int channel = 0; channel < shape.GroupInputs; channel += channelBlock)
        {
            int channels = Math.Min(channelBlock, shape.GroupInputs - channel);
            FillFrames((group * shape.GroupInputs) + channel, channels, sample, block, ref frames);
            T* target = weights + ((nint)row * shape.Depth) + (channel * shape.Taps);
            if (Vector512.IsHardwareAccelerated)
            {
                Multiply<Dots4x6<T, Lanes512<T>, Vector512<T>>>(rows, gradientRows, channels, block, ref gradients, ref frames, target);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Multiply<Dots4x2<T, Lanes256<T>, Vector256<T>>>(rows, gradientRows, channels, block, ref gradients, ref frames, target);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                Multiply<Dots4x2<T, Lanes128<T>, Vector128<T>>>(rows, gradientRows, channels, block, ref gradients, ref frames, target);
            }
            else
            {
                Multiply<Dots4x2<T, Lanes1<T>, T>>(rows, gradientRows, channels, block, ref gradients, ref frames, target);
            }
        }
    }

    private void Multiply<TDots>(int rows, int gradientRows, int channels, int block, ref T gradients, ref T frames, T* target)
        where TDots : struct, IDots<T>
    {
        Span<T> sums = stackalloc T[TDots.Rows * TDots.Columns];
        Span<int> offsets = stackalloc int[TDots.Columns];
        int depth = channels * shape.Taps;
        for (int r = 0; r < rows; r += TDots.Rows)
        {
            for (int k = 0; k < depth; k += TDots.Columns)
            {
                for (int j = 0; j < offsets.Length; j++)
                {
                    // What hangs over the edge is computed again, and left out.
                    int place = Math.Min(k + j, depth - 1);
                    offsets[j] = (place / shape.Taps * frame.ChannelLength) + frame.TapOffset(place % shape.Taps);
                }

                TDots.Multiply(ref Unsafe.Add(ref gradients, (nint)r * gradientLength), gradientLength, (nint)gradientRows * gradientLength, ref frames, offsets, (nint)channels * frame.ChannelLength, block, steps, sums);
                for (int i = 0; i < Math.Min(TDots.Rows, rows - r); i++)
                {
                    for (int j = 0; j < Math.Min(TDots.Columns, depth - k); j++)
                    {
                        target[((nint)(r + i) * shape.Depth) + k + j] += sums[(i * TDots.Columns) + j];
                    }
                }
            }
        }
    }

    /// <summary>Frames of output gradients, and their sums into the bias.</summary>
    private void FillGradients(int row, int rows, int gradientRows, int sample, int block, ref T gradients)
    {
        int length = shape.Output.Height * shape.Output.Width;
        for (int n = 0; n < block; n++)
        {
            ref T target = ref Unsafe.Add(ref gradients, (nint)n * gradientRows * gradientLength);
            T* channels = outputGradients + ((((nint)(sample + n) * shape.Outputs) + row) * length);
            frame.FillGradient(ref Unsafe.AsRef<T>(channels), rows, 0, gradientLength, ref target, (gradientRows - rows) * gradientLength);
            for (int r = 0; r < rows && biases is not null; r++)
            {
                biases[row + r] += TensorPrimitives.Sum<T>(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref target, (nint)r * gradientLength), gradientLength));
            }
        }
    }

    private void FillFrames(int channel, int channels, int sample, int block, ref T frames)
    {
        int length = shape.Image.Height * shape.Image.Width;
        for (int n = 0; n < block; n++)
        {
            T* from = inputs + ((((nint)(sample + n) * shape.Inputs) + channel) * length);
            frame.Fill(ref Unsafe.AsRef<T>(from), channels, ref Unsafe.Add(ref frames, (nint)n * channels * frame.ChannelLength), Step);
        }
    }

    private int Grains => (shape.Outputs + Rows - 1) / Rows;

    private static int Rows => Dots4x6<T, Lanes512<T>, Vector512<T>>.Rows;

    private static int Step => ConvolutionProduct.PanelWidth<T>() / 2;
}
