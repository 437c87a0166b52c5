using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optimizers;

/// <summary>Adagrad: steps divided by the root of the sum of all squared gradients so far.</summary>
/// <remarks>
/// <para>
/// With learning rate η, its decay κ, weight decay λ and the gradient ∂L/∂θ, step t is g = ∂L/∂θ + λθ; s ← s + g², from a first
/// value of s that is 0 unless another is asked for; θ ← θ − η/(1 + (t − 1)κ) · g / (√s + ε).
/// </para>
/// <para>
/// As PyTorch's <c>torch.optim.Adagrad</c>. Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning
/// and Stochastic Optimization (JMLR 12, 2011).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Adagrad<T> : Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="learningRateDecay">κ, at least 0.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="initialAccumulator">The first value of s, at least 0.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
    public Adagrad(IEnumerable<Parameter<T>> parameters, double learningRate = 1e-2, double learningRateDecay = 0, double weightDecay = 0, double initialAccumulator = 0, double epsilon = 1e-10)
        : base(parameters, learningRate)
    {
        RequireRange(learningRateDecay, 0, double.MaxValue, "decay of the learning rate");
        RequireRange(weightDecay, 0, double.MaxValue, "weight decay");
        RequireRange(initialAccumulator, 0, double.MaxValue, "initial accumulator");
        RequireRange(epsilon, 0, double.MaxValue, "epsilon");
        LearningRateDecay = learningRateDecay;
        WeightDecay = weightDecay;
        InitialAccumulator = initialAccumulator;
        Epsilon = epsilon;
    }

    /// <summary>κ.</summary>
    public double LearningRateDecay { get; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>The first value of s.</summary>
    public double InitialAccumulator { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MemoryNames => ["sum of squares"];

    /// <inheritdoc/>
    protected override void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient)
    {
        if (memory.Steps == 1)
        {
            memory[0].Fill(T.CreateTruncating(InitialAccumulator));
        }

        var descent = new Descent(
            T.CreateTruncating(LearningRate / (1 + ((memory.Steps - 1) * LearningRateDecay))),
            T.CreateTruncating(Epsilon),
            T.CreateTruncating(WeightDecay));
        Elementwise.Update(descent, value, gradient, memory[0], [], []);
    }

    private readonly struct Descent(T stepSize, T epsilon, T weightDecay) : IUpdate<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> s, ref Vector<T> second, ref Vector<T> third)
        {
            Vector<T> g = gradient + (value * weightDecay);
            s += g * g;
            return value - (g * stepSize / (Vector.SquareRoot(s) + Vector.Create(epsilon)));
        }
    }
}
