namespace ChainRule.Kernels;

/// <summary>How a window moves over the images of a batch, each channel by itself.</summary>
/// <param name="Kernel">The window.</param>
/// <param name="Stride">How far it moves.</param>
/// <param name="Padding">Places around the image, on each side.</param>
/// <param name="Dilation">From one tap of the window to the next.</param>
/// <param name="Image">The size of the input.</param>
internal readonly record struct PoolingShape(Extent Kernel, Extent Stride, Extent Padding, Extent Dilation, Extent Image)
{
    /// <summary>The size of the output.</summary>
    public Extent Output => Window.Count(Image, Kernel, Stride, Padding, Dilation);

    /// <summary>The window's taps along one dimension that are on the image, from the first to the one after the last.</summary>
    /// <param name="start">Where the first tap is; below 0 in the padding.</param>
    /// <param name="size">The image's size along that dimension.</param>
    /// <param name="kernel">The number of taps.</param>
    /// <param name="dilation">From one to the next.</param>
    public static (int First, int End) Inside(int start, int size, int kernel, int dilation)
    {
        int first = (int)Math.Min(kernel, (Math.Max(0L, -start) + dilation - 1) / dilation);
        int end = (int)Math.Clamp(((long)size - start + dilation - 1) / dilation, first, kernel);
        return (first, end);
    }

    /// <summary>Whether every window sees a part of the image.</summary>
    public bool SeesTheImageEverywhere =>
        SeesEverywhere(Output.Height, Stride.Height, Padding.Height, Image.Height, Kernel.Height, Dilation.Height)
        && SeesEverywhere(Output.Width, Stride.Width, Padding.Width, Image.Width, Kernel.Width, Dilation.Width);

    private static bool SeesEverywhere(int windows, int stride, int padding, int size, int kernel, int dilation)
    {
        for (int i = 0; i < windows; i++)
        {
            (int first, int end) = Inside((i * stride) - padding, size, kernel, dilation);
            if (first == end)
            {
                return false;
            }
        }

        return true;
    }
}
