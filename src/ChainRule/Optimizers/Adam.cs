using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Optimizers;

/// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// <para>
/// With learning rate η, decay rates β₁ and β₂, weight decay λ and the gradient ∂L/∂θ, step t is g = ∂L/∂θ + λθ;
/// m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; θ ← θ − η · m̂ / (√v̂ + ε), where m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) undo the
/// start from zero. AMSGrad puts the largest v so far in the place of v.
/// </para>
/// <para>
/// As PyTorch's <c>torch.optim.Adam</c>. Sources: Kingma and Ba, Adam: A Method for Stochastic Optimization (ICLR 2015);
/// Reddi, Kale and Kumar, On the Convergence of Adam and Beyond (ICLR 2018).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public class Adam<T> : Optimizer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Takes charge of parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁, from 0 up to but not including 1.</param>
    /// <param name="beta2">β₂, from 0 up to but not including 1.</param>
    /// <param name="epsilon">ε, at least 0.</param>
    /// <param name="weightDecay">λ, at least 0; here a part of the gradient. <see cref="AdamW{T}"/> keeps it apart.</param>
    /// <param name="amsgrad">Whether to use the largest v so far.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
    public Adam(IEnumerable<Parameter<T>> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsgrad = false)
        : base(parameters, learningRate)
    {
        RequireRange(beta1, 0, Math.BitDecrement(1.0), "beta1");
        RequireRange(beta2, 0, Math.BitDecrement(1.0), "beta2");
        RequireRange(epsilon, 0, double.MaxValue, "epsilon");
        RequireRange(weightDecay, 0, double.MaxValue, "weight decay");
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
        Amsgrad = amsgrad;
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>λ.</summary>
    public double WeightDecay { get; }

    /// <summary>Whether v never falls.</summary>
    public bool Amsgrad { get; }

    /// <summary>Whether the weight decay acts on θ directly instead of through the gradient.</summary>
    private protected virtual bool DecayIsDecoupled => false;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> MemoryNames => Amsgrad ? ["first moment", "second moment", "largest second moment"] : ["first moment", "second moment"];

    /// <inheritdoc/>
    protected sealed override void Update(OptimizerMemory<T> memory, Span<T> value, ReadOnlySpan<T> gradient)
    {
        // The scalars of a step are computed in double, as PyTorch does, so that float loses nothing in β₂ᵗ.
        var descent = new Descent(
            T.CreateTruncating(Beta1),
            T.CreateTruncating(1 - Beta1),
            T.CreateTruncating(Beta2),
            T.CreateTruncating(1 - Beta2),
            T.CreateTruncating(LearningRate / (1 - Math.Pow(Beta1, memory.Steps))),
            T.CreateTruncating(Math.Sqrt(1 - Math.Pow(Beta2, memory.Steps))),
            T.CreateTruncating(Epsilon),
            T.CreateTruncating(DecayIsDecoupled ? 0 : WeightDecay),
            T.CreateTruncating(DecayIsDecoupled ? 1 - (LearningRate * WeightDecay) : 1),
            Amsgrad);
        Elementwise.Update(descent, value, gradient, memory[0], memory[1], Amsgrad ? memory[2] : []);
    }

    private readonly struct Descent(T beta1, T oneMinusBeta1, T beta2, T oneMinusBeta2, T stepSize, T correction, T epsilon, T gradientDecay, T valueDecay, bool amsgrad) : IUpdate<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> value, Vector<T> gradient, ref Vector<T> m, ref Vector<T> v, ref Vector<T> largest)
        {
            Vector<T> g = gradient + (value * gradientDecay);
            m = (m * beta1) + (g * oneMinusBeta1);
            v = (v * beta2) + (g * g * oneMinusBeta2);
            largest = Vector.Max(largest, v);
            Vector<T> root = Vector.SquareRoot(amsgrad ? largest : v);
            return (value * valueDecay) - (m * stepSize / ((root / Vector.Create(correction)) + Vector.Create(epsilon)));
        }
    }
}
