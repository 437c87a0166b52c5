using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Training;

/// <summary>
/// Samples handed out in mini-batches. A batch is gathered into memory that stays: going through the data allocates nothing.
/// The last batch of an epoch is smaller where the number of samples is no multiple of the size.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batches<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor<T> inputs;
    private readonly Tensor<T> targets;
    private readonly int size;
    private int[] order;
    private readonly TensorBuffer<T> inputBuffer = new();
    private readonly TensorBuffer<T> targetBuffer = new();

    /// <summary>Divides samples into batches, in their order until <see cref="Shuffle"/> changes it.</summary>
    /// <param name="inputs">One sample a row, shape (samples, …).</param>
    /// <param name="targets">One target a row, shape (samples) or (samples, …).</param>
    /// <param name="size">The number of samples in a batch; at least 1.</param>
    /// <exception cref="ArgumentException">The tensors are empty or strided, or differ in their number of samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public Batches(Tensor<T> inputs, Tensor<T> targets, int size)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (!Shape.IsBatch(inputs))
        {
            throw Shape.NotABatch(inputs, "The inputs", nameof(inputs));
        }

        if (!Shape.IsBatch(targets))
        {
            throw Shape.NotABatch(targets, "The targets", nameof(targets));
        }

        if (inputs.Lengths[0] != targets.Lengths[0])
        {
            throw new ArgumentException($"Expected a target for each sample, got inputs of shape {Shape.Describe(inputs.Lengths)} and targets of shape {Shape.Describe(targets.Lengths)}.", nameof(targets));
        }

        this.inputs = inputs;
        this.targets = targets;
        this.size = size;
        order = new int[inputs.Lengths[0]];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
    }

    /// <summary>The number of samples.</summary>
    public int Samples => order.Length;

    /// <summary>The number of batches in an epoch.</summary>
    public int Count => (order.Length + size - 1) / size;

    /// <summary>The samples in the order in which they are handed out, for checkpoints.</summary>
    /// <exception cref="InvalidDataException">A sample is missing or comes twice.</exception>
    internal int[] Order
    {
        get => order;
        set => order = value.Order().SequenceEqual(Enumerable.Range(0, order.Length)) ? value : throw new InvalidDataException("the order of the samples is none");
    }

    /// <summary>Puts the samples into a new random order, as <c>numpy.random.shuffle</c> does.</summary>
    /// <param name="random">Where the order is drawn from.</param>
    public void Shuffle(NumPyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        random.Shuffle(order.AsSpan());
    }

    /// <summary>Gathers a batch.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <returns>Inputs and targets, in memory that belongs to this object: they stay valid until the next call.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public (Tensor<T> Inputs, Tensor<T> Targets) this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Part(index, 0, SizeOf(index));
        }
    }

    /// <summary>The number of samples in a batch.</summary>
    internal int SizeOf(int index) => Math.Min(size, order.Length - (index * size));

    /// <summary>The samples of a batch that one of several processes takes: none where there are fewer samples than processes. No two take numbers that differ by more than 1.</summary>
    /// <param name="index">The batch.</param>
    /// <param name="rank">Which process.</param>
    /// <param name="processes">How many there are.</param>
    internal (int First, int Count) ShareOf(int index, int rank, int processes)
    {
        long count = SizeOf(index);
        int first = (int)(count * rank / processes);
        return (first, (int)(count * (rank + 1) / processes) - first);
    }

    /// <summary>Gathers some samples of a batch.</summary>
    /// <param name="index">The batch.</param>
    /// <param name="first">The first of them within the batch.</param>
    /// <param name="count">How many.</param>
    internal (Tensor<T> Inputs, Tensor<T> Targets) Part(int index, int first, int count)
    {
        ReadOnlySpan<int> rows = order.AsSpan((index * size) + first, count);
        return (Gather(inputs, rows, inputBuffer), Gather(targets, rows, targetBuffer));
    }

    private static Tensor<T> Gather(Tensor<T> source, ReadOnlySpan<int> rows, TensorBuffer<T> buffer)
    {
        Span<nint> shape = stackalloc nint[source.Rank];
        source.Lengths.CopyTo(shape);
        shape[0] = rows.Length;
        Tensor<T> batch = buffer.WithShape(shape);
        ReadOnlySpan<T> from = source.AsSpan();
        Span<T> to = batch.AsSpan();
        int width = to.Length / rows.Length;
        for (int i = 0; i < rows.Length; i++)
        {
            from.Slice(rows[i] * width, width).CopyTo(to.Slice(i * width, width));
        }

        return batch;
    }
}
