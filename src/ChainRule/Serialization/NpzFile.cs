using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Serialization;

/// <summary>NumPy's files of several arrays: a zip archive of npy files.</summary>
/// <remarks>Memory is taken as the archive unpacks: at most about a thousand times its size, which is as far as deflate can pack.</remarks>
public static class NpzFile
{
    // Deflate makes no more than 1,032 bytes of one.
    private const long MostUnpacked = 1032;

    private const string Extension = ".npy";

    // NumPy writes this day, the first that a zip archive can hold, so that the same arrays give the same file.
    private static readonly DateTimeOffset day = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is truncated, no archive, or an array in it is refused as in <see cref="NpyFile.Read{T}(string)"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NamedTensors<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using FileStream stream = File.OpenRead(path);
        return Read<T>(stream, path);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The arrays by name.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write<T>(string path, IReadOnlyList<KeyValuePair<string, Tensor<T>>> tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, Tensor<T> tensor) in tensors)
            {
                ZipArchiveEntry entry = archive.CreateEntry($"{name}{Extension}", CompressionLevel.NoCompression);
                entry.LastWriteTime = day;
                using Stream content = entry.Open();
                NpyFile.Write(content, tensor);
            }
        });
    }

    /// <summary>Reads from a stream.</summary>
    internal static NamedTensors<T> Read<T>(Stream stream, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var tensors = new OrderedDictionary<string, Tensor<T>>();
            long unpacked = 0;
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                // Entries may lie on top of each other: then a small file unpacks to an enormous one, though each entry is honest.
                unpacked += entry.Length;
                if (unpacked > MostUnpacked * stream.Length)
                {
                    throw new InvalidDataException($"'{name}' has {stream.Length} bytes and is said to unpack to {unpacked} or more: no honest archive does.");
                }

                string key = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : entry.FullName;
                using Stream content = entry.Open();
                if (!tensors.TryAdd(key, NpyFile.Read<T>(content, $"{name}/{entry.FullName}")))
                {
                    throw new InvalidDataException($"'{name}' holds two arrays called '{key}'.");
                }
            }

            return new NamedTensors<T>(tensors, new Dictionary<string, string>());
        }
        catch (Exception exception) when (exception is not InvalidDataException || !exception.Message.Contains(name, StringComparison.Ordinal))
        {
            if (exception is InvalidDataException or NotSupportedException or ArgumentException or EndOfStreamException or OverflowException or IOException)
            {
                throw new InvalidDataException($"'{name}' is no npz file that can be read: {exception.Message}", exception);
            }

            throw;
        }
    }
}
