using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>
/// Softmax and cross-entropy in one: L = −1/m · Σᵢ Σⱼ yᵢⱼ log pᵢⱼ with p = softmax(z), over m rows of logits.
/// </summary>
/// <remarks>
/// <para>
/// Shapes: logits z (batch, …, classes). Targets are either class indices, shape (batch, …), where a whole number c stands for
/// y = 1 at class c and 0 elsewhere, or probabilities (one-hot or soft), shape (batch, …, classes). All leading dimensions
/// together are the m rows: of sequences, (batch, time, classes), every position counts the same.
/// </para>
/// <para>
/// log pᵢⱼ = zᵢⱼ − max − log Σₖ exp(zᵢₖ − max), so neither overflow nor log 0. Backward: the derivative of softmax cancels the
/// quotient of the cross-entropy, ∂L/∂zᵢⱼ = (pᵢⱼ·Σₖ yᵢₖ − yᵢⱼ)/m, and Σₖ yᵢₖ is 1 where the targets are probabilities.
/// </para>
/// <para>
/// As PyTorch's <c>nn.CrossEntropyLoss</c>, which has the classes in the second dimension where there are more than two.
/// Source: Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs (1990).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] probabilities = [];
    private bool targetsAreIndices;

    /// <summary>L = −1/m · Σᵢ Σⱼ yᵢⱼ log pᵢⱼ. The pᵢⱼ are kept for the backward pass.</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        int classes = (int)PredictionShape[^1];
        int rows = prediction.Length / classes;
        if (probabilities.Length < prediction.Length)
        {
            probabilities = new T[prediction.Length];
        }

        Span<T> p = probabilities.AsSpan(0, prediction.Length);
        RowSoftmax.Shift(prediction, classes, p);
        T loss = T.Zero;
        for (int i = 0; i < rows; i++)
        {
            // Here p still holds z − max, of which the loss takes what the targets ask for.
            ReadOnlySpan<T> shifted = p.Slice(i * classes, classes);
            loss -= targetsAreIndices
                ? shifted[int.CreateTruncating(target[i])]
                : Expectation(target.Slice(i * classes, classes), shifted);
        }

        Elementwise.Map(default(RowSoftmax.Exponential<T>), p, p);
        for (int i = 0; i < rows; i++)
        {
            T sum = RowSoftmax.Normalize(p.Slice(i * classes, classes));
            loss += (targetsAreIndices ? T.One : TensorPrimitives.Sum(target.Slice(i * classes, classes))) * T.Log(sum);
        }

        return loss / T.CreateChecked(rows);
    }

    /// <summary>∂L/∂zᵢⱼ = (pᵢⱼ·Σₖ yᵢₖ − yᵢⱼ)/m.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        int classes = (int)PredictionShape[^1];
        int rows = predictionGradient.Length / classes;
        T count = T.CreateChecked(rows);
        ReadOnlySpan<T> p = probabilities.AsSpan(0, predictionGradient.Length);
        ReadOnlySpan<T> y = Target;
        if (targetsAreIndices)
        {
            TensorPrimitives.Divide(p, count, predictionGradient);
            for (int i = 0; i < rows; i++)
            {
                int index = (i * classes) + int.CreateTruncating(y[i]);
                predictionGradient[index] = (p[index] - T.One) / count;
            }

            return;
        }

        for (int start = 0; start < p.Length; start += classes)
        {
            T total = TensorPrimitives.Sum(y.Slice(start, classes));
            for (int j = start; j < start + classes; j++)
            {
                predictionGradient[j] = ((p[j] * total) - y[j]) / count;
            }
        }
    }

    /// <inheritdoc/>
    protected override void RequireMatchingTarget(Tensor<T> prediction, Tensor<T> target)
    {
        if (prediction.Rank < 2)
        {
            throw new ArgumentException($"{this}: expected predictions of shape (batch, …, classes), got {Shape.Describe(prediction.Lengths)}.", nameof(prediction));
        }

        ReadOnlySpan<nint> rows = prediction.Lengths[..^1];
        nint classes = prediction.Lengths[^1];
        bool indices = target.Lengths.SequenceEqual(rows);
        if (!indices && !target.Lengths.SequenceEqual(prediction.Lengths))
        {
            throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected targets of shape {Shape.Describe(rows)}, class indices, or {Shape.Describe(prediction.Lengths)}, probabilities; got {Shape.Describe(target.Lengths)}.", nameof(target));
        }

        if (indices)
        {
            ReadOnlySpan<T> y = target.AsSpan();
            for (int i = 0; i < y.Length; i++)
            {
                if (!(y[i] >= T.Zero && y[i] < T.CreateChecked(classes) && T.IsInteger(y[i])))
                {
                    string place = rows.Length == 1 ? $"for sample {i}" : $"at {Shape.Position(i, rows)}";
                    throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected class indices from 0 to {classes - 1}, got {y[i]} {place}.", nameof(target));
                }
            }
        }

        targetsAreIndices = indices;
    }

    /// <summary>Σⱼ yⱼ(zⱼ − max), where a target of 0 asks for nothing, even of −∞.</summary>
    private static T Expectation(ReadOnlySpan<T> y, ReadOnlySpan<T> shifted)
    {
        T sum = T.Zero;
        for (int j = 0; j < y.Length; j++)
        {
            if (y[j] != T.Zero)
            {
                sum += y[j] * shifted[j];
            }
        }

        return sum;
    }
}
