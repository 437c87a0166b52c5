using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>
/// Batch normalisation: each channel gets mean 0 and variance 1 over the batch, then a scale γ and a shift β that are learnt.
/// <see cref="BatchNorm1d{T}"/> takes rows and sequences, <see cref="BatchNorm2d{T}"/> images.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: x and a (batch, channels, …); γ, β, the means μ and the variances v (channels). All sums below are over the n values
/// of a channel: over the batch and over all further dimensions.
/// </para>
/// <para>
/// Training: μ = 1/n · Σ x, v = 1/n · Σ (x − μ)², x̂ = (x − μ)/√(v + ε), a = γx̂ + β. The running statistics follow with momentum
/// m: r ← (1 − m)r + m·μ, and the same for the variance, of which they take the unbiased v·n/(n − 1). Inference: x̂ is made of
/// the running statistics instead.
/// </para>
/// <para>
/// Backward: ∂L/∂β = Σ ∂L/∂a, ∂L/∂γ = Σ ∂L/∂a·x̂. In training μ and v depend on every x of the channel, which takes two means away:
/// ∂L/∂x = γ/√(v + ε) · (∂L/∂a − 1/n · Σ ∂L/∂a − x̂ · 1/n · Σ ∂L/∂a·x̂). In inference they are constants, ∂L/∂x = γ/√(v + ε) · ∂L/∂a.
/// </para>
/// <para>
/// As PyTorch's <c>nn.BatchNorm1d</c> and <c>nn.BatchNorm2d</c>. Source: Ioffe and Szegedy, Batch Normalization: Accelerating Deep
/// Network Training by Reducing Internal Covariate Shift (ICML 2015).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class BatchNorm<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;
    private readonly RunningStatistic<T>[] statistics;
    private T[] normalized = [];
    private T[] mean = [];
    private T[] variance = [];
    private T[] scale = [];
    private T[] slope = [];
    private T[] ones = [];
    private T[] zeros = [];
    private T[] gradientMean = [];
    private T[] productMean = [];
    private bool usedBatch;

    private protected BatchNorm(int channels, double epsilon, double momentum, bool affine, bool tracksStatistics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        if (!double.IsFinite(epsilon))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"{Kind}: expected a finite epsilon above 0.");
        }

        if (!(momentum >= 0 && momentum <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"{Kind}: expected a momentum from 0 to 1.");
        }

        Channels = channels;
        Epsilon = epsilon;
        Momentum = momentum;
        if (affine)
        {
            Weight = new Parameter<T>("weight", Tensor.CreateFromShape<T>([channels]));
            Bias = new Parameter<T>("bias", Tensor.CreateFromShape<T>([channels]));
            Weight.Value.AsSpan().Fill(T.One);
        }

        if (tracksStatistics)
        {
            RunningMean = new RunningStatistic<T>("running_mean", Tensor.CreateFromShape<T>([channels]));
            RunningVariance = new RunningStatistic<T>("running_var", Tensor.CreateFromShape<T>([channels]));
            RunningVariance.Value.AsSpan().Fill(T.One);
        }

        parameters = Weight is null || Bias is null ? [] : [Weight, Bias];
        statistics = RunningMean is null || RunningVariance is null ? [] : [RunningMean, RunningVariance];
    }

    /// <summary>The number of channels.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>m: how much the running statistics take of each batch.</summary>
    public double Momentum { get; }

    /// <summary>Whether there are γ and β.</summary>
    public bool IsAffine => Weight is not null;

    /// <summary>Whether there are running statistics; without them inference uses those of the batch as training does.</summary>
    public bool TracksStatistics => RunningMean is not null;

    /// <summary>γ, shape (channels,); null where the layer has none.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β, shape (channels,); null where the layer has none.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The running mean, shape (channels,); null where none is kept.</summary>
    public RunningStatistic<T>? RunningMean { get; }

    /// <summary>The running variance, shape (channels,); null where none is kept.</summary>
    public RunningStatistic<T>? RunningVariance { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<RunningStatistic<T>> Statistics => statistics;

    /// <summary>E.g. BatchNorm1d(8).</summary>
    public sealed override string ToString() => $"{Kind}({Channels}{(IsAffine ? "" : ", not affine")}{(TracksStatistics ? "" : ", no running statistics")})";

    /// <summary>x̂ and 1/√(v + ε): where x̂ is next to ±1 the gradient is a small difference of large numbers.</summary>
    internal override IEnumerable<Memory<T>> InnerValues => [normalized, scale];

    /// <summary>Whether μ and v are those of the batch, so that samples see each other.</summary>
    internal bool UsesBatch => IsTraining || !TracksStatistics;

    /// <summary>x̂ = (x − μ)/√(v + ε), a = γx̂ + β.</summary>
    protected sealed override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        Reserve(input.Length);
        int positions = Positions(InputShape);
        int n = input.Length / Channels;
        Span<T> hat = normalized.AsSpan(0, input.Length);
        usedBatch = UsesBatch;
        if (usedBatch)
        {
            PerChannel.Sum(input, positions, mean);
            TensorPrimitives.Divide(mean, T.CreateChecked(n), mean);
            PerChannel.Map(default(Centre), input, input, mean, zeros, zeros, positions, hat);
            PerChannel.SumOfProducts<T>(hat, hat, positions, variance);
            TensorPrimitives.Divide(variance, T.CreateChecked(n), variance);
            if (RunningMean is not null && RunningVariance is not null)
            {
                Follow(RunningMean.Value.AsSpan(), mean, 1);
                Follow(RunningVariance.Value.AsSpan(), variance, n / (n - 1.0));
            }
        }
        else
        {
            PerChannel.Map(default(Centre), input, input, RunningMean!.Value.AsSpan(), zeros, zeros, positions, hat);
            RunningVariance!.Value.AsSpan().CopyTo(variance);
        }

        for (int c = 0; c < Channels; c++)
        {
            scale[c] = T.One / T.Sqrt(variance[c] + T.CreateTruncating(Epsilon));
        }

        PerChannel.Map(default(Affine), hat, hat, scale, zeros, zeros, positions, hat);
        PerChannel.Map(default(Affine), hat, hat, Gamma, Bias is null ? zeros : Bias.Value.AsSpan(), zeros, positions, output);
    }

    /// <summary>
    /// ∂L/∂β = Σ ∂L/∂a, ∂L/∂γ = Σ ∂L/∂a·x̂, ∂L/∂x = γ/√(v + ε) · (∂L/∂a − 1/n · Σ ∂L/∂a − x̂ · 1/n · Σ ∂L/∂a·x̂); in inference without
    /// the two means.
    /// </summary>
    protected sealed override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int positions = Positions(InputShape);
        ReadOnlySpan<T> hat = normalized.AsSpan(0, outputGradient.Length);
        PerChannel.Sum(outputGradient, positions, gradientMean);
        PerChannel.SumOfProducts(outputGradient, hat, positions, productMean);
        if (Weight is not null && Bias is not null)
        {
            Span<T> weightGradient = Weight.AccumulateGradient();
            TensorPrimitives.Add(weightGradient, productMean, weightGradient);
            Span<T> biasGradient = Bias.AccumulateGradient();
            TensorPrimitives.Add(biasGradient, gradientMean, biasGradient);
        }

        // The sums become the two means; constants have none.
        T share = usedBatch ? T.One / T.CreateChecked(outputGradient.Length / Channels) : T.Zero;
        TensorPrimitives.Multiply(gradientMean, share, gradientMean);
        TensorPrimitives.Multiply(productMean, share, productMean);
        TensorPrimitives.Multiply(scale, Gamma, slope);
        PerChannel.Map(default(Gradient), outputGradient, hat, slope, gradientMean, productMean, positions, inputGradient);
    }

    /// <inheritdoc/>
    protected sealed override int OutputShape(ReadOnlySpan<nint> inputShape, Span<nint> outputShape)
    {
        if (!Takes(inputShape.Length) || inputShape[1] != Channels)
        {
            throw new ArgumentException($"{Description}: expected an input of shape {ShapeTaken}, got {Shape.Describe(inputShape)}.");
        }

        return UsesBatch && inputShape[0] * Positions(inputShape) == 1
            ? throw new ArgumentException($"{Description}: in training expected more than one value for each channel, got the shape {Shape.Describe(inputShape)}: one value alone does not vary. Choose a batch size that leaves no single sample over.")
            : base.OutputShape(inputShape, outputShape);
    }

    /// <summary>Whether the layer takes inputs of so many dimensions.</summary>
    private protected abstract bool Takes(int rank);

    /// <summary>The shapes that it takes, as a message names them.</summary>
    private protected abstract string ShapeTaken { get; }

    private ReadOnlySpan<T> Gamma => Weight is null ? ones : Weight.Value.AsSpan();

    /// <summary>How many values of a channel a sample has.</summary>
    private static int Positions(ReadOnlySpan<nint> shape) => (int)Shape.Volume(shape[2..]);

    /// <summary>r ← (1 − m)r + m·factor·s.</summary>
    private void Follow(Span<T> running, ReadOnlySpan<T> batch, double factor)
    {
        T kept = T.CreateTruncating(1 - Momentum);
        T taken = T.CreateTruncating(Momentum * factor);
        for (int c = 0; c < running.Length; c++)
        {
            running[c] = (running[c] * kept) + (batch[c] * taken);
        }
    }

    private void Reserve(int length)
    {
        if (normalized.Length < length)
        {
            normalized = new T[length];
        }

        if (mean.Length == 0)
        {
            (mean, variance, scale, slope, gradientMean, productMean, zeros, ones) = (Row(), Row(), Row(), Row(), Row(), Row(), Row(), Row());
            ones.AsSpan().Fill(T.One);
        }

        T[] Row() => new T[Channels];
    }

    private readonly struct Centre : IChannelMap<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> y, Vector<T> mean, Vector<T> b, Vector<T> c) => x - mean;
    }

    private readonly struct Affine : IChannelMap<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> y, Vector<T> factor, Vector<T> shift, Vector<T> c) => (x * factor) + shift;
    }

    private readonly struct Gradient : IChannelMap<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> da, Vector<T> hat, Vector<T> slope, Vector<T> gradientMean, Vector<T> productMean) =>
            slope * (da - gradientMean - (hat * productMean));
    }
}
