using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChainRule.Kernels;

/// <summary>
/// All products that make one tensor: the output, or the gradient of the input. The panels of all samples are divided among
/// threads, each with a frame of its own; every number is computed in the same order by whichever thread.
/// </summary>
internal sealed unsafe class ConvolutionPasses<T> : IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // From so many multiplications on, some 10 µs of work, a second thread pays: measured on an Intel Xeon with 512-bit registers.
    private const long ParallelFrom = 1 << 18;

    private readonly ConvolutionShape shape;
    private readonly ConvolutionFrame frame;
    private readonly ConvolutionPass[] passes;
    private readonly bool isBackward;
    private readonly int panelsOfSample;
    private readonly long multiplicationsOfSample;
    private readonly int packedLength;

    private T* packed;
    private T* source;
    private T* result;
    private T* bias;
    private int samples;
    private int count;

    private ConvolutionPasses(ConvolutionShape shape, ConvolutionFrame frame, ConvolutionPass[] passes, bool isBackward)
    {
        this.shape = shape;
        this.frame = frame;
        this.passes = passes;
        this.isBackward = isBackward;
        foreach (ConvolutionPass pass in passes)
        {
            panelsOfSample += pass.Panels(ConvolutionProduct.PanelWidth<T>());
            multiplicationsOfSample += (long)pass.Depth * pass.Grid.Positions * pass.Rows * shape.Groups;
            packedLength = checked(packedLength + (shape.Groups * ConvolutionProduct.PackedLength(pass)));
        }
    }

    /// <summary>The product that makes z from x.</summary>
    public static ConvolutionPasses<T> Forward(ConvolutionShape shape, ConvolutionFrame frame) =>
        new(shape, frame, [ConvolutionPass.Forward(shape, frame)], isBackward: false);

    /// <summary>The products that make ∂L/∂x from ∂L/∂z, one for each phase.</summary>
    public static ConvolutionPasses<T> Backward(ConvolutionShape shape, ConvolutionFrame frame) =>
        new(shape, frame, [.. Enumerable.Range(0, frame.Phases.Height * frame.Phases.Width).Select(phase => ConvolutionPass.Backward(shape, frame, phase)).Where(pass => !pass.Grid.IsEmpty)], isBackward: true);

    /// <summary>Computes the tensor.</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">What is added to each channel; nothing where empty.</param>
    /// <param name="source">x, or ∂L/∂z.</param>
    /// <param name="result">Where z or ∂L/∂x goes.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="threads">The number of threads.</param>
    public void Run(ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ReadOnlySpan<T> source, Span<T> result, int samples, int threads)
    {
        ref T packedWeights = ref Scratch<T>.Common.Get(packedLength);
        Pack(weight, ref packedWeights);
        fixed (T* pp = &packedWeights)
        fixed (T* ps = source)
        fixed (T* pr = result)
        fixed (T* pb = bias)
        {
            packed = pp;
            this.source = ps;
            this.result = pr;
            this.bias = pb;
            this.samples = samples;
            count = samples * multiplicationsOfSample < ParallelFrom ? 1 : (int)Math.Min(threads, (long)samples * panelsOfSample);
            Workers.Run(this, count);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        long all = (long)samples * panelsOfSample;
        int sourceChannels = isBackward ? shape.Outputs : shape.Inputs;
        int sourceLength = isBackward ? shape.Output.Height * shape.Output.Width : shape.Image.Height * shape.Image.Width;
        int frameLength = isBackward ? frame.GradientLength : frame.ChannelLength;
        int slack = ConvolutionProduct.PanelWidth<T>();
        ref T frames = ref Scratch<T>.A.Get(checked((sourceChannels * frameLength) + slack));
        int framed = -1;
        for (long panel = all * part / count; panel < all * (part + 1) / count; panel++)
        {
            int sample = (int)(panel / panelsOfSample);
            if (sample != framed)
            {
                ref T channels = ref Unsafe.AsRef<T>(source + ((nint)sample * sourceChannels * sourceLength));
                if (isBackward)
                {
                    frame.FillGradient(ref channels, sourceChannels, frame.Margin, frameLength, ref frames, slack);
                }
                else
                {
                    frame.Fill(ref channels, sourceChannels, ref frames, slack);
                }

                framed = sample;
            }

            Multiply(sample, (int)(panel % panelsOfSample), ref frames, sourceChannels / shape.Groups * frameLength);
        }
    }

    /// <summary>Computes one panel of all groups.</summary>
    private void Multiply(int sample, int panel, ref T frames, int groupLength)
    {
        int width = ConvolutionProduct.PanelWidth<T>();
        T* weights = packed;
        int index = 0;
        for (; panel >= passes[index].Panels(width); index++)
        {
            panel -= passes[index].Panels(width);
            weights += shape.Groups * ConvolutionProduct.PackedLength(passes[index]);
        }

        ConvolutionPass pass = passes[index];
        int position = pass.Grid.First + (panel * width);
        int length = isBackward ? shape.Image.Height * shape.Image.Width : shape.Output.Height * shape.Output.Width;
        T* channels = result + ((nint)sample * shape.Groups * pass.Rows * length);
        for (int group = 0; group < shape.Groups; group++)
        {
            ref T sums = ref ConvolutionProduct.Multiply(pass, ref Unsafe.AsRef<T>(weights), ref Unsafe.Add(ref frames, (nint)group * groupLength), position);
            pass.Grid.Store(ref sums, position, width, ref Unsafe.AsRef<T>(channels), length, bias is null ? [] : new ReadOnlySpan<T>(bias + (group * pass.Rows), pass.Rows), pass.Rows);
            weights += ConvolutionProduct.PackedLength(pass);
            channels += (nint)pass.Rows * length;
        }
    }

    private void Pack(ReadOnlySpan<T> weight, ref T target)
    {
        foreach (ConvolutionPass pass in passes)
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                ConvolutionProduct.Pack(pass, in weight[group * shape.GroupOutputs * shape.Depth], ref target);
                target = ref Unsafe.Add(ref target, ConvolutionProduct.PackedLength(pass));
            }
        }
    }
}
