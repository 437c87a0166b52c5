using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optimizers;

/// <summary>Stochastic gradient descent: θ ← θ − η·g, with momentum where it is asked for.</summary>
/// <remarks>
/// <para>
/// With learning rate η, momentum μ, dampening τ, weight decay λ and the gradient ∂L/∂θ, one step is
/// g = ∂L/∂θ + λθ; v ← μv + (1 − τ)g (v = g in the first step); then θ ← θ − ηv, or θ ← θ − η(g + μv) with Nesterov's
/// momentum. Without momentum v = g.
/// </para>
/// <para>
/// As PyTorch's <c>torch.optim.SGD</c>, where η multiplies v instead of being part of it. Sources: Robbins and Monro,
/// A Stochastic Approximation Method (1951); Polyak, Some Methods of Speeding Up the Convergence of Iteration Methods (1964);
/// Sutskever, Martens, Dahl and Hinton, On the Importance of Initialization and Momentum in Deep Learning (ICML 2013).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sgd<T> : Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ, at least 0.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity; needs momentum and no dampening.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    /// <param name="dampening">τ.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
    public Sgd(IEnumerable<Parameter<T>> parameters, double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0, double dampening = 0)
        : base(parameters, learningRate)
    {
        RequireRange(momentum, 0, double.MaxValue, "momentum");
        RequireRange(weightDecay, 0, double.MaxValue, "weight decay");
        RequireRange(dampening, 0, 1, "dampening");
        if (nesterov && (momentum == 0 || dampening != 0))
        {
            throw new ArgumentException($"Nesterov's momentum needs momentum above 0 and no dampening, got momentum {momentum} and dampening {dampening}.", nameof(nesterov));
        }

        Momentum = momentum;
        Nesterov = nesterov;
        WeightDecay = weightDecay;
        Dampening = dampening;
    }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>τ.</summary>
    public double Dampening { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MemoryNames => Momentum == 0 ? [] : ["velocity"];

    /// <inheritdoc/>
    protected override void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient)
    {
        T learningRate = T.CreateTruncating(LearningRate);
        T weightDecay = T.CreateTruncating(WeightDecay);
        if (Momentum == 0)
        {
            Elementwise.Map(new Descent(learningRate, weightDecay), value, gradient, value);
            return;
        }

        T share = T.CreateTruncating(memory.Steps == 1 ? 1 : 1 - Dampening);
        Elementwise.Update(new Descent(learningRate, weightDecay, T.CreateTruncating(Momentum), share, Nesterov), value, gradient, memory[0], [], []);
    }

    private readonly struct Descent(T learningRate, T weightDecay, T momentum = default, T share = default, bool nesterov = false) : IBinary<T>, IUpdate<T>
    {
        /// <summary>θ − η(g + λθ).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient) => value - ((gradient + (value * weightDecay)) * learningRate);

        /// <summary>The same along the velocity.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> velocity, ref Vector<T> second, ref Vector<T> third)
        {
            Vector<T> g = gradient + (value * weightDecay);
            velocity = (velocity * momentum) + (g * share);
            return value - ((nesterov ? g + (velocity * momentum) : velocity) * learningRate);
        }
    }
}
