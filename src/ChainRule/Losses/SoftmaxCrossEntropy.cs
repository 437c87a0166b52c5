using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Losses;

/// <summary>
/// Softmax and cross-entropy in one: L = −1/m · Σᵢ Σⱼ yᵢⱼ log pᵢⱼ with p = softmax(z), over a batch of m samples.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: logits z (batch, classes). Targets are either class indices, shape (batch,), where a whole number c stands for
/// y = 1 at class c and 0 elsewhere, or probabilities (one-hot or soft), shape (batch, classes).
/// </para>
/// <para>
/// log pᵢⱼ = zᵢⱼ − max − log Σₖ exp(zᵢₖ − max), so neither overflow nor log 0. Backward: the derivative of softmax cancels the
/// quotient of the cross-entropy, ∂L/∂zᵢⱼ = (pᵢⱼ·Σₖ yᵢₖ − yᵢⱼ)/m, and Σₖ yᵢₖ is 1 where the targets are probabilities.
/// </para>
/// <para>As PyTorch's <c>nn.CrossEntropyLoss</c>. Source: Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs (1990).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private bool targetsAreIndices;

    /// <summary>L = −1/m · Σᵢ Σⱼ yᵢⱼ log pᵢⱼ.</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        int classes = (int)PredictionShape[1];
        T loss = T.Zero;
        for (int i = 0; i < prediction.Length / classes; i++)
        {
            ReadOnlySpan<T> z = prediction.Slice(i * classes, classes);
            T maximum = TensorPrimitives.Max(z);
            T logSum = T.Log(SumOfExponentials(z, maximum));
            if (targetsAreIndices)
            {
                loss -= z[int.CreateTruncating(target[i])] - maximum - logSum;
                continue;
            }

            ReadOnlySpan<T> y = target.Slice(i * classes, classes);
            for (int j = 0; j < classes; j++)
            {
                if (y[j] != T.Zero)
                {
                    loss -= y[j] * (z[j] - maximum - logSum);
                }
            }
        }

        return loss / T.CreateChecked(prediction.Length / classes);
    }

    /// <summary>∂L/∂zᵢⱼ = (pᵢⱼ·Σₖ yᵢₖ − yᵢⱼ)/m.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        int classes = (int)PredictionShape[1];
        int batch = predictionGradient.Length / classes;
        T count = T.CreateChecked(batch);
        for (int i = 0; i < batch; i++)
        {
            ReadOnlySpan<T> z = Prediction.Slice(i * classes, classes);
            Span<T> dz = predictionGradient.Slice(i * classes, classes);
            T maximum = TensorPrimitives.Max(z);
            T sum = SumOfExponentials(z, maximum);
            ReadOnlySpan<T> y = targetsAreIndices ? default : Target.Slice(i * classes, classes);
            T total = targetsAreIndices ? T.One : TensorPrimitives.Sum(y);
            for (int j = 0; j < classes; j++)
            {
                T p = T.Exp(z[j] - maximum) / sum;
                dz[j] = ((p * total) - (targetsAreIndices ? T.Zero : y[j])) / count;
            }

            if (targetsAreIndices)
            {
                dz[int.CreateTruncating(Target[i])] -= T.One / count;
            }
        }
    }

    /// <inheritdoc/>
    protected override void RequireMatchingTarget(Tensor<T> prediction, Tensor<T> target)
    {
        if (prediction.Rank != 2)
        {
            throw new ArgumentException($"{this}: expected predictions of shape (batch, classes), got {Shape.Describe(prediction.Lengths)}.", nameof(prediction));
        }

        nint batch = prediction.Lengths[0];
        nint classes = prediction.Lengths[1];
        bool indices = target.Rank == 1 && target.Lengths[0] == batch;
        if (!indices && !target.Lengths.SequenceEqual(prediction.Lengths))
        {
            throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected targets of shape ({batch},), class indices, or ({batch}, {classes}), probabilities; got {Shape.Describe(target.Lengths)}.", nameof(target));
        }

        if (indices)
        {
            for (nint i = 0; i < batch; i++)
            {
                T index = target[i];
                if (!(index >= T.Zero && index < T.CreateChecked(classes) && T.IsInteger(index)))
                {
                    throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected class indices from 0 to {classes - 1}, got {index} for sample {i}.", nameof(target));
                }
            }
        }

        targetsAreIndices = indices;
    }

    private static T SumOfExponentials(ReadOnlySpan<T> z, T maximum)
    {
        T sum = T.Zero;
        foreach (T value in z)
        {
            sum += T.Exp(value - maximum);
        }

        return sum;
    }
}
