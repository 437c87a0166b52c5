using System.Numerics;

namespace ChainRule.Kernels;

/// <summary>
/// The convolution of images of one size, forward and backward. It is computed straight from the images, without a matrix of all
/// windows: see <see cref="ConvolutionFrame"/>. What it needs for a size is laid out once.
/// </summary>
internal sealed class Convolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ConvolutionShape shape;
    private readonly ConvolutionFrame frame;
    private readonly ConvolutionPasses<T> forward;
    private readonly ConvolutionGradients<T> gradients;
    private ConvolutionPasses<T>? backward;

    /// <summary>Lays out the work for a shape.</summary>
    public Convolution(ConvolutionShape shape)
    {
        this.shape = shape;
        frame = new ConvolutionFrame(shape);
        forward = ConvolutionPasses<T>.Forward(shape, frame);
        gradients = ConvolutionGradients<T>.For(shape, frame);
    }

    /// <summary>z = the convolution of x with W, plus b.</summary>
    public void Forward(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> z, int threads)
    {
        int samples = Samples(x, z, weight);
        forward.Run(weight, bias, x, z, samples, threads);
    }

    /// <summary>∂L/∂x from ∂L/∂z.</summary>
    public void BackwardByInput(ReadOnlySpan<T> weight, ReadOnlySpan<T> outputGradient, Span<T> inputGradient, int threads)
    {
        int samples = Samples(inputGradient, outputGradient, weight);
        backward ??= ConvolutionPasses<T>.Backward(shape, frame);
        backward.Run(weight, [], outputGradient, inputGradient, samples, threads);
    }

    /// <summary>∂L/∂W and ∂L/∂b from ∂L/∂z.</summary>
    public void BackwardByParameters(ReadOnlySpan<T> x, ReadOnlySpan<T> outputGradient, Span<T> weightGradient, Span<T> biasGradient, bool accumulate, int threads)
    {
        int samples = Samples(x, outputGradient, weightGradient);
        gradients.Run(x, outputGradient, weightGradient, biasGradient, accumulate, samples, threads);
    }

    /// <summary>The bounds of all kernels, checked once.</summary>
    private int Samples(ReadOnlySpan<T> input, ReadOnlySpan<T> output, ReadOnlySpan<T> weight)
    {
        long inputLength = (long)shape.Inputs * shape.Image.Height * shape.Image.Width;
        long outputLength = (long)shape.Outputs * shape.Output.Height * shape.Output.Width;
        int samples = (int)(input.Length / inputLength);
        if (input.Length != samples * inputLength || output.Length != samples * outputLength || weight.Length != (long)shape.Outputs * shape.Depth)
        {
            throw new ArgumentException($"Cannot convolve {input.Length} numbers into {output.Length} with {weight.Length} weights.", nameof(input));
        }

        return samples;
    }
}
