using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Data;

/// <summary>NumPy's npz files as data sets: the arrays X, one sample a row, and y, a class or a value for each.</summary>
public static class NpzData
{
    private const int MostClasses = 10_000;

    /// <summary>Reads a file. Where y has one dimension and holds whole numbers from 0, they are classes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classNames">The classes, where they are known already; empty for values; null finds out.</param>
    /// <exception cref="InvalidDataException">The file is broken, lacks X or y, or they do not belong together.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DataSet<T> Read<T>(string path, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        OrderedDictionary<string, Tensor<T>> arrays = NpzFile.Read<T>(path).Tensors;
        if (!arrays.TryGetValue("X", out Tensor<T>? x) || !arrays.TryGetValue("y", out Tensor<T>? y))
        {
            throw new InvalidDataException($"'{path}': expected the arrays X and y, got {(arrays.Count == 0 ? "none" : string.Join(", ", arrays.Keys))}.");
        }

        if (x.FlattenedLength == 0 || x.Rank < 2 || y.Lengths[0] != x.Lengths[0])
        {
            throw new InvalidDataException($"'{path}': expected X of shape (samples, features) and y with as many samples, got X with {x.Rank} dimensions and {x.Lengths[0]} samples, and y with {y.Lengths[0]}.");
        }

        if (classNames is null)
        {
            bool isClasses = y.Rank == 1 && y.All(value => value >= T.Zero && value < T.CreateChecked(MostClasses) && T.IsInteger(value));
            classNames = isClasses ? [.. Enumerable.Range(0, Math.Max(2, 1 + (int)y.Max(double.CreateTruncating))).Select(index => $"{index}")] : [];
        }

        nint samples = x.Lengths[0];
        Tensor<T> targets = classNames.Count == 0 && y.Rank == 1 ? Tensor.Create(y.ToArray(), [samples, 1]) : y;
        try
        {
            return new DataSet<T>(Path.GetFileNameWithoutExtension(path), x, targets, classNames);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"'{path}': {exception.Message}", exception);
        }
    }
}
