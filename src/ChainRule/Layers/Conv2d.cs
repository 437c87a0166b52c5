using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>
/// A convolution of images: each output is a weighted sum of what a small window shows of all input channels, with the same
/// weights wherever the window stands.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, inputs, height, width), W (outputs, inputs / groups, kernel height, kernel width), b (outputs),
/// z (batch, outputs, ⌊(height + 2·padding − dilation·(kernel height − 1) − 1) / stride⌋ + 1, the same of the width).
/// With groups, each output channel sees the input channels of its group alone.
/// </para>
/// <para>
/// Forward: z[n, o, y, u] = b[o] + Σ over c, i, j of W[o, c, i, j] · x[n, c, y·stride − padding + i·dilation,
/// u·stride − padding + j·dilation], where x is zero outside of the image. (Mathematicians call it a cross-correlation.)
/// Backward: the same product is a term of z, so W[o, c, i, j] gets ∂L/∂z[n, o, y, u] times that x, summed over all n, y and u;
/// that x gets ∂L/∂z[n, o, y, u] · W[o, c, i, j], summed over all o, i and j through which it came in;
/// ∂L/∂b[o] = Σ over n, y, u of ∂L/∂z[n, o, y, u].
/// </para>
/// <para>
/// Source: LeCun et al., Backpropagation Applied to Handwritten Zip Code Recognition (Neural Computation 1, 1989). The layout of
/// x and W is PyTorch's.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Conv2d<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;
    private readonly Func<Extent, Extent> windows;
    private ConvolutionShape shape;
    private Convolution<T>? convolution;

    /// <summary>Makes a convolution and draws its first weights.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output.</param>
    /// <param name="kernel">The size of the window.</param>
    /// <param name="random">Where the first weights are drawn from: the weight row by row, then the bias.</param>
    /// <param name="stride">How far the window moves; 1 where nothing is said.</param>
    /// <param name="padding">How many zeros stand on each side of the image.</param>
    /// <param name="dilation">How far apart the window's places are; 1 where nothing is said.</param>
    /// <param name="groups">Into how many groups the channels are divided; both numbers of channels are multiples of it.</param>
    /// <param name="weight">How the weight starts; <see cref="Initializer.HeNormal"/> where nothing is said.</param>
    /// <param name="bias">How the bias starts; <see cref="Initializer.Zeros"/> where nothing is said.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range, or the groups do not divide the channels.</exception>
    public Conv2d(int inputs, int outputs, Extent kernel, NumPyRandom random, Extent? stride = null, Extent padding = default, Extent? dilation = null, int groups = 1, Initializer? weight = null, Initializer? bias = null, bool hasBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (inputs % groups != 0 || outputs % groups != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(groups), groups, $"Conv2d: cannot divide {inputs} inputs and {outputs} outputs into {groups} groups: expected a number that divides both.");
        }

        shape = new ConvolutionShape(
            inputs,
            outputs,
            groups,
            Window.AtLeast(1, kernel, "Conv2d", "kernel"),
            Window.AtLeast(1, stride ?? 1, "Conv2d", "stride"),
            Window.AtLeast(0, padding, "Conv2d", "padding"),
            Window.AtLeast(1, dilation ?? 1, "Conv2d", "dilation"),
            Image: default);
        windows = image => (shape with { Image = image }).Output;
        Weight = new Parameter<T>("weight", Tensor.CreateFromShape<T>([outputs, shape.GroupInputs, kernel.Height, kernel.Width]));
        (weight ?? Initializer.HeNormal).Fill(Weight.Value, shape.Depth, outputs * shape.Taps, random);
        if (hasBias)
        {
            Bias = new Parameter<T>("bias", Tensor.CreateFromShape<T>([outputs]));
            (bias ?? Initializer.Zeros).Fill(Bias.Value, shape.Depth, outputs * shape.Taps, random);
        }

        parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>Channels of the input.</summary>
    public int Inputs => shape.Inputs;

    /// <summary>Channels of the output.</summary>
    public int Outputs => shape.Outputs;

    /// <summary>The size of the window.</summary>
    public Extent Kernel => shape.Kernel;

    /// <summary>How far the window moves.</summary>
    public Extent Stride => shape.Stride;

    /// <summary>How many zeros stand on each side of the image.</summary>
    public Extent Padding => shape.Padding;

    /// <summary>How far apart the window's places are.</summary>
    public Extent Dilation => shape.Dilation;

    /// <summary>Into how many groups the channels are divided.</summary>
    public int Groups => shape.Groups;

    /// <summary>W, shape (outputs, inputs / groups, kernel height, kernel width).</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b, shape (outputs,); null for a layer without a bias.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. Conv2d(1, 32, kernel 3, padding 1): what is as it is where nothing is said stays unsaid.</summary>
    public override string ToString() =>
        $"Conv2d({Inputs}, {Outputs}, kernel {Kernel}{Window.Describe("stride", Stride, 1)}{Window.Describe("padding", Padding, 0)}{Window.Describe("dilation", Dilation, 1)}{(Groups == 1 ? "" : $", groups {Groups}")}{(Bias is null ? ", no bias" : "")})";

    /// <summary>z[n, o, y, u] = b[o] + Σ over c, i, j of W[o, c, i, j] · x[n, c, y·stride − padding + i·dilation, u·stride − padding + j·dilation].</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        if (convolution is null || shape.Image != Window.Image(InputShape))
        {
            shape = shape with { Image = Window.Image(InputShape) };
            convolution = new Convolution<T>(shape);
        }

        convolution.Forward(input, Weight.Value.AsSpan(), Bias is null ? [] : Bias.Value.AsSpan(), output, Parallelism.Threads);
    }

    /// <summary>
    /// In the forward pass W[o, c, i, j] · x[n, c, …] was a term of z[n, o, y, u], so now each of the two gets ∂L/∂z[n, o, y, u]
    /// times the other, and b[o] gets ∂L/∂z[n, o, y, u].
    /// </summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Span<T> biasGradient = Bias is null ? [] : Bias.BeginGradient(out _);
        Span<T> weightGradient = Weight.BeginGradient(out bool accumulate);
        convolution!.BackwardByParameters(Input, outputGradient, weightGradient, biasGradient, accumulate, Parallelism.Threads);
        if (!inputGradient.IsEmpty)
        {
            convolution.BackwardByInput(Weight.Value.AsSpan(), outputGradient, inputGradient, Parallelism.Threads);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        Window.OutputShape(this, inputShape, Inputs, Outputs, windows, outputShape);
}
