using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>The hinge loss: it asks the right answer to be ahead by a margin, and for nothing more.</summary>
/// <remarks>
/// <para>
/// Two forms, told apart by the targets. Binary, targets y = ±1 in the shape of the scores s: L = 1/N · Σ max(0, μ − y·s), over all
/// N values of the batch. Of several classes, scores (batch, classes) and class indices c, shape (batch,):
/// L = 1/m · Σᵢ 1/C · Σⱼ max(0, μ − sᵢ꜀ + sᵢⱼ) over all classes j but c, for m samples and C classes.
/// </para>
/// <para>
/// Backward: each term that is above 0 has the slope −y, or −1 for the class that is right and +1 for the other; a term of 0 has
/// none, on the corner too. So ∂L/∂s = −y/N where μ − y·s &gt; 0, and ∂L/∂sᵢⱼ = 1/(mC) where μ − sᵢ꜀ + sᵢⱼ &gt; 0, with minus the
/// number of those at c.
/// </para>
/// <para>
/// The form for classes is PyTorch's <c>nn.MultiMarginLoss</c>; PyTorch has none for ±1 (its <c>HingeEmbeddingLoss</c> is another
/// function). Sources: Cortes and Vapnik, Support-Vector Networks (Machine Learning 20, 1995); Weston and Watkins, Support Vector
/// Machines for Multi-Class Pattern Recognition (ESANN 1999).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Hinge<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T margin;
    private bool targetsAreIndices;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">μ, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">μ is not above 0 and finite.</exception>
    public Hinge(double margin = 1)
    {
        if (!(margin > 0 && double.IsFinite(margin)))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, string.Create(CultureInfo.InvariantCulture, $"Hinge: expected a finite margin above 0, got {margin}."));
        }

        Margin = margin;
        this.margin = T.CreateChecked(margin);
    }

    /// <summary>μ.</summary>
    public double Margin { get; }

    /// <summary>E.g. Hinge(1).</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Hinge({Margin})");

    /// <summary>L = 1/N · Σ max(0, μ − y·s), or L = 1/m · Σᵢ 1/C · Σⱼ max(0, μ − sᵢ꜀ + sᵢⱼ).</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        T sum = T.Zero;
        for (int i = 0; i < target.Length; i++)
        {
            if (!targetsAreIndices)
            {
                sum += Excess(margin - (target[i] * prediction[i]));
                continue;
            }

            ReadOnlySpan<T> s = Row(prediction, i, target.Length);
            int c = int.CreateTruncating(target[i]);
            for (int j = 0; j < s.Length; j++)
            {
                sum += j == c ? T.Zero : Excess(margin - s[c] + s[j]);
            }
        }

        return sum / T.CreateChecked(prediction.Length);
    }

    /// <summary>∂L/∂s = −y/N, or ∂L/∂sᵢⱼ = 1/(mC) and minus their sum at c, where the margin is not kept.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        ReadOnlySpan<T> target = Target;
        T count = T.CreateChecked(predictionGradient.Length);
        for (int i = 0; i < target.Length; i++)
        {
            if (!targetsAreIndices)
            {
                predictionGradient[i] = -target[i] * Slope(margin - (target[i] * Prediction[i])) / count;
                continue;
            }

            ReadOnlySpan<T> s = Row(Prediction, i, target.Length);
            Span<T> ds = predictionGradient.Slice(i * s.Length, s.Length);
            int c = int.CreateTruncating(target[i]);
            T slopes = T.Zero;
            for (int j = 0; j < s.Length; j++)
            {
                T slope = j == c ? T.Zero : Slope(margin - s[c] + s[j]);
                ds[j] = slope / count;
                slopes += slope;
            }

            ds[c] = -slopes / count;
        }
    }

    /// <inheritdoc/>
    protected internal override int BranchCount => Prediction.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit)
    {
        if (!targetsAreIndices)
        {
            return Side(margin - (Target[unit] * Prediction[unit]));
        }

        (int i, int j) = Math.DivRem(unit, Prediction.Length / Target.Length);
        ReadOnlySpan<T> s = Row(Prediction, i, Target.Length);
        int c = int.CreateTruncating(Target[i]);
        return j == c ? 0 : Side(margin - s[c] + s[j]);
    }

    /// <inheritdoc/>
    protected override void RequireMatchingTarget(Tensor<T> prediction, Tensor<T> target)
    {
        nint batch = prediction.Lengths[0];
        bool indices = prediction.Rank == 2 && target.Rank == 1 && target.Lengths[0] == batch;
        if (indices)
        {
            ClassIndices.Require(this, prediction, target);
        }
        else if (!target.Lengths.SequenceEqual(prediction.Lengths))
        {
            throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected targets of the same shape, 1 or −1{(prediction.Rank == 2 ? $", or of shape ({batch},), class indices" : "")}; got {Shape.Describe(target.Lengths)}.", nameof(target));
        }
        else
        {
            for (int i = 0; i < target.FlattenedLength; i++)
            {
                T y = target.AsSpan()[i];
                if (T.Abs(y) != T.One)
                {
                    throw new ArgumentException($"{this}: expected targets of 1 or −1, got {y} at position {i}.", nameof(target));
                }
            }
        }

        targetsAreIndices = indices;
    }

    /// <summary>On which side of the corner of max(0, x) a number is.</summary>
    private static int Side(T x) => x > T.Zero ? 1 : x < T.Zero ? -1 : 0;

    private static ReadOnlySpan<T> Row(ReadOnlySpan<T> scores, int sample, int samples)
    {
        int classes = scores.Length / samples;
        return scores.Slice(sample * classes, classes);
    }

    /// <summary>max(0, x); not a number stays what it is.</summary>
    private static T Excess(T x) => x <= T.Zero ? T.Zero : x;

    /// <summary>Its slope: 1 where x &gt; 0, else 0.</summary>
    private static T Slope(T x) => x <= T.Zero ? T.Zero : x > T.Zero ? T.One : x;
}
