using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Training;

namespace ChainRule.Data;

/// <summary>
/// A folder in the layout of MNIST: pictures and labels to train (<c>train-…</c>) and to test (<c>t10k-…</c>), each an
/// <see cref="IdxFile"/>, plain or with <c>.gz</c>.
/// </summary>
public static class IdxFolder
{
    private static readonly string[] files = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>The four files, without <c>.gz</c>.</summary>
    public static IReadOnlyList<string> Files => files;

    /// <summary>Whether a folder holds all four files.</summary>
    public static bool IsComplete(string folder) => files.All(file => Holds(folder, file));

    /// <summary>Whether a folder holds one of the <see cref="Files"/>, plain or packed.</summary>
    internal static bool Holds(string folder, string file) => Find(folder, file) is not null;

    /// <summary>Reads a folder: each picture is a row of its pixels, brought to 0 to 1.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">What people call the data.</param>
    /// <param name="classNames">The names of the classes; null for numbers.</param>
    /// <exception cref="InvalidDataException">A file is missing or broken, or pictures and labels do not belong together.</exception>
    public static (DataSet<T> Training, DataSet<T> Test) Read<T>(string folder, string name, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T>[] tensors = [.. files.Select(file => IdxFile.Read<T>(Find(folder, file)
            ?? throw new InvalidDataException($"'{folder}' lacks the file {file}, with or without .gz; expected {string.Join(", ", files)}.")))];
        classNames ??= [.. Enumerable.Range(0, 1 + (int)tensors[1].Concat(tensors[3]).Max(double.CreateTruncating)).Select(index => $"{index}")];
        return (Part(folder, name, tensors[0], tensors[1], classNames), Part(folder, name, tensors[2], tensors[3], classNames));
    }

    private static DataSet<T> Part<T>(string folder, string name, Tensor<T> pictures, Tensor<T> labels, IReadOnlyList<string> classNames)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (pictures.Rank < 2 || labels.Rank != 1 || pictures.Lengths[0] != labels.Lengths[0])
        {
            throw new InvalidDataException($"'{folder}': expected a label for each picture, got {pictures.Lengths[0]} pictures and {labels.Lengths[0]} labels.");
        }

        if (labels.Max(double.CreateTruncating) >= classNames.Count)
        {
            throw new InvalidDataException($"'{folder}': a label is {labels.Max(double.CreateTruncating)}; expected at most {classNames.Count - 1}.");
        }

        T[] pixels = new T[pictures.FlattenedLength];
        pictures.FlattenTo(pixels);
        TensorPrimitives.Divide<T>(pixels, T.CreateTruncating(255), pixels);
        return new DataSet<T>(name, Tensor.Create(pixels, [pictures.Lengths[0], pixels.Length / pictures.Lengths[0]]), labels, classNames);
    }

    private static string? Find(string folder, string file) =>
        new[] { Path.Combine(folder, file), Path.Combine(folder, $"{file}.gz") }.FirstOrDefault(File.Exists);
}
