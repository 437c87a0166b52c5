using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// Memory that stays between steps: tensors of the wanted shape over one array that only grows. The last batch of an
/// epoch is often smaller than the others, so the two most recent shapes are kept: going back and forth between them
/// allocates nothing.
/// </summary>
internal sealed class TensorBuffer<T>
{
    private T[] memory = [];
    private Tensor<T>? current;
    private Tensor<T>? previous;

    /// <summary>A tensor of the given shape. Its content is of no meaning, and all tensors of one buffer share memory.</summary>
    public Tensor<T> WithShape(ReadOnlySpan<nint> shape)
    {
        if (current is not null && shape.SequenceEqual(current.Lengths))
        {
            return current;
        }

        (current, previous) = (previous, current);
        if (current is null || !shape.SequenceEqual(current.Lengths))
        {
            int length = checked((int)TensorPrimitives.Product(shape));
            if (memory.Length < length)
            {
                memory = new T[length];
                previous = null;
            }

            current = Tensor.Create(memory, 0, shape, []);
        }

        return current;
    }
}
