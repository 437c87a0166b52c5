using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>Long short-term memory: a recurrent layer whose cell c keeps what its gates let it keep.</summary>
/// <remarks>
/// <para>
/// Shapes: x (batch, time, inputs); a (batch, time, hidden), the states h of all steps, or (batch, hidden), the last one. W_ih
/// (inputs, 4·hidden), W_hh (hidden, 4·hidden), b_ih and b_hh (4·hidden), with the gates in PyTorch's order i, f, g, o. For each
/// sequence zₜ (4·hidden), hₜ and cₜ (hidden); h₋₁ = c₋₁ = 0.
/// </para>
/// <para>
/// Forward, step by step: zₜ = xₜ·W_ih + b_ih + hₜ₋₁·W_hh + b_hh; i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ);
/// cₜ = f ∘ cₜ₋₁ + i ∘ g; hₜ = o ∘ tanh(cₜ).
/// </para>
/// <para>
/// Backward, from the last step to the first (backpropagation through time): ∂L/∂hₜ is the sum of what comes from above and from
/// step t + 1, and so is ∂L/∂cₜ. ∂L/∂o = ∂L/∂hₜ ∘ tanh(cₜ), ∂L/∂cₜ += ∂L/∂hₜ ∘ o ∘ (1 − tanh²(cₜ)); ∂L/∂i = ∂L/∂cₜ ∘ g,
/// ∂L/∂f = ∂L/∂cₜ ∘ cₜ₋₁, ∂L/∂g = ∂L/∂cₜ ∘ i, ∂L/∂cₜ₋₁ = ∂L/∂cₜ ∘ f; ∂L/∂zₜ by the slopes of σ and tanh;
/// ∂L/∂hₜ₋₁ = ∂L/∂zₜ·W_hhᵀ. The parameters serve every step, so their gradients are sums over time: ∂L/∂W_ih = Σₜ xₜᵀ·∂L/∂zₜ,
/// ∂L/∂W_hh = Σₜ hₜ₋₁ᵀ·∂L/∂zₜ, ∂L/∂b_ih = ∂L/∂b_hh = Σₜ ∂L/∂zₜ; and ∂L/∂xₜ = ∂L/∂zₜ·W_ihᵀ.
/// </para>
/// <para>
/// As PyTorch's <c>nn.LSTM(inputs, hidden, batch_first=True)</c>. Source: Hochreiter and Schmidhuber, Long Short-Term Memory (Neural
/// Computation 9, 1997); the forget gate is that of Gers, Schmidhuber and Cummins, Learning to Forget (Neural Computation 12, 2000).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lstm<T> : RecurrentLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // What Backward needs of Forward, time first: z and its gates (time, batch, 4 · hidden), tanh(c) (time, batch, hidden), and c and h
    // with the state before the first step (time + 1, batch, hidden).
    private T[] preactivations = [];
    private T[] gates = [];
    private T[] cellTangents = [];
    private T[] cells = [];
    private T[] states = [];

    private T[] bias = [];
    private T[] preactivationGradients = [];
    private T[] stateGradient = [];
    private T[] cellGradient = [];
    private T[] stepGradients = [];

    /// <summary>Makes the layer and draws its first weights.</summary>
    /// <param name="inputs">The width of a step.</param>
    /// <param name="hidden">The width of the state.</param>
    /// <param name="random">Where the first weights are drawn from: W_ih, W_hh, b_ih, b_hh.</param>
    /// <param name="lastOnly">Whether the output is the last state alone.</param>
    /// <param name="hasBias">Whether there are biases.</param>
    /// <param name="initializer">How all parameters start; uniform in ±1/√hidden, as in PyTorch, where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Lstm(int inputs, int hidden, NumPyRandom random, bool lastOnly = false, bool hasBias = true, Initializer? initializer = null)
        : base(4, inputs, hidden, random, lastOnly, hasBias, initializer)
    {
    }

    /// <summary>The sums before the gates, the cells with their tangents, and the states. The gates are shaken where they arise: twice may take back what once did.</summary>
    internal override IEnumerable<Memory<T>> InnerValues
    {
        get
        {
            (int values, int kept) = (Batch * Time * Hidden, Batch * (Time + 1) * Hidden);
            return [preactivations.AsMemory(0, 4 * values), cellTangents.AsMemory(0, values), cells.AsMemory(0, kept), states.AsMemory(0, kept)];
        }
    }

    private Matrix<T> InputMatrix => new(InputWeight.Value.AsSpan(), Inputs, 4 * Hidden);

    private Matrix<T> HiddenMatrix => new(HiddenWeight.Value.AsSpan(), Hidden, 4 * Hidden);

    /// <summary>zₜ = xₜ·W_ih + b_ih + hₜ₋₁·W_hh + b_hh, cₜ = f ∘ cₜ₋₁ + i ∘ g, hₜ = o ∘ tanh(cₜ), from the first step to the last.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        (int rows, int size) = (Batch * Time, Batch * Hidden);
        ReadOnlySpan<T> x = ReadSteps(input);
        Span<T> z = StepMemory.Get(ref preactivations, rows * 4 * Hidden);
        Span<T> gate = StepMemory.Get(ref gates, rows * 4 * Hidden);
        Span<T> tangent = StepMemory.Get(ref cellTangents, rows * Hidden);
        Span<T> c = StepMemory.Get(ref cells, (rows * Hidden) + size);
        Span<T> h = StepMemory.Get(ref states, (rows * Hidden) + size);
        c[..size].Clear();
        h[..size].Clear();

        // xₜ·W_ih + b_ih + b_hh, of all steps at once.
        if (InputBias is not null && HiddenBias is not null)
        {
            Span<T> sum = StepMemory.Get(ref bias, 4 * Hidden);
            TensorPrimitives.Add(InputBias.Value.AsSpan(), HiddenBias.Value.AsSpan(), sum);
            BiasRow.Broadcast(sum, z);
        }

        MatrixProduct.Multiply(new Matrix<T>(x, rows, Inputs), InputMatrix, z, accumulate: InputBias is not null);
        for (int t = 0; t < Time; t++)
        {
            // zₜ += hₜ₋₁·W_hh.
            MatrixProduct.Multiply(new Matrix<T>(h.Slice(t * size, size), Batch, Hidden), HiddenMatrix, z.Slice(t * 4 * size, 4 * size), accumulate: true);
            for (int row = t * Batch; row < (t + 1) * Batch; row++)
            {
                // i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ).
                Quarters zs = new(z, row, Hidden);
                Quarters at = new(gate, row, Hidden);
                Elementwise.Map(default(Sigmoid<T>.Activation), zs.I, at.I);
                Elementwise.Map(default(Sigmoid<T>.Activation), zs.F, at.F);
                Elementwise.Map(default(Tanh<T>.Activation), zs.G, at.G);
                Elementwise.Map(default(Sigmoid<T>.Activation), zs.O, at.O);
                Shake?.Invoke(gate.Slice(row * 4 * Hidden, 4 * Hidden));

                // cₜ = f ∘ cₜ₋₁ + i ∘ g.
                Span<T> cell = c.Slice(size + (row * Hidden), Hidden);
                TensorPrimitives.Multiply(at.I, at.G, cell);
                TensorPrimitives.MultiplyAdd(at.F, c.Slice(row * Hidden, Hidden), cell, cell);

                // hₜ = o ∘ tanh(cₜ).
                Span<T> tanh = tangent.Slice(row * Hidden, Hidden);
                Elementwise.Map(default(Tanh<T>.Activation), cell, tanh);
                TensorPrimitives.Multiply(at.O, tanh, h.Slice(size + (row * Hidden), Hidden));
            }
        }

        WriteStates(h[size..], output);
    }

    /// <summary>Backpropagation through time: ∂L/∂hₜ and ∂L/∂cₜ make ∂L/∂zₜ, ∂L/∂hₜ₋₁ and ∂L/∂cₜ₋₁, from the last step to the first.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        (int rows, int size) = (Batch * Time, Batch * Hidden);
        Span<T> dz = StepMemory.Get(ref preactivationGradients, rows * 4 * Hidden);
        Span<T> dh = StepMemory.Get(ref stateGradient, size);
        Span<T> dc = StepMemory.Get(ref cellGradient, size);
        dh.Clear();
        dc.Clear();
        for (int t = Time - 1; t >= 0; t--)
        {
            AddUpstream(outputGradient, t, dh);
            for (int row = t * Batch; row < (t + 1) * Batch; row++)
            {
                Quarters zs = new(preactivations, row, Hidden);
                Quarters at = new(gates, row, Hidden);
                Quarters to = new(dz, row, Hidden);
                Span<T> state = dh.Slice((row - (t * Batch)) * Hidden, Hidden);
                Span<T> cell = dc.Slice((row - (t * Batch)) * Hidden, Hidden);

                // Forward: hₜ = o ∘ tanh(cₜ). So ∂L/∂cₜ += ∂L/∂hₜ ∘ o ∘ (1 − tanh²(cₜ)) and ∂L/∂o = ∂L/∂hₜ ∘ tanh(cₜ).
                TensorPrimitives.Multiply(state, at.O, to.O);
                Elementwise.Map(default(Tanh<T>.Gradient), cells.AsSpan(size + (row * Hidden), Hidden), to.O, to.O);
                TensorPrimitives.Add(cell, to.O, cell);
                TensorPrimitives.Multiply(state, cellTangents.AsSpan(row * Hidden, Hidden), to.O);

                // Forward: cₜ = f ∘ cₜ₋₁ + i ∘ g. So ∂L/∂i = ∂L/∂cₜ ∘ g, ∂L/∂f = ∂L/∂cₜ ∘ cₜ₋₁, ∂L/∂g = ∂L/∂cₜ ∘ i, ∂L/∂cₜ₋₁ = ∂L/∂cₜ ∘ f.
                TensorPrimitives.Multiply(cell, at.G, to.I);
                TensorPrimitives.Multiply(cell, cells.AsSpan(row * Hidden, Hidden), to.F);
                TensorPrimitives.Multiply(cell, at.I, to.G);
                TensorPrimitives.Multiply(cell, at.F, cell);

                // Forward: i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ).
                Elementwise.Map(default(Sigmoid<T>.Gradient), zs.I, to.I, to.I);
                Elementwise.Map(default(Sigmoid<T>.Gradient), zs.F, to.F, to.F);
                Elementwise.Map(default(Tanh<T>.Gradient), zs.G, to.G, to.G);
                Elementwise.Map(default(Sigmoid<T>.Gradient), zs.O, to.O, to.O);
            }

            // Forward: zₜ = … + hₜ₋₁·W_hh. So ∂L/∂hₜ₋₁ = ∂L/∂zₜ·W_hhᵀ.
            MatrixProduct.Multiply(new Matrix<T>(dz.Slice(t * 4 * size, 4 * size), Batch, 4 * Hidden), HiddenMatrix.Transposed, dh, accumulate: false);
        }

        // Forward: zₜ = xₜ·W_ih + b_ih + hₜ₋₁·W_hh + b_hh with the same parameters at every step: their gradients are sums over all.
        var gradients = new Matrix<T>(dz, rows, 4 * Hidden);
        MatrixProduct.Multiply(new Matrix<T>(Steps, rows, Inputs).Transposed, gradients, InputWeight.BeginGradient(out bool accumulate), accumulate);
        MatrixProduct.Multiply(new Matrix<T>(states.AsSpan(0, rows * Hidden), rows, Hidden).Transposed, gradients, HiddenWeight.BeginGradient(out accumulate), accumulate);
        if (InputBias is not null && HiddenBias is not null)
        {
            BiasRow.SumRows(dz, InputBias.BeginGradient(out accumulate), accumulate);
            BiasRow.SumRows(dz, HiddenBias.BeginGradient(out accumulate), accumulate);
        }

        if (!inputGradient.IsEmpty)
        {
            Span<T> dx = StepMemory.Get(ref stepGradients, rows * Inputs);
            MatrixProduct.Multiply(gradients, InputMatrix.Transposed, dx, accumulate: false);
            WriteInputGradient(dx, inputGradient);
        }
    }

    /// <summary>The four gates of one row, side by side in memory.</summary>
    private readonly ref struct Quarters(Span<T> values, int row, int hidden)
    {
        public readonly Span<T> I = values.Slice(row * 4 * hidden, hidden);
        public readonly Span<T> F = values.Slice(((row * 4) + 1) * hidden, hidden);
        public readonly Span<T> G = values.Slice(((row * 4) + 2) * hidden, hidden);
        public readonly Span<T> O = values.Slice(((row * 4) + 3) * hidden, hidden);
    }
}
