using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>Gated recurrent unit: a recurrent layer whose state moves from the old one towards a new one as far as a gate says.</summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, time, inputs); a (batch, time, hidden), the states h of all steps, or (batch, hidden), the last one. W_ih
/// (inputs, 3·hidden), W_hh (hidden, 3·hidden), b_ih and b_hh (3·hidden), with the gates in PyTorch's order r, z, n. For each
/// sequence uₜ and vₜ (3·hidden) and hₜ (hidden); h₋₁ = 0.
/// </para>
/// <para>
/// Forward, step by step: uₜ = xₜ·W_ih + b_ih and vₜ = hₜ₋₁·W_hh + b_hh; r = σ(uᵣ + vᵣ), z = σ(u_z + v_z),
/// n = tanh(uₙ + r ∘ vₙ); hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁. As in PyTorch the reset gate r takes hold after the product and its bias.
/// </para>
/// <para>
/// Backward, from the last step to the first (backpropagation through time): ∂L/∂hₜ is the sum of what comes from above and from
/// step t + 1. ∂L/∂z = ∂L/∂hₜ ∘ (hₜ₋₁ − n), ∂L/∂n = ∂L/∂hₜ ∘ (1 − z); ∂L/∂uₙ = ∂L/∂n ∘ (1 − n²), ∂L/∂vₙ = ∂L/∂uₙ ∘ r,
/// ∂L/∂r = ∂L/∂uₙ ∘ vₙ; ∂L/∂uᵣ = ∂L/∂vᵣ and ∂L/∂u_z = ∂L/∂v_z by the slope of σ;
/// ∂L/∂hₜ₋₁ = ∂L/∂hₜ ∘ z + ∂L/∂vₜ·W_hhᵀ. The parameters serve every step, so their gradients are sums over time:
/// ∂L/∂W_ih = Σₜ xₜᵀ·∂L/∂uₜ, ∂L/∂W_hh = Σₜ hₜ₋₁ᵀ·∂L/∂vₜ, ∂L/∂b_ih = Σₜ ∂L/∂uₜ, ∂L/∂b_hh = Σₜ ∂L/∂vₜ; and
/// ∂L/∂xₜ = ∂L/∂uₜ·W_ihᵀ.
/// </para>
/// <para>
/// As PyTorch's <c>nn.GRU(inputs, hidden, batch_first=True)</c>. Source: Cho et al., Learning Phrase Representations using RNN
/// Encoder-Decoder for Statistical Machine Translation (EMNLP 2014), where r takes hold before the product.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Gru<T> : RecurrentLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // What Backward needs of Forward, time first: what σ and tanh are taken of, the gates, and v (time, batch, 3 · hidden), and h with the
    // state before the first step (time + 1, batch, hidden).
    private T[] preactivations = [];
    private T[] gates = [];
    private T[] recurrent = [];
    private T[] states = [];

    private T[] inputGateGradients = [];
    private T[] recurrentGradients = [];
    private T[] stateGradient = [];
    private T[] stepGradients = [];

    /// <summary>Makes the layer and draws its first weights.</summary>
    /// <param name="inputs">The width of a step.</param>
    /// <param name="hidden">The width of the state.</param>
    /// <param name="random">Where the first weights are drawn from: W_ih, W_hh, b_ih, b_hh.</param>
    /// <param name="lastOnly">Whether the output is the last state alone.</param>
    /// <param name="hasBias">Whether there are biases.</param>
    /// <param name="initializer">How all parameters start; uniform in ±1/√hidden, as in PyTorch, where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Gru(int inputs, int hidden, NumPyRandom random, bool lastOnly = false, bool hasBias = true, Initializer? initializer = null)
        : base(3, inputs, hidden, random, lastOnly, hasBias, initializer)
    {
    }

    /// <summary>The sums before the gates and the states. The gates are shaken where they arise: twice may take back what once did.</summary>
    internal override IEnumerable<Memory<T>> InnerValues
    {
        get
        {
            int values = Batch * Time * 3 * Hidden;
            return [preactivations.AsMemory(0, values), recurrent.AsMemory(0, values), states.AsMemory(0, Batch * (Time + 1) * Hidden)];
        }
    }

    private Matrix<T> InputMatrix => new(InputWeight.Value.AsSpan(), Inputs, 3 * Hidden);

    private Matrix<T> HiddenMatrix => new(HiddenWeight.Value.AsSpan(), Hidden, 3 * Hidden);

    /// <summary>r = σ(uᵣ + vᵣ), z = σ(u_z + v_z), n = tanh(uₙ + r ∘ vₙ), hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁, from the first step to the last.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        (int rows, int size) = (Batch * Time, Batch * Hidden);
        ReadOnlySpan<T> x = ReadSteps(input);
        Span<T> u = StepMemory.Get(ref preactivations, rows * 3 * Hidden);
        Span<T> v = StepMemory.Get(ref recurrent, rows * 3 * Hidden);
        Span<T> gate = StepMemory.Get(ref gates, rows * 3 * Hidden);
        Span<T> h = StepMemory.Get(ref states, (rows * Hidden) + size);
        h[..size].Clear();

        // uₜ = xₜ·W_ih + b_ih, of all steps at once.
        if (InputBias is not null && HiddenBias is not null)
        {
            BiasRow.Broadcast(InputBias.Value.AsSpan(), u);
            BiasRow.Broadcast(HiddenBias.Value.AsSpan(), v);
        }

        MatrixProduct.Multiply(new Matrix<T>(x, rows, Inputs), InputMatrix, u, accumulate: InputBias is not null);
        for (int t = 0; t < Time; t++)
        {
            // vₜ = hₜ₋₁·W_hh + b_hh.
            MatrixProduct.Multiply(new Matrix<T>(h.Slice(t * size, size), Batch, Hidden), HiddenMatrix, v.Slice(t * 3 * size, 3 * size), accumulate: HiddenBias is not null);
            for (int row = t * Batch; row < (t + 1) * Batch; row++)
            {
                Thirds us = new(u, row, Hidden);
                Thirds vs = new(v, row, Hidden);
                Thirds at = new(gate, row, Hidden);

                // r = σ(uᵣ + vᵣ), z = σ(u_z + v_z). From here on us holds the sums.
                TensorPrimitives.Add(us.R, vs.R, us.R);
                TensorPrimitives.Add(us.Z, vs.Z, us.Z);
                Elementwise.Map(default(Sigmoid<T>.Activation), us.R, at.R);
                Elementwise.Map(default(Sigmoid<T>.Activation), us.Z, at.Z);

                Shake?.Invoke(at.R);
                Shake?.Invoke(at.Z); // next to 1 it has lost the digits that 1 − z is made of

                // n = tanh(uₙ + r ∘ vₙ).
                TensorPrimitives.MultiplyAdd(at.R, vs.N, us.N, us.N);
                Elementwise.Map(default(Tanh<T>.Activation), us.N, at.N);
                Shake?.Invoke(at.N);

                // hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁.
                Span<T> state = h.Slice(size + (row * Hidden), Hidden);
                TensorPrimitives.Subtract(T.One, at.Z, state);
                TensorPrimitives.Multiply(state, at.N, state);
                TensorPrimitives.MultiplyAdd(at.Z, h.Slice(row * Hidden, Hidden), state, state);
            }
        }

        WriteStates(h[size..], output);
    }

    /// <summary>Backpropagation through time: ∂L/∂hₜ makes ∂L/∂uₜ, ∂L/∂vₜ and ∂L/∂hₜ₋₁, from the last step to the first.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        (int rows, int size) = (Batch * Time, Batch * Hidden);
        Span<T> du = StepMemory.Get(ref inputGateGradients, rows * 3 * Hidden);
        Span<T> dv = StepMemory.Get(ref recurrentGradients, rows * 3 * Hidden);
        Span<T> dh = StepMemory.Get(ref stateGradient, size);
        dh.Clear();
        for (int t = Time - 1; t >= 0; t--)
        {
            AddUpstream(outputGradient, t, dh);
            for (int row = t * Batch; row < (t + 1) * Batch; row++)
            {
                Thirds us = new(preactivations, row, Hidden);
                Thirds vs = new(recurrent, row, Hidden);
                Thirds at = new(gates, row, Hidden);
                Thirds toU = new(du, row, Hidden);
                Thirds toV = new(dv, row, Hidden);
                Span<T> state = dh.Slice((row - (t * Batch)) * Hidden, Hidden);

                // Forward: hₜ = (1 − z) ∘ n + z ∘ hₜ₋₁. So ∂L/∂z = ∂L/∂hₜ ∘ (hₜ₋₁ − n), ∂L/∂n = ∂L/∂hₜ ∘ (1 − z), ∂L/∂hₜ₋₁ = ∂L/∂hₜ ∘ z.
                TensorPrimitives.Subtract(states.AsSpan(row * Hidden, Hidden), at.N, toU.Z);
                TensorPrimitives.Multiply(state, toU.Z, toU.Z);
                TensorPrimitives.Subtract(T.One, at.Z, toU.N);
                TensorPrimitives.Multiply(state, toU.N, toU.N);
                TensorPrimitives.Multiply(state, at.Z, state);

                // Forward: n = tanh(uₙ + r ∘ vₙ), of which us.N is the sum. So ∂L/∂vₙ = ∂L/∂uₙ ∘ r and ∂L/∂r = ∂L/∂uₙ ∘ vₙ.
                Elementwise.Map(default(Tanh<T>.Gradient), us.N, toU.N, toU.N);
                TensorPrimitives.Multiply(toU.N, at.R, toV.N);
                TensorPrimitives.Multiply(toU.N, vs.N, toU.R);

                // Forward: r = σ(uᵣ + vᵣ), z = σ(u_z + v_z), of which us.R and us.Z are the sums. So u and v get the same.
                Elementwise.Map(default(Sigmoid<T>.Gradient), us.R, toU.R, toU.R);
                Elementwise.Map(default(Sigmoid<T>.Gradient), us.Z, toU.Z, toU.Z);
                toU.R.CopyTo(toV.R);
                toU.Z.CopyTo(toV.Z);
            }

            // Forward: vₜ = hₜ₋₁·W_hh + b_hh. So ∂L/∂hₜ₋₁ += ∂L/∂vₜ·W_hhᵀ.
            MatrixProduct.Multiply(new Matrix<T>(dv.Slice(t * 3 * size, 3 * size), Batch, 3 * Hidden), HiddenMatrix.Transposed, dh, accumulate: true);
        }

        // Forward: uₜ = xₜ·W_ih + b_ih and vₜ = hₜ₋₁·W_hh + b_hh with the same parameters at every step: their gradients are sums over all.
        var inputGates = new Matrix<T>(du, rows, 3 * Hidden);
        MatrixProduct.Multiply(new Matrix<T>(Steps, rows, Inputs).Transposed, inputGates, InputWeight.BeginGradient(out bool accumulate), accumulate);
        MatrixProduct.Multiply(new Matrix<T>(states.AsSpan(0, rows * Hidden), rows, Hidden).Transposed, new Matrix<T>(dv, rows, 3 * Hidden), HiddenWeight.BeginGradient(out accumulate), accumulate);
        if (InputBias is not null && HiddenBias is not null)
        {
            BiasRow.SumRows(du, InputBias.BeginGradient(out accumulate), accumulate);
            BiasRow.SumRows(dv, HiddenBias.BeginGradient(out accumulate), accumulate);
        }

        if (!inputGradient.IsEmpty)
        {
            Span<T> dx = StepMemory.Get(ref stepGradients, rows * Inputs);
            MatrixProduct.Multiply(inputGates, InputMatrix.Transposed, dx, accumulate: false);
            WriteInputGradient(dx, inputGradient);
        }
    }

    /// <summary>The three gates of one row, side by side in memory.</summary>
    private readonly ref struct Thirds(Span<T> values, int row, int hidden)
    {
        public readonly Span<T> R = values.Slice(row * 3 * hidden, hidden);
        public readonly Span<T> Z = values.Slice(((row * 3) + 1) * hidden, hidden);
        public readonly Span<T> N = values.Slice(((row * 3) + 2) * hidden, hidden);
    }
}
