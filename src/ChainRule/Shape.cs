using System.Globalization;
using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>Shapes as people read and compare them.</summary>
internal static class Shape
{
    /// <summary>The most dimensions that a tensor may have.</summary>
    public const int MaximumRank = 8;

    /// <summary>How many values a tensor with these lengths holds; 1 where there are none.</summary>
    public static nint Volume(ReadOnlySpan<nint> lengths)
    {
        nint volume = 1;
        foreach (nint length in lengths)
        {
            volume *= length;
        }

        return volume;
    }

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

    /// <summary>Where the value of a given number, counted row by row, is in a tensor, e.g. [1, 2].</summary>
    public static string Position(int offset, ReadOnlySpan<nint> lengths)
    {
        string[] parts = new string[lengths.Length];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            (offset, int index) = Math.DivRem(offset, (int)lengths[i]);
            parts[i] = index.ToString(CultureInfo.InvariantCulture);
        }

        return $"[{string.Join(", ", parts)}]";
    }

    /// <summary>Whether a tensor holds something, has a batch dimension, and lies in memory row by row.</summary>
    public static bool IsBatch<T>(Tensor<T> tensor) =>
        tensor.FlattenedLength > 0 && tensor.Rank is > 0 and <= MaximumRank && tensor.IsDense;

    /// <summary>The error for a tensor that <see cref="IsBatch"/> turned down.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">How the message names it, e.g. "ReLU 'relu1': the input".</param>
    /// <param name="parameterName">The name of the caller's parameter.</param>
    public static ArgumentException NotABatch<T>(Tensor<T> tensor, string what, string parameterName)
    {
        string shape = Describe(tensor.Lengths);
        if (tensor.FlattenedLength == 0)
        {
            return new ArgumentException($"{what} is empty: expected at least one sample and one value, got the shape {shape}.", parameterName);
        }

        return tensor.Rank is > 0 and <= MaximumRank
            ? new ArgumentException($"{what} is a strided view of shape {shape}: expected values that lie row by row. Call ToDenseTensor() on it first.", parameterName)
            : new ArgumentException($"{what} has the shape {shape}: expected from 1 to {MaximumRank} dimensions.", parameterName);
    }
}
