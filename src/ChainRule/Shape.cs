using System.Globalization;
using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>Shapes as people read and compare them.</summary>
internal static class Shape
{
    /// <summary>A shape as NumPy prints it, e.g. (4, 2) or (3,).</summary>
    public static string Describe(ReadOnlySpan<nint> lengths)
    {
        string[] parts = new string[lengths.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = lengths[i].ToString(CultureInfo.InvariantCulture);
        }

        return parts.Length == 1 ? $"({parts[0]},)" : $"({string.Join(", ", parts)})";
    }

    /// <summary>Throws where a tensor holds nothing, has no batch dimension or does not lie in memory row by row.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">How the message names it, e.g. "ReLU: the input".</param>
    /// <param name="parameterName">The name of the caller's parameter.</param>
    public static void RequireBatch<T>(Tensor<T> tensor, string what, string parameterName)
    {
        if (tensor.Rank == 0 || tensor.FlattenedLength == 0)
        {
            throw new ArgumentException($"{what} is empty: expected at least one sample and one value, got {Describe(tensor.Lengths)}.", parameterName);
        }

        if (!tensor.IsDense)
        {
            throw new ArgumentException($"{what} is a strided view of shape {Describe(tensor.Lengths)}: expected values that lie row by row. Call ToDenseTensor() on it first.", parameterName);
        }
    }
}
