using System.Globalization;
using System.Numerics;

namespace ChainRule.Losses;

/// <summary>
/// Huber's loss, the squared error of what is near and the absolute error of what is far: L = 1/N · Σ h(p − y) with
/// h(d) = ½d² where |d| ≤ δ, else δ(|d| − ½δ), over all N values of the batch.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: predictions p and targets y alike, of any shape. Backward: ∂L/∂p = h′(p − y)/N with h′(d) = d where |d| ≤ δ, else
/// δ·sign(d): the slope has no jump at δ.
/// </para>
/// <para>As PyTorch's <c>nn.HuberLoss</c>. Source: Huber, Robust Estimation of a Location Parameter (Annals of Mathematical Statistics 35, 1964).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Huber<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T delta;

    /// <summary>Makes the loss.</summary>
    /// <param name="delta">δ, above 0: where the square ends.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not above 0 and finite.</exception>
    public Huber(double delta = 1)
    {
        if (!(delta > 0 && double.IsFinite(delta)))
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, string.Create(CultureInfo.InvariantCulture, $"Huber: expected a finite delta above 0, got {delta}."));
        }

        Delta = delta;
        this.delta = T.CreateChecked(delta);
    }

    /// <summary>δ.</summary>
    public double Delta { get; }

    /// <summary>E.g. Huber(1).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Huber({Delta})");

    /// <summary>L = 1/N · Σ h(p − y).</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        T half = T.CreateChecked(0.5);
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            T size = T.Abs(prediction[i] - target[i]);
            sum += size <= delta ? half * size * size : delta * (size - (half * delta));
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂p = h′(p − y)/N: the difference itself, kept between −δ and δ.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> p = Prediction;
        ReadOnlySpan<T> y = Target;
        T count = T.CreateChecked(p.Length);
        for (int i = 0; i < p.Length; i++)
        {
            T difference = p[i] - y[i];
            predictionGradient[i] = (difference > delta ? delta : difference < -delta ? -delta : difference) / count;
        }
    }
}
