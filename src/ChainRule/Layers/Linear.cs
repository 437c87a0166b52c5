using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>A linear (fully connected) layer: z = x·W + b.</summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, …, inputs), W (inputs, outputs), b (outputs), z (batch, …, outputs). What stands between, such as the time
/// of a sequence, is part of the batch: all leading dimensions together are the rows i.
/// </para>
/// <para>
/// Forward: zᵢⱼ = Σₖ xᵢₖ Wₖⱼ + bⱼ. Backward: every zᵢⱼ depends on Wₖⱼ with the factor xᵢₖ, on bⱼ with the factor 1 and on
/// xᵢₖ with the factor Wₖⱼ. Summing over all paths to the loss gives ∂L/∂W = xᵀ·∂L/∂z, ∂L/∂b = Σᵢ ∂L/∂zᵢ (over the rows)
/// and ∂L/∂x = ∂L/∂z·Wᵀ.
/// </para>
/// <para>Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (Nature 323, 1986).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Linear<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;

    /// <summary>Makes a linear layer and draws its first weights.</summary>
    /// <param name="inputs">The number of inputs of a sample.</param>
    /// <param name="outputs">The number of outputs of a sample.</param>
    /// <param name="random">Where the first weights are drawn from: the weight row by row, then the bias.</param>
    /// <param name="weight">How the weight starts; <see cref="Initializer.HeNormal"/> where nothing is said.</param>
    /// <param name="bias">How the bias starts; <see cref="Initializer.Zeros"/> where nothing is said.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Linear(int inputs, int outputs, NumPyRandom random, Initializer? weight = null, Initializer? bias = null, bool hasBias = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Inputs = inputs;
        Outputs = outputs;
        Weight = new Parameter<T>("weight", Tensor.CreateFromShape<T>([inputs, outputs]));
        (weight ?? Initializer.HeNormal).Fill(Weight.Value, inputs, outputs, random);
        if (hasBias)
        {
            Bias = new Parameter<T>("bias", Tensor.CreateFromShape<T>([outputs]));
            (bias ?? Initializer.Zeros).Fill(Bias.Value, inputs, outputs, random);
        }

        parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>The number of inputs of a sample.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs of a sample.</summary>
    public int Outputs { get; }

    /// <summary>W, shape (inputs, outputs).</summary>
    public Parameter<T> Weight { get; }

    /// <summary>b, shape (outputs,); null for a layer without a bias.</summary>
    public Parameter<T>? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. Linear(2, 8).</summary>
    public override string ToString() => $"Linear({Inputs}, {Outputs}{(Bias is null ? ", no bias" : "")})";

    /// <summary>z = x·W + b.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        if (Bias is { } bias)
        {
            BiasRow.Broadcast(bias.Value.AsSpan(), output);
        }

        MatrixProduct.Multiply(new Matrix<T>(input, input.Length / Inputs, Inputs), new Matrix<T>(Weight.Value.AsSpan(), Inputs, Outputs), output, accumulate: Bias is not null);
    }

    /// <summary>∂L/∂W = xᵀ·∂L/∂z, ∂L/∂b = Σ over the rows of ∂L/∂z, ∂L/∂x = ∂L/∂z·Wᵀ.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int rows = Input.Length / Inputs;
        var upstream = new Matrix<T>(outputGradient, rows, Outputs);
        Span<T> weightGradient = Weight.BeginGradient(out bool accumulate);
        MatrixProduct.Multiply(new Matrix<T>(Input, rows, Inputs).Transposed, upstream, weightGradient, accumulate);
        if (Bias is not null)
        {
            Span<T> biasGradient = Bias.BeginGradient(out accumulate);
            BiasRow.SumRows(outputGradient, biasGradient, accumulate);
        }

        if (!inputGradient.IsEmpty)
        {
            MatrixProduct.Multiply(upstream, new Matrix<T>(Weight.Value.AsSpan(), Inputs, Outputs).Transposed, inputGradient, accumulate: false);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        if (inputShape.Length < 2 || inputShape[^1] != Inputs)
        {
            throw new ArgumentException($"{Description}: expected an input of shape (batch, …, {Inputs}), got {Shape.Describe(inputShape)}.");
        }

        inputShape.CopyTo(outputShape);
        outputShape[inputShape.Length - 1] = Outputs;
        return inputShape.Length;
    }
}
