using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>A number L that says how far predictions are from their targets, and its gradient ∂L/∂prediction.</summary>
/// <remarks>A loss of one's own writes <see cref="Forward(ReadOnlySpan{T}, ReadOnlySpan{T})"/> and <see cref="Backward(Span{T})"/> side by side.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Loss<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TensorBuffer<T> gradient = new();
    private Tensor<T>? prediction;
    private Tensor<T>? target;

    /// <summary>The last predictions.</summary>
    protected ReadOnlySpan<T> Prediction => prediction!.AsSpan();

    /// <summary>How many predictions of the last <see cref="Forward(Tensor{T}, Tensor{T})"/> chose between pieces of a piecewise function, as Σ|p − y| does; 0 for a smooth loss.</summary>
    protected internal virtual int BranchCount => 0;

    /// <summary>The shape of the last predictions.</summary>
    protected ReadOnlySpan<nint> PredictionShape => prediction!.Lengths;

    /// <summary>The last targets.</summary>
    protected ReadOnlySpan<T> Target => target!.AsSpan();

    /// <summary>
    /// How much the last batch counts beside others: L is a mean over its samples, or where a loss weighs them over their weights.
    /// Means of several batches that are weighted so are the mean of one large batch.
    /// </summary>
    public virtual double BatchWeight => prediction?.Lengths[0] ?? 0;

    /// <summary>Computes L, the mean over the batch.</summary>
    /// <param name="prediction">The predictions, batch first. They must stay as they are until <see cref="Backward()"/> has run.</param>
    /// <param name="target">The targets; in the shape of the predictions unless the loss says otherwise.</param>
    /// <returns>L.</returns>
    /// <exception cref="ArgumentException">The shapes do not match, a tensor is empty, or a target is not one that the loss takes.</exception>
    public T Forward(Tensor<T> prediction, Tensor<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        if (!Shape.IsBatch(prediction))
        {
            throw Shape.NotABatch(prediction, $"{this}: the prediction", nameof(prediction));
        }

        if (!Shape.IsBatch(target))
        {
            throw Shape.NotABatch(target, $"{this}: the target", nameof(target));
        }

        RequireMatchingTarget(prediction, target);
        this.prediction = prediction;
        this.target = target;
        return Forward(prediction.AsSpan(), target.AsSpan());
    }

    /// <summary>Computes ∂L/∂prediction for the last <see cref="Forward(Tensor{T}, Tensor{T})"/>.</summary>
    /// <returns>The gradient in the shape of the predictions, in memory that belongs to the loss: it stays valid until the next <see cref="Backward()"/>.</returns>
    /// <exception cref="InvalidOperationException">Forward has not run yet.</exception>
    public Tensor<T> Backward()
    {
        if (prediction is null)
        {
            throw new InvalidOperationException($"{this}: Backward was called before Forward. Run Forward on predictions and targets first.");
        }

        Tensor<T> result = gradient.WithShape(prediction.Lengths);
        Backward(result.AsSpan());
        return result;
    }

    /// <summary>The piece that a prediction was on in the last <see cref="Forward(Tensor{T}, Tensor{T})"/>: another number for each piece, and for the corner itself.</summary>
    /// <param name="unit">From 0 to less than <see cref="BranchCount"/>; those of the first sample come first.</param>
    protected internal virtual int Branch(int unit) => 0;

    /// <summary>What the last forward pass computed and <see cref="Backward()"/> reads; as <see cref="Layer{T}.InnerValues"/>.</summary>
    internal virtual IEnumerable<Memory<T>> InnerValues => [];

    /// <summary>What a gradient check does to values in the middle of the forward pass; as <see cref="Layer{T}.Shake"/>.</summary>
    internal Action<Span<T>>? Shake { get; set; }

    /// <summary>At how many of the last predictions <see cref="Backward()"/> gives a bound in the place of the derivative.</summary>
    internal int BoundCount => Enumerable.Range(0, Prediction.Length).Count(i => Unbounded(i) is not null);

    /// <summary><see cref="Backward()"/>, with the derivative where that gives a bound: what a gradient check compares with slopes of L.</summary>
    internal Tensor<T> Derivative()
    {
        Tensor<T> result = Backward();
        Span<T> derivative = result.AsSpan();
        for (int i = 0; i < derivative.Length; i++)
        {
            derivative[i] = Unbounded(i) ?? derivative[i];
        }

        return result;
    }

    /// <summary>The derivative by one of the last predictions where <see cref="Backward()"/> gives a bound in its place; else null.</summary>
    internal virtual T? Unbounded(int entry) => null;

    /// <summary>What the loss is, e.g. MeanSquaredError.</summary>
    public override string ToString() => GetType().Name.Split('`')[0];

    /// <summary>Computes L.</summary>
    /// <param name="prediction">The predictions, row by row.</param>
    /// <param name="target">The targets, row by row.</param>
    protected abstract T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target);

    /// <summary>Writes ∂L/∂prediction; the old content is of no meaning.</summary>
    /// <param name="predictionGradient">Where the gradient goes, row by row.</param>
    protected abstract void Backward(Span<T> predictionGradient);

    /// <summary>Throws where the targets do not belong to the predictions; by default where their shapes differ.</summary>
    /// <exception cref="ArgumentException">They do not match.</exception>
    protected virtual void RequireMatchingTarget(Tensor<T> prediction, Tensor<T> target)
    {
        if (!target.Lengths.SequenceEqual(prediction.Lengths))
        {
            throw new ArgumentException($"{this}: expected targets in the shape of the predictions, {Shape.Describe(prediction.Lengths)}, got {Shape.Describe(target.Lengths)}.", nameof(target));
        }
    }
}
