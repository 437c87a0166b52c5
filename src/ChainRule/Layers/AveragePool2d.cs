using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The mean of what a small window shows of each channel of an image, wherever the window stands.</summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, channels, height, width), a (batch, channels, ⌊(height + 2·padding − kernel height) / stride⌋ + 1, the same of
/// the width).
/// </para>
/// <para>
/// Forward: a[n, c, y, u] = 1/k · Σ over i, j of x[n, c, y·stride − padding + i, u·stride − padding + j], where x is zero outside of
/// the image and k is the number of the window's places, or of those on the image. Backward: the same x is a term of a, so it gets
/// ∂L/∂a[n, c, y, u] / k, summed over all windows in which it was.
/// </para>
/// <para>
/// As PyTorch's <c>nn.AvgPool2d</c>. Source: LeCun et al., Gradient-Based Learning Applied to Document Recognition (Proceedings of
/// the IEEE 86, 1998).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AveragePool2d<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Func<Extent, Extent> windows;
    private PoolingShape shape;
    private AveragePooling<T>? pooling;

    /// <summary>Makes the layer.</summary>
    /// <param name="kernel">The size of the window.</param>
    /// <param name="stride">How far the window moves; its own size where nothing is said.</param>
    /// <param name="padding">How many zeros stand on each side of the image, at most half the size of the window.</param>
    /// <param name="countsPadding">Whether k counts places in the padding too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public AveragePool2d(Extent kernel, Extent? stride = null, Extent padding = default, bool countsPadding = true)
    {
        shape = Window.Pooling("AveragePool2d", kernel, stride, padding, 1);
        windows = image => (shape with { Image = image }).Output;
        CountsPadding = countsPadding;
    }

    /// <summary>The size of the window.</summary>
    public Extent Kernel => shape.Kernel;

    /// <summary>How far the window moves.</summary>
    public Extent Stride => shape.Stride;

    /// <summary>How many zeros stand on each side of the image.</summary>
    public Extent Padding => shape.Padding;

    /// <summary>Whether places in the padding count (PyTorch's <c>count_include_pad</c>).</summary>
    public bool CountsPadding { get; }

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. AveragePool2d(kernel 3, stride 2): what is as it is where nothing is said stays unsaid.</summary>
    public override string ToString() =>
        $"AveragePool2d(kernel {Kernel}{Window.Describe("stride", Stride, Kernel)}{Window.Describe("padding", Padding, 0)}{(CountsPadding ? "" : ", padding not counted")})";

    /// <summary>a[n, c, y, u] = 1/k · Σ over i, j of x[n, c, y·stride − padding + i, u·stride − padding + j].</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        if (pooling is null || shape.Image != Window.Image(InputShape))
        {
            shape = shape with { Image = Window.Image(InputShape) };
            pooling = new AveragePooling<T>(shape, CountsPadding);
        }

        pooling.Forward(input, output, [], Parallelism.Threads);
    }

    /// <summary>In the forward pass x/k was a term of a[n, c, y, u], so now x gets ∂L/∂a[n, c, y, u] / k.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            pooling!.Backward(outputGradient, inputGradient, [], Parallelism.Threads);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        Window.OutputShape(this, inputShape, null, null, windows, outputShape);
}
