using System.Numerics.Tensors;

namespace ChainRule.Layers;

/// <summary>The last dimensions of a tensor, over which a layer normalises.</summary>
internal static class LastDimensions
{
    /// <summary>How many numbers the dimensions hold together.</summary>
    /// <exception cref="ArgumentException">There are none, too many, one is not positive, or they hold more than an array can.</exception>
    public static int Size(IReadOnlyList<int> dimensions, string kind)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        double size = dimensions.Aggregate(1.0, (product, length) => product * length);
        return dimensions.Count is > 0 and < Shape.MaximumRank && dimensions.All(length => length > 0) && size <= Array.MaxLength
            ? (int)size
            : throw new ArgumentException($"{kind}: expected from 1 to {Shape.MaximumRank - 1} dimensions above 0 to normalise over, got ({string.Join(", ", dimensions)}).", nameof(dimensions));
    }

    /// <summary>Whether a shape ends with the dimensions, and has a batch in front of them.</summary>
    public static bool AreLastOf(ReadOnlySpan<nint> shape, int[] dimensions)
    {
        if (shape.Length <= dimensions.Length)
        {
            return false;
        }

        ReadOnlySpan<nint> last = shape[^dimensions.Length..];
        for (int d = 0; d < dimensions.Length; d++)
        {
            if (last[d] != dimensions[d])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A new tensor with these dimensions that holds one value everywhere.</summary>
    public static Tensor<T> Filled<T>(int[] dimensions, T value)
    {
        Tensor<T> tensor = Tensor.CreateFromShape<T>([.. dimensions.Select(length => (nint)length)]);
        tensor.Fill(value);
        return tensor;
    }
}
