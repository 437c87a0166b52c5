using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Playground.Session;

/// <summary>
/// The training samples in the order of one epoch, cut into batches. Each epoch draws its order from its own number, so that
/// every one can be repeated without those before it. A batch is a piece of memory that is there already: taking it costs
/// nothing.
/// </summary>
/// <remarks>The last batch is smaller where the samples are no multiple of the size. One batch of all samples keeps their order.</remarks>
internal sealed class EpochBatches<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] inputs;
    private readonly T[] targets;
    private readonly T[] orderedInputs;
    private readonly T[] orderedTargets;
    private readonly int[] order;
    private readonly int size;
    private readonly uint seed;
    private readonly (Tensor<T> Inputs, Tensor<T> Targets)[] batches;

    public EpochBatches(Tensor<T> inputs, Tensor<T> targets, int size, uint seed)
    {
        int count = (int)inputs.Lengths[0];
        this.inputs = inputs.AsSpan().ToArray();
        this.targets = targets.AsSpan().ToArray();
        orderedInputs = new T[this.inputs.Length];
        orderedTargets = new T[this.targets.Length];
        order = new int[count];
        this.size = Math.Min(size, count);
        this.seed = seed;
        batches = new (Tensor<T>, Tensor<T>)[(count + this.size - 1) / this.size];
        for (int i = 0; i < batches.Length; i++)
        {
            int start = i * this.size;
            int length = Math.Min(this.size, count - start);
            batches[i] = (Piece(orderedInputs, inputs, start, length), Piece(orderedTargets, targets, start, length));
        }
    }

    /// <summary>The number of batches of an epoch.</summary>
    public int Count => batches.Length;

    /// <summary>Puts the samples into the order of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    public void Begin(int epoch)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (batches.Length > 1)
        {
            Shuffle(unchecked(((ulong)seed << 32) | (uint)epoch));
        }

        Gather(inputs, orderedInputs);
        Gather(targets, orderedTargets);
    }

    /// <summary>A batch of this epoch. It stays as it is until the next one begins.</summary>
    public (Tensor<T> Inputs, Tensor<T> Targets) this[int index] => batches[index];

    /// <summary>The numbers of a batch's samples.</summary>
    public ReadOnlySpan<int> Rows(int index) => order.AsSpan(index * size, Math.Min(size, order.Length - (index * size)));

    /// <summary>
    /// Puts the order into one of all orders with equal chances (Fisher and Yates), by random numbers that need no warming up:
    /// the state of NumPy's generator would cost as much as the steps of a small network. Source of the numbers: Steele, Lea and
    /// Flood, Fast Splittable Pseudorandom Number Generators (2014).
    /// </summary>
    private void Shuffle(ulong state)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            unchecked
            {
                state += 0x9E3779B97F4A7C15;
                ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
                mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
                int j = (int)(((mixed >> 32) * (ulong)(i + 1)) >> 32);
                (order[i], order[j]) = (order[j], order[i]);
            }
        }
    }

    private void Gather(T[] from, T[] to)
    {
        int width = from.Length / order.Length;
        for (int i = 0; i < order.Length; i++)
        {
            int source = order[i] * width;
            int target = i * width;
            for (int j = 0; j < width; j++)
            {
                to[target + j] = from[source + j];
            }
        }
    }

    private static Tensor<T> Piece(T[] memory, Tensor<T> whole, int start, int length)
    {
        nint[] shape = whole.Lengths.ToArray();
        int width = (int)(whole.FlattenedLength / shape[0]);
        shape[0] = length;
        return Tensor.Create(memory, start * width, shape, []);
    }
}
