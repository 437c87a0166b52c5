using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>
/// The binary cross-entropy of probabilities: L = −1/N · Σ (y log p + (1 − y) log(1 − p)), over all N values of the batch.
/// </summary>
/// <remarks>
/// <para>Shapes: probabilities p and targets y alike, of any shape; both lie in [0, 1].</para>
/// <para>
/// Backward: ∂L/∂p = (p − y) / (p(1 − p)) / N. At p = 0 and p = 1 both would be infinite; as in PyTorch's
/// <c>nn.BCELoss</c> the logarithms are clamped to at least −100 and the denominator p(1 − p) to at least 10⁻¹². Nearer to 0 or 1
/// the gradient is therefore not the derivative of L, and a network that is surely wrong hardly learns.
/// </para>
/// <para>
/// <see cref="BinaryCrossEntropyWithLogits{T}"/> needs no clamps: prefer it to a sigmoid followed by this loss.
/// Source: Good, Rational Decisions (Journal of the Royal Statistical Society B 14, 1952).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropy<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T SmallestLogarithm = T.CreateChecked(-100);

    /// <summary>What the gradient divides by at least.</summary>
    internal static readonly T SmallestDenominator = T.CreateChecked(1e-12);

    /// <summary>L = −1/N · Σ (y log p + (1 − y) log(1 − p)).</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        for (int i = 0; i < prediction.Length; i++)
        {
            RequireProbability(prediction[i], "prediction", i);
            RequireProbability(target[i], "target", i);
        }

        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T p = prediction[i];
            T y = target[i];
            T logP = T.Max(T.Log(p), SmallestLogarithm);
            T logOneMinusP = T.Max(Elementary.LogOnePlus(-p), SmallestLogarithm);
            sum -= (y * logP) + ((T.One - y) * logOneMinusP);
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂p = (p − y) / (p(1 − p)) / N.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> p = Prediction;
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(p.Length);
        for (int i = 0; i < p.Length; i++)
        {
            T denominator = T.Max(p[i] * (T.One - p[i]), SmallestDenominator);
            predictionGradient[i] = (p[i] - y[i]) / denominator / count;
        }
    }

    /// <inheritdoc/>
    protected internal override int BranchCount => Prediction.Length;

    /// <summary>Which logarithm is clamped; and, as a piece of its own, where p is so small that 1/p is no number of this precision.</summary>
    protected internal override int Branch(int unit) =>
        IsClamped(T.Log(Prediction[unit])) ? 1
        : IsClamped(Elementary.LogOnePlus(-Prediction[unit])) ? 2
        : T.IsInfinity(T.One / Prediction[unit]) ? 3
        : 0;

    /// <summary>∂L/∂p = (−y/p + (1 − y)/(1 − p)) / N without the term of a clamped logarithm.</summary>
    internal override T? Unbounded(int entry)
    {
        T p = Prediction[entry];
        T y = Target[entry];
        T below = IsClamped(T.Log(p)) ? T.Zero : -y / p;
        T above = IsClamped(Elementary.LogOnePlus(-p)) ? T.Zero : (T.One - y) / (T.One - p);
        return p * (T.One - p) < SmallestDenominator && T.IsFinite(below) ? (below + above) / T.CreateChecked(Prediction.Length) : null;
    }

    private static bool IsClamped(T logarithm) => logarithm < SmallestLogarithm;

    private void RequireProbability(T value, string what, int index)
    {
        // NaN passes: a training run that has gone wrong reports the loss, not this value.
        if (value < T.Zero || value > T.One)
        {
            throw new ArgumentException($"{this}: expected probabilities from 0 to 1, got the {what} {value} at position {index}. For raw scores there is BinaryCrossEntropyWithLogits.");
        }
    }
}
