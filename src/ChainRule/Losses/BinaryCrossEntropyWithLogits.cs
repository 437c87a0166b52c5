using System.Numerics;
using System.Runtime.CompilerServices;
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
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T z = prediction[i];
            T y = target[i];
            if (!(y >= T.Zero && y <= T.One))
            {
                throw new ArgumentException($"{this}: expected targets from 0 to 1, got {y} at position {i}.");
            }

            // max(z, 0) − y·z as one product: of a large z no digits cancel.
            T slope = z > T.Zero ? T.One - y : -y;
            sum += (slope * z) + Elementary.LogOnePlus(T.Exp(-T.Abs(z)));
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂z = (σ(z) − y)/N.</summary>
    protected override void Backward(Span<T> predictionGradient) =>
        Elementwise.Map(new Gradient(T.CreateChecked(Prediction.Length)), Prediction, Target, predictionGradient);

    private readonly struct Gradient(T count) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> z, Vector<T> y) => (VectorElementary.Sigmoid(z) - y) / new Vector<T>(count);
    }
}
