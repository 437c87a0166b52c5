using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>
/// What <see cref="Lstm{T}"/> and <see cref="Gru{T}"/> share: parameters, shapes, and the order of memory. They walk through time, so
/// inside them all is time first, (time, batch, …): one step of all sequences is one matrix.
/// </summary>
/// <remarks>
/// Shapes: x (batch, time, inputs); a (batch, time, hidden), or (batch, hidden) where only the last state is wanted. The weights are
/// W_ih (inputs, gates · hidden) and W_hh (hidden, gates · hidden), the biases b_ih and b_hh (gates · hidden): the gates side by side.
/// The state before the first step is 0.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class RecurrentLayer<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;
    private T[] steps = [];

    private protected RecurrentLayer(int gates, int inputs, int hidden, NumPyRandom random, bool lastOnly, bool hasBias, Initializer? initializer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hidden);
        Inputs = inputs;
        Hidden = hidden;
        LastOnly = lastOnly;
        InputWeight = new Parameter<T>("weight_ih_l0", Tensor.CreateFromShape<T>([inputs, gates * hidden]));
        HiddenWeight = new Parameter<T>("weight_hh_l0", Tensor.CreateFromShape<T>([hidden, gates * hidden]));
        parameters = [InputWeight, HiddenWeight];
        if (hasBias)
        {
            InputBias = new Parameter<T>("bias_ih_l0", Tensor.CreateFromShape<T>([gates * hidden]));
            HiddenBias = new Parameter<T>("bias_hh_l0", Tensor.CreateFromShape<T>([gates * hidden]));
            parameters = [InputWeight, HiddenWeight, InputBias, HiddenBias];
        }

        foreach (Parameter<T> parameter in parameters)
        {
            (initializer ?? Initializer.PyTorchDefault).Fill(parameter.Value, hidden, hidden, random);
        }
    }

    /// <summary>The width of a step.</summary>
    public int Inputs { get; }

    /// <summary>The width of the state.</summary>
    public int Hidden { get; }

    /// <summary>Whether the output is the state after the last step alone, instead of the states after all steps.</summary>
    public bool LastOnly { get; }

    /// <summary>W_ih, shape (inputs, gates · hidden).</summary>
    public Parameter<T> InputWeight { get; }

    /// <summary>W_hh, shape (hidden, gates · hidden).</summary>
    public Parameter<T> HiddenWeight { get; }

    /// <summary>b_ih, shape (gates · hidden,); null for a layer without biases.</summary>
    public Parameter<T>? InputBias { get; }

    /// <summary>b_hh, shape (gates · hidden,); null for a layer without biases.</summary>
    public Parameter<T>? HiddenBias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. Lstm(3, 8, last state).</summary>
    public override string ToString() => $"{Kind}({Inputs}, {Hidden}{(LastOnly ? ", last state" : "")}{(InputBias is null ? ", no bias" : "")})";

    private protected int Batch => (int)InputShape[0];

    private protected int Time => (int)InputShape[1];

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        if (inputShape.Length != 3 || inputShape[2] != Inputs)
        {
            throw new ArgumentException($"{Description}: expected an input of shape (batch, time, {Inputs}), got {Shape.Describe(inputShape)}.");
        }

        outputShape[0] = inputShape[0];
        outputShape[1] = LastOnly ? Hidden : inputShape[1];
        outputShape[2] = Hidden;
        return LastOnly ? 2 : 3;
    }

    /// <summary>x, time first; it stays for the backward pass.</summary>
    private protected ReadOnlySpan<T> ReadSteps(ReadOnlySpan<T> input)
    {
        Span<T> x = StepMemory.Get(ref steps, input.Length);
        Exchange(input, Batch, Time, Inputs, x);
        return x;
    }

    /// <summary>What <see cref="ReadSteps"/> read.</summary>
    private protected ReadOnlySpan<T> Steps => steps.AsSpan(0, Batch * Time * Inputs);

    /// <summary>Writes the states (time, batch, hidden), or the last one, as the output.</summary>
    private protected void WriteStates(ReadOnlySpan<T> states, Span<T> output)
    {
        if (LastOnly)
        {
            states[^output.Length..].CopyTo(output);
        }
        else
        {
            Exchange(states, Time, Batch, Hidden, output);
        }
    }

    /// <summary>∂L/∂hₜ += what came to it from the layer above, for all sequences.</summary>
    private protected void AddUpstream(ReadOnlySpan<T> outputGradient, int t, Span<T> stateGradient)
    {
        if (LastOnly)
        {
            if (t == Time - 1)
            {
                TensorPrimitives.Add(stateGradient, outputGradient, stateGradient);
            }

            return;
        }

        for (int i = 0; i < Batch; i++)
        {
            Span<T> row = stateGradient.Slice(i * Hidden, Hidden);
            TensorPrimitives.Add(row, outputGradient.Slice(((i * Time) + t) * Hidden, Hidden), row);
        }
    }

    /// <summary>Writes ∂L/∂x, which is time first, as the input gradient.</summary>
    private protected void WriteInputGradient(ReadOnlySpan<T> stepGradients, Span<T> inputGradient) => Exchange(stepGradients, Time, Batch, Inputs, inputGradient);

    /// <summary>(outer, inner, width) to (inner, outer, width).</summary>
    private static void Exchange(ReadOnlySpan<T> source, int outer, int inner, int width, Span<T> target)
    {
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                source.Slice(((i * inner) + j) * width, width).CopyTo(target[(((j * outer) + i) * width)..]);
            }
        }
    }
}
