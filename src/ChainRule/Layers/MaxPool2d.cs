using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The largest of what a small window shows of each channel of an image, wherever the window stands.</summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, channels, height, width), a (batch, channels, ⌊(height + 2·padding − dilation·(kernel height − 1) − 1) / stride⌋ + 1,
/// the same of the width).
/// </para>
/// <para>
/// Forward: a[n, c, y, u] = max over i, j of x[n, c, y·stride − padding + i·dilation, u·stride − padding + j·dilation], where places
/// outside of the image are left out. Backward: ∂a[n, c, y, u]/∂x is 1 for the x that was the largest, else 0; so each x gets
/// ∂L/∂a summed over the windows in which it was the largest. Where several are the same there is no derivative, and the first of
/// them, row by row, gets it all.
/// </para>
/// <para>
/// As PyTorch's <c>nn.MaxPool2d</c>. Source: Riesenhuber and Poggio, Hierarchical Models of Object Recognition in Cortex (Nature
/// Neuroscience 2, 1999).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool2d<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Func<Extent, Extent> windows;
    private PoolingShape shape;
    private MaxPooling<T>? pooling;

    // Beside each output, which tap saw it.
    private T[] choices = [];

    /// <summary>Makes the layer.</summary>
    /// <param name="kernel">The size of the window.</param>
    /// <param name="stride">How far the window moves; its own size where nothing is said.</param>
    /// <param name="padding">How many places the window may reach over each side of the image, at most half its size.</param>
    /// <param name="dilation">How far apart the window's places are; 1 where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public MaxPool2d(Extent kernel, Extent? stride = null, Extent padding = default, Extent? dilation = null)
    {
        shape = Window.Pooling("MaxPool2d", kernel, stride, padding, dilation ?? 1);
        windows = image => (shape with { Image = image }).Output;
    }

    /// <summary>The size of the window.</summary>
    public Extent Kernel => shape.Kernel;

    /// <summary>How far the window moves.</summary>
    public Extent Stride => shape.Stride;

    /// <summary>How many places the window may reach over each side of the image.</summary>
    public Extent Padding => shape.Padding;

    /// <summary>How far apart the window's places are.</summary>
    public Extent Dilation => shape.Dilation;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. MaxPool2d(kernel 3, stride 2): what is as it is where nothing is said stays unsaid.</summary>
    public override string ToString() =>
        $"MaxPool2d(kernel {Kernel}{Window.Describe("stride", Stride, Kernel)}{Window.Describe("padding", Padding, 0)}{Window.Describe("dilation", Dilation, 1)})";

    /// <summary>a[n, c, y, u] = max over i, j of x[n, c, y·stride − padding + i·dilation, u·stride − padding + j·dilation].</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        if (pooling is null || shape.Image != Window.Image(InputShape))
        {
            shape = shape with { Image = Window.Image(InputShape) };
            pooling = new MaxPooling<T>(shape);
        }

        if (choices.Length < output.Length)
        {
            choices = new T[output.Length];
        }

        pooling.Forward(input, output, choices.AsSpan(0, output.Length), Parallelism.Threads);
    }

    /// <summary>In the forward pass the largest x became a[n, c, y, u], so now it gets ∂L/∂a[n, c, y, u], and the rest of the window nothing.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            pooling!.Backward(outputGradient, inputGradient, choices.AsSpan(0, outputGradient.Length), Parallelism.Threads);
        }
    }

    /// <inheritdoc/>
    protected internal override int BranchCount => Output.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit)
    {
        (int channel, int window) = Math.DivRem(unit, shape.Output.Height * shape.Output.Width);
        (int y, int u) = Math.DivRem(window, shape.Output.Width);
        int image = shape.Image.Height * shape.Image.Width;
        return pooling!.IsTied(Input.Slice(channel * image, image), y, u, choices[unit]) ? -1 : int.CreateTruncating(choices[unit]);
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        int rank = Window.OutputShape(this, inputShape, null, null, windows, outputShape);
        return (shape with { Image = Window.Image(inputShape) }).SeesTheImageEverywhere
            ? rank
            : throw new ArgumentException($"{Description}: a window on an input of shape {Shape.Describe(inputShape)} shows nothing of it. Make the dilation or the padding smaller.");
    }
}
