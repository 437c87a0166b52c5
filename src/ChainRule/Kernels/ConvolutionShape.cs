namespace ChainRule.Kernels;

/// <summary>The settings of a convolution, with the size of its images.</summary>
/// <param name="Inputs">Channels of the input.</param>
/// <param name="Outputs">Channels of the output.</param>
/// <param name="Groups">Into how many groups the channels are divided.</param>
/// <param name="Kernel">The window.</param>
/// <param name="Stride">How far it moves.</param>
/// <param name="Padding">Zeros on each side of the input.</param>
/// <param name="Dilation">From one tap of the window to the next.</param>
/// <param name="Image">The size of the input.</param>
internal readonly record struct ConvolutionShape(int Inputs, int Outputs, int Groups, Extent Kernel, Extent Stride, Extent Padding, Extent Dilation, Extent Image)
{
    /// <summary>The size of the output.</summary>
    public Extent Output => Window.Count(Image, Kernel, Stride, Padding, Dilation);

    /// <summary>Input channels of a group.</summary>
    public int GroupInputs => Inputs / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Places of the window.</summary>
    public int Taps => Kernel.Height * Kernel.Width;

    /// <summary>Weights of one output channel.</summary>
    public int Depth => GroupInputs * Taps;
}
