using System.Numerics;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>The mean absolute error: L = 1/N · Σ |p − y|, over all N values of the batch.</summary>
/// <remarks>
/// <para>
/// Shapes: predictions p and targets y alike, of any shape. Backward: ∂L/∂p = sign(p − y)/N; on the corner p = y itself, where
/// there is no derivative, 0.
/// </para>
/// <para>As PyTorch's <c>nn.L1Loss</c>. Source: Boscovich, De litteraria expeditione per pontificiam ditionem (1757).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanAbsoluteError<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>L = 1/N · Σ |p − y|.</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            sum += T.Abs(prediction[i] - target[i]);
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂p = sign(p − y)/N.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> p = Prediction;
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(p.Length);
        for (int i = 0; i < p.Length; i++)
        {
            predictionGradient[i] = Signs.Of(p[i] - y[i]) / count;
        }
    }

    /// <inheritdoc/>
    protected internal override int BranchCount => Prediction.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit) => Prediction[unit] > Target[unit] ? 1 : Prediction[unit] < Target[unit] ? -1 : 0;
}
