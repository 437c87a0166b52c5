using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optimizers;

/// <summary>Lion: every number takes a step of the same size, in the direction that its gradient and the momentum agree on.</summary>
/// <remarks>
/// <para>
/// With learning rate η, β₁, β₂, weight decay λ and the gradient g = ∂L/∂θ, one step is c = β₁m + (1 − β₁)g;
/// θ ← θ − η(sign(c) + λθ); m ← β₂m + (1 − β₂)g. The sign of 0 is 0. The step is larger than Adam's, so η is best three to ten
/// times smaller and λ as much larger.
/// </para>
/// <para>Source: Chen et al., Symbolic Discovery of Optimization Algorithms (2023), algorithm 2.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lion<T> : Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁, from 0 up to but not including 1: how much of the momentum is in a step.</param>
    /// <param name="beta2">β₂, from 0 up to but not including 1: how much of the momentum stays.</param>
    /// <param name="weightDecay">λ, at least 0; it acts on θ directly.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
    public Lion(IEnumerable<Parameter<T>> parameters, double learningRate = 1e-4, double beta1 = 0.9, double beta2 = 0.99, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        RequireRange(beta1, 0, Math.BitDecrement(1.0), "beta1");
        RequireRange(beta2, 0, Math.BitDecrement(1.0), "beta2");
        RequireRange(weightDecay, 0, double.MaxValue, "weight decay");
        Beta1 = beta1;
        Beta2 = beta2;
        WeightDecay = weightDecay;
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MemoryNames => ["momentum"];

    /// <inheritdoc/>
    protected override void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient)
    {
        var descent = new Descent(
            T.CreateTruncating(LearningRate),
            T.CreateTruncating(Beta1),
            T.CreateTruncating(1 - Beta1),
            T.CreateTruncating(Beta2),
            T.CreateTruncating(1 - Beta2),
            T.CreateTruncating(1 - (LearningRate * WeightDecay)));
        Elementwise.Update(descent, value, gradient, memory[0], [], []);
    }

    private readonly struct Descent(T learningRate, T beta1, T oneMinusBeta1, T beta2, T oneMinusBeta2, T valueDecay) : IUpdate<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> m, ref Vector<T> second, ref Vector<T> third)
        {
            Vector<T> c = (m * beta1) + (gradient * oneMinusBeta1);
            m = (m * beta2) + (gradient * oneMinusBeta2);
            return (value * valueDecay) - (Signs.Of(c) * learningRate);
        }
    }
}
