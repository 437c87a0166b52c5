using System.Security.Cryptography;
using System.Text;
using ChainRule.Serialization;

namespace ChainRule.Training;

/// <summary>
/// A checkpoint on the disk: eight letters, the length of the content, the content, and its SHA-256, so that damage is seen before
/// anything is used. The content begins with the settings of the run, which the run that goes on must share.
/// </summary>
/// <remarks>
/// A new checkpoint is written beside the old one, forced to the disk and renamed; the old one is kept as <c>FILE.previous</c>.
/// Whenever the process is killed, one of the two is whole.
/// </remarks>
internal static class CheckpointFile
{
    private static ReadOnlySpan<byte> Magic => "CHRULCP1"u8;

    /// <summary>The name under which the checkpoint before the last is kept.</summary>
    public static string PreviousOf(string path) => $"{path}.previous";

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What another run must share to go on from here, by name.</param>
    /// <param name="write">Writes the state.</param>
    /// <exception cref="IOException">The file cannot be written; the one that was there is as it was.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, string>> settings, Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        writer.Write(settings.Count);
        foreach ((string name, string value) in settings)
        {
            writer.Write(name);
            writer.Write(value);
        }

        write(writer);
        writer.Flush();
        ReadOnlySpan<byte> content = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        byte[] hash = SHA256.HashData(content);
        if (File.Exists(path))
        {
            // A copy, not a rename: at no moment is there no file of that name.
            AtomicFile.Write(PreviousOf(path), stream =>
            {
                using FileStream old = File.OpenRead(path);
                old.CopyTo(stream);
            });
        }

        AtomicFile.Write(path, stream =>
        {
            using var file = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
            file.Write(Magic);
            file.Write(memory.Length);
            file.Write(memory.GetBuffer(), 0, (int)memory.Length);
            file.Write(hash);
        });
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings of this run.</param>
    /// <param name="read">Takes over the state.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another run; where the previous one is whole, the message says so.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Read(string path, IReadOnlyList<KeyValuePair<string, string>> settings, Action<BinaryReader> read) =>
        Read(path, File.ReadAllBytes(path), settings, read);

    /// <summary>Reads a checkpoint whose bytes are here already.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="settings">The settings of this run.</param>
    /// <param name="read">Takes over the state.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another run.</exception>
    public static void Read(string path, byte[] file, IReadOnlyList<KeyValuePair<string, string>> settings, Action<BinaryReader> read)
    {
        if (ProblemOf(file) is { } problem)
        {
            string previous = PreviousOf(path);
            string hint = File.Exists(previous) && ProblemOf(File.ReadAllBytes(previous)) is null ? $" The one before it, '{previous}', is whole: resume from that." : "";
            throw new InvalidDataException($"'{path}' is no checkpoint that can be used: {problem}.{hint}");
        }

        using var memory = new MemoryStream(Content(file).ToArray(), writable: false);
        using var reader = new BinaryReader(memory, Encoding.UTF8);
        try
        {
            RequireSame(path, settings, ReadSettings(reader));
            read(reader);
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is no checkpoint that can be used: its content ends too early or is garbled.", exception);
        }
    }

    /// <summary>What is wrong with a file; null where it is whole.</summary>
    private static string? ProblemOf(byte[] file)
    {
        if (file.Length < Magic.Length + sizeof(long) + SHA256.HashSizeInBytes || !file.AsSpan().StartsWith(Magic))
        {
            return $"its {file.Length} bytes do not begin as a checkpoint does";
        }

        long length = BitConverter.ToInt64(file, Magic.Length);
        return length != file.Length - Magic.Length - sizeof(long) - SHA256.HashSizeInBytes
            ? $"it announces a content of {length} bytes and has {file.Length} bytes in all"
            : !SHA256.HashData(Content(file)).AsSpan().SequenceEqual(file.AsSpan(^SHA256.HashSizeInBytes..))
            ? "its checksum is wrong: it was damaged after it was written"
            : null;
    }

    private static ReadOnlySpan<byte> Content(byte[] file) => file.AsSpan((Magic.Length + sizeof(long))..^SHA256.HashSizeInBytes);

    private static Dictionary<string, string> ReadSettings(BinaryReader reader)
    {
        var settings = new Dictionary<string, string>();
        int count = Binary.ReadCount(reader, "settings");
        for (int i = 0; i < count; i++)
        {
            settings[reader.ReadString()] = reader.ReadString();
        }

        return settings;
    }

    private static void RequireSame(string path, IReadOnlyList<KeyValuePair<string, string>> settings, Dictionary<string, string> saved)
    {
        foreach ((string name, string value) in settings)
        {
            string before = saved.GetValueOrDefault(name, "none");
            if (before != value)
            {
                throw new InvalidDataException($"'{path}' is of another run: its {name} is {before}, and here it is {value}. Resume with the same settings.");
            }
        }
    }
}
