using System.Globalization;
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
/// Label smoothing ε gives a share of each target to all C classes, class weights w say how much each class counts: in both
/// formulas wⱼ((1 − ε)yᵢⱼ + ε/C) stands in the place of yᵢⱼ. Where the targets are class indices the mean is a weighted one: the
/// sum of the rows' weights, w of their classes, stands in the place of m.
/// </para>
/// <para>
/// As PyTorch's <c>nn.CrossEntropyLoss</c>, which has the classes in the second dimension where there are more than two.
/// Sources: Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs (1990); smoothing: Szegedy et al.,
/// Rethinking the Inception Architecture for Computer Vision (CVPR 2016), section 7.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T> : Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] weights = [];
    private T[] probabilities = [];
    private T[] smoothed = [];
    private bool targetsAreIndices;
    private T totalWeight;

    /// <summary>Makes the loss.</summary>
    /// <param name="labelSmoothing">ε, from 0 to 1.</param>
    /// <param name="classWeights">w, a number above 0 for each class; null where all count alike.</param>
    /// <exception cref="ArgumentOutOfRangeException">ε is not from 0 to 1, or a weight is not finite and above 0.</exception>
    public SoftmaxCrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, string.Create(CultureInfo.InvariantCulture, $"SoftmaxCrossEntropy: expected a label smoothing from 0 to 1, got {labelSmoothing}."));
        }

        for (int j = 0; j < classWeights?.Count; j++)
        {
            if (!(classWeights[j] > 0 && double.IsFinite(classWeights[j])))
            {
                throw new ArgumentOutOfRangeException(nameof(classWeights), classWeights[j], string.Create(CultureInfo.InvariantCulture, $"SoftmaxCrossEntropy: expected finite class weights above 0, got {classWeights[j]} for class {j}."));
            }
        }

        LabelSmoothing = labelSmoothing;
        ClassWeights = classWeights is null ? null : [.. classWeights];
        weights = [.. (ClassWeights ?? []).Select(T.CreateTruncating)];
    }

    /// <summary>ε.</summary>
    public double LabelSmoothing { get; }

    /// <summary>w; null where all classes count alike.</summary>
    public IReadOnlyList<double>? ClassWeights { get; }

    /// <inheritdoc/>
    public override double BatchWeight => double.CreateTruncating(totalWeight);

    /// <summary>The pᵢⱼ: next to 1 they have lost the digits that pᵢⱼ − 1 is made of.</summary>
    internal override IEnumerable<Memory<T>> InnerValues => [probabilities];

    /// <summary>Whether y stands in the formulas as it is, without smoothing and class weights.</summary>
    internal bool TakesTargetsAsTheyAre => LabelSmoothing == 0 && ClassWeights is null;

    /// <summary>L = −1/m · Σᵢ Σⱼ yᵢⱼ log pᵢⱼ. The pᵢⱼ are kept for the backward pass.</summary>
    protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        int classes = (int)PredictionShape[^1];
        int rows = prediction.Length / classes;
        totalWeight = T.CreateChecked(rows);
        bool indices = targetsAreIndices && TakesTargetsAsTheyAre;
        ReadOnlySpan<T> y = TakesTargetsAsTheyAre ? target : Smooth(target, rows, classes);
        Span<T> p = Memory(ref probabilities, prediction.Length);
        RowSoftmax.Shift(prediction, classes, p);
        T loss = T.Zero;
        for (int i = 0; i < rows; i++)
        {
            // Here p still holds z − max, of which the loss takes what the targets ask for.
            ReadOnlySpan<T> shifted = p.Slice(i * classes, classes);
            loss -= indices
                ? shifted[int.CreateTruncating(y[i])]
                : Expectation(y.Slice(i * classes, classes), shifted);
        }

        Elementwise.Map(default(RowSoftmax.Exponential<T>), p, p);
        Shake?.Invoke(p); // the largest is 1, and beside it their sum loses the digits of the others
        for (int i = 0; i < rows; i++)
        {
            T sum = RowSoftmax.Normalize(p.Slice(i * classes, classes));
            Shake?.Invoke(new Span<T>(ref sum)); // next to 1 it has lost the digits that its logarithm is made of
            loss += (indices ? T.One : TensorPrimitives.Sum(y.Slice(i * classes, classes))) * T.Log(sum);
        }

        return loss / totalWeight;
    }

    /// <summary>∂L/∂zᵢⱼ = (pᵢⱼ·Σₖ yᵢₖ − yᵢⱼ)/m.</summary>
    protected override void Backward(Span<T> predictionGradient)
    {
        int classes = (int)PredictionShape[^1];
        ReadOnlySpan<T> p = probabilities.AsSpan(0, predictionGradient.Length);
        if (targetsAreIndices && TakesTargetsAsTheyAre)
        {
            TensorPrimitives.Divide(p, totalWeight, predictionGradient);
            for (int i = 0; i < Target.Length; i++)
            {
                int index = (i * classes) + int.CreateTruncating(Target[i]);
                predictionGradient[index] = (p[index] - T.One) / totalWeight;
            }

            return;
        }

        ReadOnlySpan<T> y = TakesTargetsAsTheyAre ? Target : smoothed.AsSpan(0, predictionGradient.Length);
        for (int start = 0; start < p.Length; start += classes)
        {
            T total = TensorPrimitives.Sum(y.Slice(start, classes));
            for (int j = start; j < start + classes; j++)
            {
                predictionGradient[j] = ((p[j] * total) - y[j]) / totalWeight;
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

        if (ClassWeights is not null && prediction.Lengths[^1] != weights.Length)
        {
            throw new ArgumentException($"{this}: expected predictions of shape (batch, …, {weights.Length}) for {weights.Length} class weights, got {Shape.Describe(prediction.Lengths)}.", nameof(prediction));
        }

        ReadOnlySpan<nint> rows = prediction.Lengths[..^1];
        bool indices = target.Lengths.SequenceEqual(rows);
        if (!indices && !target.Lengths.SequenceEqual(prediction.Lengths))
        {
            throw new ArgumentException($"{this}: for predictions of shape {Shape.Describe(prediction.Lengths)} expected targets of shape {Shape.Describe(rows)}, class indices, or {Shape.Describe(prediction.Lengths)}, probabilities; got {Shape.Describe(target.Lengths)}.", nameof(target));
        }

        if (indices)
        {
            ClassIndices.Require(this, prediction, target);
        }

        targetsAreIndices = indices;
    }

    /// <summary>wⱼ((1 − ε)yᵢⱼ + ε/C) for every row and class; where the targets are indices the sum of the rows' weights too.</summary>
    private Span<T> Smooth(ReadOnlySpan<T> target, int rows, int classes)
    {
        T kept = T.CreateTruncating(1 - LabelSmoothing);
        Span<T> result = Memory(ref smoothed, rows * classes);
        result.Fill(T.CreateTruncating(LabelSmoothing / classes));
        if (targetsAreIndices)
        {
            totalWeight = T.Zero;
            for (int i = 0; i < rows; i++)
            {
                int c = int.CreateTruncating(target[i]);
                result[(i * classes) + c] += kept;
                totalWeight += ClassWeights is null ? T.One : weights[c];
            }
        }
        else
        {
            TensorPrimitives.MultiplyAdd(target, kept, result, result);
        }

        for (int start = 0; start < result.Length && ClassWeights is not null; start += classes)
        {
            Span<T> row = result.Slice(start, classes);
            TensorPrimitives.Multiply<T>(row, weights, row);
        }

        return result;
    }

    private static Span<T> Memory(ref T[] memory, int length)
    {
        if (memory.Length < length)
        {
            memory = new T[length];
        }

        return memory.AsSpan(0, length);
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
