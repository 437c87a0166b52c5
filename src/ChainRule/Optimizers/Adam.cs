using System.Numerics;

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
    private readonly Moments?[] moments;

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
        moments = new Moments?[Parameters.Count];
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
    protected sealed override void Update(int index, Span<T> value, ReadOnlySpan<T> gradient)
    {
        Moments state = moments[index] ??= new Moments(value.Length, Amsgrad);
        state.Step++;

        // The scalars of a step are computed in double, as PyTorch does, so that float loses nothing in β₂ᵗ.
        T beta1 = T.CreateTruncating(Beta1);
        T beta2 = T.CreateTruncating(Beta2);
        T oneMinusBeta1 = T.CreateTruncating(1 - Beta1);
        T oneMinusBeta2 = T.CreateTruncating(1 - Beta2);
        T stepSize = T.CreateTruncating(LearningRate / (1 - Math.Pow(Beta1, state.Step)));
        T correction = T.CreateTruncating(Math.Sqrt(1 - Math.Pow(Beta2, state.Step)));
        T epsilon = T.CreateTruncating(Epsilon);
        T gradientDecay = T.CreateTruncating(DecayIsDecoupled ? 0 : WeightDecay);
        T valueDecay = T.CreateTruncating(DecayIsDecoupled ? 1 - (LearningRate * WeightDecay) : 1);
        Span<T> m = state.First;
        Span<T> v = state.Second;
        Span<T> largest = state.LargestSecond;
        for (int i = 0; i < value.Length; i++)
        {
            T g = gradient[i] + (gradientDecay * value[i]);
            m[i] = (beta1 * m[i]) + (oneMinusBeta1 * g);
            v[i] = (beta2 * v[i]) + (oneMinusBeta2 * g * g);
            T second = v[i];
            if (Amsgrad)
            {
                second = largest[i] = T.Max(largest[i], second);
            }

            value[i] = (valueDecay * value[i]) - (stepSize * m[i] / ((T.Sqrt(second) / correction) + epsilon));
        }
    }

    /// <summary>What is remembered of one parameter: t, m, v and, for AMSGrad, the largest v.</summary>
    private sealed class Moments(int length, bool amsgrad)
    {
        public int Step { get; set; }

        public T[] First { get; } = new T[length];

        public T[] Second { get; } = new T[length];

        public T[] LargestSecond { get; } = amsgrad ? new T[length] : [];
    }
}
