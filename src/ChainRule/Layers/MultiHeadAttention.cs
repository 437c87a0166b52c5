using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Layers;

/// <summary>
/// Self-attention with several heads: every step of a sequence becomes a mean over the steps that it looks at, weighted by how well
/// its query fits their keys.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: x and a (batch, time, dimension); the input weight W (dimension, 3·dimension) and bias b (3·dimension), for queries, keys
/// and values side by side; the output weight Wₒ (dimension, dimension) and bias bₒ (dimension). Each of the h heads has
/// d = dimension / h columns of Q, K, V and O; its scores S and weights P are (time, time).
/// </para>
/// <para>
/// Forward: [Q K V] = x·W + b; for each sequence and head S = Q·Kᵀ/√d, P = softmax(S) row by row, O = P·V; then
/// a = [O₁ … Oₕ]·Wₒ + bₒ. A causal layer looks at no later step: Pᵢⱼ = 0 for j &gt; i, and the sum in the softmax ends at i.
/// </para>
/// <para>
/// Backward: ∂L/∂Wₒ = Oᵀ·∂L/∂a, ∂L/∂bₒ = Σ ∂L/∂a, ∂L/∂O = ∂L/∂a·Wₒᵀ; for each sequence and head ∂L/∂V = Pᵀ·∂L/∂O,
/// ∂L/∂P = ∂L/∂O·Vᵀ, ∂L/∂Sᵢⱼ = Pᵢⱼ(∂L/∂Pᵢⱼ − Σₖ ∂L/∂Pᵢₖ·Pᵢₖ), ∂L/∂Q = ∂L/∂S·K/√d, ∂L/∂K = ∂L/∂Sᵀ·Q/√d; then
/// ∂L/∂W = xᵀ·∂L/∂[Q K V], ∂L/∂b = Σ ∂L/∂[Q K V], ∂L/∂x = ∂L/∂[Q K V]·Wᵀ.
/// </para>
/// <para>
/// As PyTorch's <c>nn.MultiheadAttention(dimension, heads, batch_first=True)</c> called with x three times. Source: Vaswani et al.,
/// Attention Is All You Need (NIPS 2017), section 3.2.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiHeadAttention<T> : BufferedLayer<T>, IParts
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>From so many multiplications on, a second thread pays.</summary>
    private const long ParallelFrom = 1 << 20;

    private readonly Parameter<T>[] parameters;

    // What Backward needs of Forward: [Q K V] (batch · time, 3 · dimension), P (batch, heads, time, time) and [O₁ … Oₕ]
    // (batch · time, dimension).
    private T[] projections = [];
    private T[] weights = [];
    private T[] outputs = [];

    // The gradients of [Q K V] and of [O₁ … Oₕ], in the same shapes.
    private T[] projectionGradients = [];
    private T[] outputGradients = [];

    // For each thread: a matrix (time, head) on its way into its columns, and a matrix (time, time).
    private T[] headMemory = [];
    private T[] scoreMemory = [];

    // The pairs of a sequence and a head are divided into so many parts.
    private int parts;
    private bool runsBackward;

    /// <summary>Makes the layer and draws its first weights.</summary>
    /// <param name="dimension">The width of a step.</param>
    /// <param name="heads">The number of heads, by which the width can be divided.</param>
    /// <param name="random">Where the first weights are drawn from: the input weight, then the output weight.</param>
    /// <param name="isCausal">Whether no step looks at later ones.</param>
    /// <param name="hasBias">Whether there are biases. They start at 0.</param>
    /// <param name="weight">How both weights start; as in PyTorch, Glorot's uniform and uniform in ±1/√dimension, where nothing is said.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">The width cannot be divided by the number of heads.</exception>
    public MultiHeadAttention(int dimension, int heads, NumPyRandom random, bool isCausal = false, bool hasBias = true, Initializer? weight = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (dimension % heads != 0)
        {
            throw new ArgumentException($"MultiHeadAttention: expected a number of heads that divides the width of {dimension}, got {heads}.", nameof(heads));
        }

        Dimension = dimension;
        Heads = heads;
        IsCausal = isCausal;
        InputWeight = new Parameter<T>("in_proj_weight", Tensor.CreateFromShape<T>([dimension, 3 * dimension]));
        OutputWeight = new Parameter<T>("out_proj.weight", Tensor.CreateFromShape<T>([dimension, dimension]));
        (weight ?? Initializer.GlorotUniform).Fill(InputWeight.Value, dimension, 3 * dimension, random);
        (weight ?? Initializer.PyTorchDefault).Fill(OutputWeight.Value, dimension, dimension, random);
        if (hasBias)
        {
            InputBias = new Parameter<T>("in_proj_bias", Tensor.CreateFromShape<T>([3 * dimension]));
            OutputBias = new Parameter<T>("out_proj.bias", Tensor.CreateFromShape<T>([dimension]));
        }

        parameters = InputBias is null || OutputBias is null ? [InputWeight, OutputWeight] : [InputWeight, InputBias, OutputWeight, OutputBias];
    }

    /// <summary>The width of a step.</summary>
    public int Dimension { get; }

    /// <summary>The number of heads, h.</summary>
    public int Heads { get; }

    /// <summary>Whether no step looks at later ones.</summary>
    public bool IsCausal { get; }

    /// <summary>W, shape (dimension, 3·dimension): the columns of queries, then those of keys, then those of values.</summary>
    public Parameter<T> InputWeight { get; }

    /// <summary>b, shape (3·dimension,); null for a layer without biases.</summary>
    public Parameter<T>? InputBias { get; }

    /// <summary>Wₒ, shape (dimension, dimension).</summary>
    public Parameter<T> OutputWeight { get; }

    /// <summary>bₒ, shape (dimension,); null for a layer without biases.</summary>
    public Parameter<T>? OutputBias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    protected override bool CanSkipInputGradient => true;

    /// <summary>E.g. MultiHeadAttention(32, 4 heads, causal).</summary>
    public override string ToString() => $"MultiHeadAttention({Dimension}, {Heads} {(Heads == 1 ? "head" : "heads")}{(IsCausal ? ", causal" : "")}{(InputBias is null ? ", no bias" : "")})";

    /// <summary>[Q K V], P and [O₁ … Oₕ].</summary>
    internal override IEnumerable<Memory<T>> InnerValues =>
        [projections.AsMemory(0, Batch * Time * 3 * Dimension), weights.AsMemory(0, Batch * Heads * Time * Time), outputs.AsMemory(0, Batch * Time * Dimension)];

    private int Batch => (int)InputShape[0];

    private int Time => (int)InputShape[1];

    private int HeadSize => Dimension / Heads;

    private Matrix<T> InputMatrix => new(InputWeight.Value.AsSpan(), Dimension, 3 * Dimension);

    private Matrix<T> OutputMatrix => new(OutputWeight.Value.AsSpan(), Dimension, Dimension);

    /// <summary>[Q K V] = x·W + b, O = softmax(Q·Kᵀ/√d)·V for each sequence and head, a = [O₁ … Oₕ]·Wₒ + bₒ.</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        int rows = Batch * Time;

        // [Q K V] = x·W + b, of all heads at once.
        Span<T> qkv = StepMemory.Get(ref projections, rows * 3 * Dimension);
        if (InputBias is { } bias)
        {
            BiasRow.Broadcast(bias.Value.AsSpan(), qkv);
        }

        MatrixProduct.Multiply(new Matrix<T>(input, rows, Dimension), InputMatrix, qkv, accumulate: InputBias is not null);

        Span<T> o = StepMemory.Get(ref outputs, rows * Dimension);
        StepMemory.Get(ref weights, Batch * Heads * Time * Time);
        RunHeads(backward: false);

        // a = [O₁ … Oₕ]·Wₒ + bₒ.
        if (OutputBias is not null)
        {
            BiasRow.Broadcast(OutputBias.Value.AsSpan(), output);
        }

        MatrixProduct.Multiply(new Matrix<T>(o, rows, Dimension), OutputMatrix, output, accumulate: OutputBias is not null);
    }

    /// <summary>The same way back: ∂L/∂Wₒ, ∂L/∂bₒ and ∂L/∂O; ∂L/∂Q, ∂L/∂K and ∂L/∂V for each sequence and head; ∂L/∂W, ∂L/∂b and ∂L/∂x.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int rows = Batch * Time;

        // Forward: a = O·Wₒ + bₒ. So ∂L/∂Wₒ = Oᵀ·∂L/∂a, ∂L/∂bₒ = Σ over the rows of ∂L/∂a, ∂L/∂O = ∂L/∂a·Wₒᵀ.
        var upstream = new Matrix<T>(outputGradient, rows, Dimension);
        MatrixProduct.Multiply(new Matrix<T>(outputs.AsSpan(0, rows * Dimension), rows, Dimension).Transposed, upstream, OutputWeight.BeginGradient(out bool accumulate), accumulate);
        if (OutputBias is not null)
        {
            BiasRow.SumRows(outputGradient, OutputBias.BeginGradient(out accumulate), accumulate);
        }

        MatrixProduct.Multiply(upstream, OutputMatrix.Transposed, StepMemory.Get(ref outputGradients, rows * Dimension), accumulate: false);

        Span<T> qkvGradient = StepMemory.Get(ref projectionGradients, rows * 3 * Dimension);
        RunHeads(backward: true);

        // Forward: [Q K V] = x·W + b. So ∂L/∂W = xᵀ·∂L/∂[Q K V], ∂L/∂b = Σ over the rows of it, ∂L/∂x = ∂L/∂[Q K V]·Wᵀ.
        var projectionGradient = new Matrix<T>(qkvGradient, rows, 3 * Dimension);
        MatrixProduct.Multiply(new Matrix<T>(Input, rows, Dimension).Transposed, projectionGradient, InputWeight.BeginGradient(out accumulate), accumulate);
        if (InputBias is not null)
        {
            BiasRow.SumRows(qkvGradient, InputBias.BeginGradient(out accumulate), accumulate);
        }

        if (!inputGradient.IsEmpty)
        {
            MatrixProduct.Multiply(projectionGradient, InputMatrix.Transposed, inputGradient, accumulate: false);
        }
    }

    /// <inheritdoc/>
    protected override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape) =>
        inputShape.Length == 3 && inputShape[2] == Dimension
            ? base.OutputShape(inputShape, outputShape)
            : throw new ArgumentException($"{Description}: expected an input of shape (batch, time, {Dimension}), got {Shape.Describe(inputShape)}.");

    /// <summary>One head of one sequence: S = Q·Kᵀ/√d, P = softmax(S), O = P·V.</summary>
    private void HeadForward(int sequence, int head, Span<T> o, Span<T> scores)
    {
        Matrix<T> q = Queries(sequence, head);
        Matrix<T> k = Keys(sequence, head);
        Matrix<T> v = Values(sequence, head);
        Span<T> p = Weights(sequence, head);
        MatrixProduct.Multiply(q, k.Transposed, p, accumulate: false, threads: 1);
        for (int i = 0; i < Time; i++)
        {
            Span<T> row = p.Slice(i * Time, Time);
            Span<T> seen = row[..Seen(i)];
            TensorPrimitives.Multiply(seen, Scale, seen);
            RowSoftmax.Shift(seen, seen.Length, seen);
            Elementwise.Map(default(RowSoftmax.Exponential<T>), seen, seen);
            RowSoftmax.Normalize(seen);
            row[seen.Length..].Clear();
        }

        MatrixProduct.Multiply(new Matrix<T>(p, Time, Time), v, o, accumulate: false, threads: 1);
        CopyToColumns(o, outputs, sequence, head * HeadSize, Dimension);
    }

    /// <summary>The same way back: ∂L/∂V, ∂L/∂P, ∂L/∂S, ∂L/∂Q and ∂L/∂K.</summary>
    private void HeadBackward(int sequence, int head, Span<T> gradient, Span<T> scoreGradient)
    {
        Matrix<T> q = Queries(sequence, head);
        Matrix<T> k = Keys(sequence, head);
        Matrix<T> v = Values(sequence, head);
        ReadOnlySpan<T> p = Weights(sequence, head);
        Matrix<T> upstream = Columns(outputGradients, sequence, head * HeadSize, Dimension);

        // Forward: O = P·V. So ∂L/∂V = Pᵀ·∂L/∂O and ∂L/∂P = ∂L/∂O·Vᵀ.
        MatrixProduct.Multiply(new Matrix<T>(p, Time, Time).Transposed, upstream, gradient, accumulate: false, threads: 1);
        CopyToColumns(gradient, projectionGradients, sequence, (2 * Dimension) + (head * HeadSize), 3 * Dimension);
        MatrixProduct.Multiply(upstream, v.Transposed, scoreGradient, accumulate: false, threads: 1);

        // Forward: P = softmax(S). So ∂L/∂Sᵢⱼ = Pᵢⱼ(∂L/∂Pᵢⱼ − Σₖ ∂L/∂Pᵢₖ·Pᵢₖ), and 0 where i does not look at j. The factor 1/√d,
        // which ∂L/∂Q and ∂L/∂K have in common, comes in here.
        for (int i = 0; i < Time; i++)
        {
            ReadOnlySpan<T> weight = p.Slice(i * Time, Seen(i));
            Span<T> row = scoreGradient.Slice(i * Time, Time);
            Span<T> seen = row[..weight.Length];
            T crossTerms = TensorPrimitives.Dot(seen, weight);
            TensorPrimitives.Subtract(seen, crossTerms, seen);
            TensorPrimitives.Multiply(seen, weight, seen);
            TensorPrimitives.Multiply(seen, Scale, seen);
            row[seen.Length..].Clear();
        }

        // Forward: S = Q·Kᵀ/√d. So ∂L/∂Q = ∂L/∂S·K/√d and ∂L/∂K = ∂L/∂Sᵀ·Q/√d.
        var scores = new Matrix<T>(scoreGradient, Time, Time);
        MatrixProduct.Multiply(scores, k, gradient, accumulate: false, threads: 1);
        CopyToColumns(gradient, projectionGradients, sequence, head * HeadSize, 3 * Dimension);
        MatrixProduct.Multiply(scores.Transposed, q, gradient, accumulate: false, threads: 1);
        CopyToColumns(gradient, projectionGradients, sequence, Dimension + (head * HeadSize), 3 * Dimension);
    }

    /// <summary>All heads of all sequences, divided among threads. Each pair is one thread's: the bits are the same for any number of them.</summary>
    private void RunHeads(bool backward)
    {
        long multiplications = (long)Batch * Time * Time * Dimension;
        parts = multiplications < ParallelFrom ? 1 : Math.Min(Parallelism.Threads, Batch * Heads);
        runsBackward = backward;
        StepMemory.Get(ref headMemory, parts * Time * HeadSize);
        StepMemory.Get(ref scoreMemory, parts * Time * Time);
        Workers.Run(this, parts);
    }

    /// <inheritdoc/>
    void IParts.Run(int part)
    {
        long pairs = (long)Batch * Heads;
        int end = (int)(pairs * (part + 1) / parts);
        Span<T> head = headMemory.AsSpan(part * Time * HeadSize, Time * HeadSize);
        Span<T> scores = scoreMemory.AsSpan(part * Time * Time, Time * Time);
        for (int pair = (int)(pairs * part / parts); pair < end; pair++)
        {
            if (runsBackward)
            {
                HeadBackward(pair / Heads, pair % Heads, head, scores);
            }
            else
            {
                HeadForward(pair / Heads, pair % Heads, head, scores);
            }
        }
    }

    /// <summary>1/√d.</summary>
    private T Scale => T.One / T.Sqrt(T.CreateChecked(HeadSize));

    /// <summary>How many steps step i looks at: the first ones.</summary>
    private int Seen(int i) => IsCausal ? i + 1 : Time;

    /// <summary>Q of one head of one sequence, (time, d).</summary>
    private Matrix<T> Queries(int sequence, int head) => Columns(projections, sequence, head * HeadSize, 3 * Dimension);

    /// <summary>K of one head of one sequence, (time, d).</summary>
    private Matrix<T> Keys(int sequence, int head) => Columns(projections, sequence, Dimension + (head * HeadSize), 3 * Dimension);

    /// <summary>V of one head of one sequence, (time, d).</summary>
    private Matrix<T> Values(int sequence, int head) => Columns(projections, sequence, (2 * Dimension) + (head * HeadSize), 3 * Dimension);

    /// <summary>P of one head of one sequence, (time, time).</summary>
    private Span<T> Weights(int sequence, int head) => weights.AsSpan(((sequence * Heads) + head) * Time * Time, Time * Time);

    /// <summary>A head's columns in the rows of one sequence: nothing is copied.</summary>
    private Matrix<T> Columns(T[] values, int sequence, int column, int width) =>
        new Matrix<T>(values.AsSpan(sequence * Time * width, Time * width), Time, width).ColumnRange(column, HeadSize);

    /// <summary>Writes a matrix (time, d) into its columns.</summary>
    private void CopyToColumns(ReadOnlySpan<T> matrix, T[] values, int sequence, int column, int width)
    {
        Span<T> target = values.AsSpan(sequence * Time * width, Time * width);
        for (int i = 0; i < Time; i++)
        {
            matrix.Slice(i * HeadSize, HeadSize).CopyTo(target[((i * width) + column)..]);
        }
    }
}
