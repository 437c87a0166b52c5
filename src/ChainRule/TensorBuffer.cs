using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// Memory that stays between steps: tensors of the wanted shape over one array that only grows. The last batch of an epoch is
/// often smaller than the others, the last part of a batch than its other parts, and validation has batches of its own, so the
/// most recent shapes are kept: going back and forth between them allocates nothing.
/// </summary>
internal sealed class TensorBuffer<T>
{
    // Batches, their parts and those of validation, each with a smaller last one.
    private const int Kept = 6;

    private readonly Tensor<T>?[] recent = new Tensor<T>?[Kept];
    private T[] memory = [];

    /// <summary>A tensor of the given shape. Its content is of no meaning, and all tensors of one buffer share memory.</summary>
    public Tensor<T> WithShape(ReadOnlySpan<nint> shape) =>
        recent[0] is { } current && shape.SequenceEqual(current.Lengths) ? current : Recall(shape);

    private Tensor<T> Recall(ReadOnlySpan<nint> shape)
    {
        int place = 1;
        while (place < Kept - 1 && !(recent[place] is { } tensor && shape.SequenceEqual(tensor.Lengths)))
        {
            place++;
        }

        Tensor<T>? found = recent[place];
        if (found is null || !shape.SequenceEqual(found.Lengths))
        {
            int length = checked((int)TensorPrimitives.Product(shape));
            if (memory.Length < length)
            {
                memory = new T[length];
                Array.Clear(recent);
            }

            found = Tensor.Create(memory, 0, shape, []);
        }

        // The most recent comes first; the one that was used longest ago is forgotten.
        Array.Copy(recent, 0, recent, 1, place);
        return recent[0] = found;
    }
}
