using System.Numerics;

namespace ChainRule.Losses;

/// <summary>
/// The Kullback–Leibler divergence of distributions y from predictions that are logarithms of probabilities, ℓ = log p:
/// L = 1/m · Σ y(log y − ℓ), over a batch of m samples.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: ℓ and y alike, of any shape with the batch first; y is at least 0, and y = 0 asks for nothing, even of ℓ = −∞.
/// Backward: ∂L/∂ℓ = −y/m. <see cref="Layers.LogSoftmax{T}"/> gives such predictions.
/// </para>
/// <para>
/// As PyTorch's <c>nn.KLDivLoss(reduction="batchmean")</c>. Source: Kullback and Leibler, On Information and Sufficiency
/// (Annals of Mathematical Statistics 22, 1951).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class KullbackLeibler<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>L = 1/m · Σ y(log y − ℓ).</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            if (!(target[i] >= T.Zero && T.IsFinite(target[i])))
            {
                throw new ArgumentException($"{this}: expected targets that are probabilities, at least 0, got {target[i]} at position {i}.");
            }
        }

        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T y = target[i];
            sum += y == T.Zero ? T.Zero : y * (T.Log(y) - prediction[i]);
        }

        return sum / T.CreateChecked(PredictionShape[0]);
    }

    /// <summary>∂L/∂ℓ = −y/m.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(PredictionShape[0]);
        for (int i = 0; i < y.Length; i++)
        {
            predictionGradient[i] = -y[i] / count;
        }
    }
}
