using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optimizers;

/// <summary>RMSProp: steps divided by the root of a running mean of the squared gradient.</summary>
/// <remarks>
/// <para>
/// With learning rate η, smoothing α, momentum μ, weight decay λ and the gradient ∂L/∂θ, one step is g = ∂L/∂θ + λθ;
/// v ← αv + (1 − α)g²; d = g / (√v + ε); then θ ← θ − ηd, or with momentum b ← μb + d; θ ← θ − ηb. Centred, m ← αm + (1 − α)g and
/// v − m², the variance of the gradient, stands in the place of v in d; where rounding makes it negative it is 0.
/// </para>
/// <para>
/// As PyTorch's <c>torch.optim.RMSprop</c>. Sources: Tieleman and Hinton, Lecture 6.5: RMSProp (Coursera, Neural Networks for
/// Machine Learning, 2012); centred: Graves, Generating Sequences With Recurrent Neural Networks (2013), equations 38 to 45.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsProp<T> : Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="alpha">α, from 0 up to but not including 1.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="momentum">μ, at least 0.</param>
    /// <param name="centered">Whether to divide by the deviation of the gradient instead of its root mean square.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
    public RmsProp(IEnumerable<Parameter<T>> parameters, double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8, double weightDecay = 0, double momentum = 0, bool centered = false)
        : base(parameters, learningRate)
    {
        RequireRange(alpha, 0, Math.BitDecrement(1.0), "alpha");
        RequireRange(epsilon, 0, double.MaxValue, "epsilon");
        RequireRange(weightDecay, 0, double.MaxValue, "weight decay");
        RequireRange(momentum, 0, double.MaxValue, "momentum");
        Alpha = alpha;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
        Momentum = momentum;
        Centered = centered;
        MemoryNames = ["mean square", .. momentum > 0 ? (string[])["velocity"] : [], .. centered ? (string[])["mean gradient"] : []];
    }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Whether the mean of the gradient is taken away from its mean square.</summary>
    public bool Centered { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MemoryNames { get; }

    /// <inheritdoc/>
    protected override void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient)
    {
        var descent = new Descent(
            T.CreateTruncating(LearningRate),
            T.CreateTruncating(Alpha),
            T.CreateTruncating(1 - Alpha),
            T.CreateTruncating(Epsilon),
            T.CreateTruncating(WeightDecay),
            T.CreateTruncating(Momentum),
            Centered);
        Elementwise.Update(descent, value, gradient, memory[0], Momentum > 0 ? memory[1] : [], Centered ? memory[MemoryNames.Count - 1] : []);
    }

    private readonly struct Descent(T learningRate, T alpha, T oneMinusAlpha, T epsilon, T weightDecay, T momentum, bool centered) : IUpdate<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> v, ref Vector<T> b, ref Vector<T> m)
        {
            Vector<T> g = gradient + (value * weightDecay);
            v = (v * alpha) + (g * g * oneMinusAlpha);
            m = (m * alpha) + (g * oneMinusAlpha);
            Vector<T> square = centered ? Vector.Max(v - (m * m), Vector<T>.Zero) : v;
            b = (b * momentum) + (g / (Vector.SquareRoot(square) + Vector.Create(epsilon)));
            return value - (b * learningRate);
        }
    }
}
