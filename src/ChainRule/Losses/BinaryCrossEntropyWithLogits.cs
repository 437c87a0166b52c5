using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>
/// The binary cross-entropy of logits z, whose probabilities are p = σ(z):
/// L = −1/N · Σ (y log σ(z) + (1 − y) log(1 − σ(z))), over all N values of the batch.
/// </summary>
/// <remarks>
/// <para>Shapes: logits z and targets y alike, of any shape; targets lie in [0, 1].</para>
/// <para>
/// Since log σ(z) = −softplus(−z) and softplus(−z) = softplus(z) − z, each term is softplus(z) − y·z = max(z, 0) − y·z + log(1 + exp(−|z|)),
/// which neither overflows nor takes the logarithm of 0, and keeps its digits where y is 1 and z is large.
/// Backward: σ′ cancels the denominator of the cross-entropy, ∂L/∂z = (σ(z) − y)/N.
/// </para>
/// <para>As PyTorch's <c>nn.BCEWithLogitsLoss</c>. Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.2.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropyWithLogits<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>L = 1/N · Σ (max(z, 0) − y·z + log(1 + exp(−|z|))).</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            if (!(target[i] >= T.Zero && target[i] <= T.One))
            {
                throw new ArgumentException($"{this}: expected targets from 0 to 1, got {target[i]} at position {i}.");
            }
        }

        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T z = prediction[i];
            T y = target[i];
            sum += (T.Max(z, T.Zero) - (y * z)) + Elementary.LogOnePlus(T.Exp(-T.Abs(z)));
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂z = (σ(z) − y)/N.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> z = Prediction;
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(z.Length);
        for (int i = 0; i < z.Length; i++)
        {
            predictionGradient[i] = (Elementary.Sigmoid(z[i]) - y[i]) / count;
        }
    }
}
