using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>
/// The gradients of a convolution with few outputs in a group: dot products of output gradients and frames, whose lanes take
/// every so-manieth position. The output channels are divided among threads.
/// </summary>
/// <remarks>
/// Frames of some samples and channels at a time, as many as stay in the second cache level: so the working memory is bounded,
/// and each sum runs over many positions before its lanes are added up.
/// </remarks>
internal sealed unsafe class ConvolutionDotGradients<T> : ConvolutionGradients<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Over the layers of the benchmark on the same machine: with 32 channels at once the frames crowd each other out of the first
    // cache level (a fifth slower), with fewer rows or smaller blocks the lanes are added up too often.
    private const int BlockBytes = 1024 * 1024;
    private const int MostRows = 128;
    private const int MostChannels = 8;

    private readonly int steps;
    private readonly int gradientLength;
    private readonly int rowBlock;
    private readonly int channelBlock;
    private readonly int sampleBlock;

    /// <summary>Divides the work for a shape.</summary>
    public ConvolutionDotGradients(ConvolutionShape shape, ConvolutionFrame frame)
        : base(shape, frame)
    {
        int numbers = BlockBytes / sizeof(T);
        steps = (frame.Positions + Step - 1) / Step;
        gradientLength = steps * Step;
        rowBlock = Math.Clamp(numbers / 2 / gradientLength / Rows * Rows, Rows, MostRows);
        channelBlock = Math.Clamp(numbers / 4 / frame.ChannelLength, 1, MostChannels);
        sampleBlock = Math.Max(1, numbers / ((Math.Min(rowBlock, shape.GroupOutputs) * gradientLength) + (Math.Min(channelBlock, shape.GroupInputs) * frame.ChannelLength)));
    }

    /// <inheritdoc/>
    protected override int Grains => (Shape.Outputs + Rows - 1) / Rows;

    /// <inheritdoc/>
    public override void Run(int part)
    {
        int first = (int)((long)Grains * part / Parts) * Rows;
        int end = Math.Min(Shape.Outputs, (int)((long)Grains * (part + 1) / Parts) * Rows);
        if (!Accumulates)
        {
            new Span<T>(Weights + ((nint)first * Shape.Depth), (end - first) * Shape.Depth).Clear();
            if (Biases is not null)
            {
                new Span<T>(Biases + first, end - first).Clear();
            }
        }

        int block = Math.Min(sampleBlock, Samples);
        ref T gradients = ref Scratch<T>.A.Get(block * rowBlock * gradientLength);
        ref T frames = ref Scratch<T>.B.Get((block * Math.Min(channelBlock, Shape.GroupInputs) * Frame.ChannelLength) + Step);
        for (int row = first; row < end;)
        {
            int group = row / Shape.GroupOutputs;
            int rows = Math.Min(Math.Min(end, (group + 1) * Shape.GroupOutputs) - row, rowBlock);
            for (int sample = 0; sample < Samples; sample += block)
            {
                Add(group, row, rows, sample, Math.Min(block, Samples - sample), ref gradients, ref frames);
            }

            row += rows;
        }
    }

    /// <summary>Adds what some samples give to some output channels of one group.</summary>
    private void Add(int group, int row, int rows, int sample, int block, ref T gradients, ref T frames)
    {
        int gradientRows = (rows + Rows - 1) / Rows * Rows;
        FillGradients(row, rows, gradientRows, sample, block, ref gradients);
        for (int channel = 0; channel < Shape.GroupInputs; channel += channelBlock)
        {
            int channels = Math.Min(channelBlock, Shape.GroupInputs - channel);
            for (int n = 0; n < block; n++)
            {
                FillFrames(sample + n, (group * Shape.GroupInputs) + channel, channels, ref Unsafe.Add(ref frames, (nint)n * channels * Frame.ChannelLength), Step);
            }

            T* target = Weights + ((nint)row * Shape.Depth) + (channel * Shape.Taps);
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
        int depth = channels * Shape.Taps;
        for (int r = 0; r < rows; r += TDots.Rows)
        {
            for (int k = 0; k < depth; k += TDots.Columns)
            {
                for (int j = 0; j < offsets.Length; j++)
                {
                    // What hangs over the edge is computed again, and left out.
                    int place = Math.Min(k + j, depth - 1);
                    offsets[j] = (place / Shape.Taps * Frame.ChannelLength) + Frame.TapOffset(place % Shape.Taps);
                }

                TDots.Multiply(ref Unsafe.Add(ref gradients, (nint)r * gradientLength), gradientLength, (nint)gradientRows * gradientLength, ref frames, offsets, (nint)channels * Frame.ChannelLength, block, steps, sums);
                for (int i = 0; i < Math.Min(TDots.Rows, rows - r); i++)
                {
                    for (int j = 0; j < Math.Min(TDots.Columns, depth - k); j++)
                    {
                        target[((nint)(r + i) * Shape.Depth) + k + j] += sums[(i * TDots.Columns) + j];
                    }
                }
            }
        }
    }

    /// <summary>Frames of output gradients, and their sums into the bias.</summary>
    private void FillGradients(int row, int rows, int gradientRows, int sample, int block, ref T gradients)
    {
        int length = Shape.Output.Height * Shape.Output.Width;
        for (int n = 0; n < block; n++)
        {
            ref T target = ref Unsafe.Add(ref gradients, (nint)n * gradientRows * gradientLength);
            T* channels = OutputGradients + ((((nint)(sample + n) * Shape.Outputs) + row) * length);
            Frame.FillGradient(ref Unsafe.AsRef<T>(channels), rows, 0, gradientLength, ref target, (gradientRows - rows) * gradientLength);
            for (int r = 0; r < rows && Biases is not null; r++)
            {
                Biases[row + r] += TensorPrimitives.Sum<T>(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref target, (nint)r * gradientLength), gradientLength));
            }
        }
    }

    private static int Rows => Dots4x6<T, Lanes512<T>, Vector512<T>>.Rows;

    private static int Step => ConvolutionProduct.PanelWidth<T>() / 2;
}
