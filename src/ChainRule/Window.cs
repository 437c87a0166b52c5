using System.Globalization;
using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>What layers that move a window over images share: settings, their checks and their text, and the size of the output.</summary>
internal static class Window
{
    /// <summary>A setting, checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Height or width is less.</exception>
    public static Extent AtLeast(int least, Extent setting, string layer, string name) =>
        setting.Height >= least && setting.Width >= least
            ? setting
            : throw new ArgumentOutOfRangeException(name, setting, $"{layer}: expected a {name} of at least {least}, got {setting}.");

    /// <summary>The settings of a layer that pools, checked; the size of its images is still unknown.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public static PoolingShape Pooling(string layer, Extent kernel, Extent? stride, Extent padding, Extent dilation)
    {
        AtLeast(1, kernel, layer, "kernel");
        AtLeast(1, stride ?? kernel, layer, "stride");
        AtLeast(0, padding, layer, "padding");
        AtLeast(1, dilation, layer, "dilation");
        if (padding.Height > kernel.Height / 2 || padding.Width > kernel.Width / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"{layer}: expected a padding of at most half the kernel {kernel}, got {padding}.");
        }

        return new PoolingShape(kernel, stride ?? kernel, padding, dilation, Image: default);
    }

    /// <summary>A setting for the text of a layer: nothing where it is the usual one.</summary>
    public static string Describe(string name, Extent setting, Extent usual) => setting == usual ? "" : $", {name} {setting}";

    /// <summary>How many windows fit along one dimension; 0 where the window is larger than the padded image.</summary>
    public static int Count(int size, int kernel, int stride, int padding, int dilation)
    {
        long free = size + (2L * padding) - ((long)dilation * (kernel - 1)) - 1;
        return free < 0 ? 0 : checked((int)(free / stride) + 1);
    }

    /// <summary>How many windows fit along both dimensions.</summary>
    public static Extent Count(Extent image, Extent kernel, Extent stride, Extent padding, Extent dilation) => new(
        Count(image.Height, kernel.Height, stride.Height, padding.Height, dilation.Height),
        Count(image.Width, kernel.Width, stride.Width, padding.Width, dilation.Width));

    /// <summary>Height and width of the images of a batch (batch, channels, height, width).</summary>
    public static Extent Image(ReadOnlySpan<nint> batch) => new((int)batch[2], (int)batch[3]);

    /// <summary>The shape of a layer's output.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputShape">The shape of its input.</param>
    /// <param name="inputs">How many channels it takes; null for any number.</param>
    /// <param name="outputs">How many channels it gives; null for as many as it takes.</param>
    /// <param name="windows">How many windows fit on an image.</param>
    /// <param name="outputShape">Where the shape goes.</param>
    /// <returns>Its dimensions, four.</returns>
    /// <exception cref="ArgumentException">The input is no batch of images, has another number of channels, or is too small for a window.</exception>
    public static int OutputShape<T>(Layer<T> layer, ReadOnlySpan<nint> inputShape, int? inputs, int? outputs, Func<Extent, Extent> windows, Span<nint> outputShape)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (inputShape.Length != 4 || (inputs is { } channels && inputShape[1] != channels))
        {
            string expected = inputs?.ToString(CultureInfo.InvariantCulture) ?? "channels";
            throw new ArgumentException($"{layer.Description}: expected an input of shape (batch, {expected}, height, width), got {Shape.Describe(inputShape)}.");
        }

        Extent output = windows(Image(inputShape));
        if (output.Height == 0 || output.Width == 0)
        {
            throw new ArgumentException($"{layer.Description}: no window fits on an input of shape {Shape.Describe(inputShape)}. Make the images larger, the window smaller, or the padding wider.");
        }

        outputShape[0] = inputShape[0];
        outputShape[1] = outputs ?? inputShape[1];
        outputShape[2] = output.Height;
        outputShape[3] = output.Width;
        return 4;
    }
}
