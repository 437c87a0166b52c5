using System.Numerics;

namespace ChainRule.Losses;

/// <summary>The mean squared error: L = 1/N · Σ (p − y)², over all N values of the batch.</summary>
/// <remarks>
/// <para>Shapes: predictions p and targets y alike, of any shape. Backward: ∂L/∂p = 2(p − y)/N.</para>
/// <para>As PyTorch's <c>nn.MSELoss</c>. Source: Legendre, Nouvelles méthodes pour la détermination des orbites des comètes (1805).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanSquaredError<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>L = 1/N · Σ (p − y)².</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T difference = prediction[i] - target[i];
            sum += difference * difference;
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂p = 2(p − y)/N.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> p = Prediction;
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(p.Length);
        for (int i = 0; i < p.Length; i++)
        {
            T difference = p[i] - y[i];
            predictionGradient[i] = (difference + difference) / count;
        }
    }
}
