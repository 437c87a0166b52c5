namespace ChainRule.Cli.Output;

/// <summary>A folder that files are written into; it is tried before any long work.</summary>
internal sealed class OutputFolder
{
    private readonly string path;

    private OutputFolder(string path) => this.path = path;

    /// <summary>Makes the folder where it is missing, and proves that files can be written into it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that named it, for the message.</param>
    /// <exception cref="CommandException">It cannot be used.</exception>
    public static OutputFolder Open(string path, string option)
    {
        if (path.Length == 0)
        {
            throw new CommandException($"{option}: expected a folder, got an empty name.");
        }

        if (File.Exists(path))
        {
            throw new CommandException($"{option}: expected a folder, got the file '{path}'.");
        }

        try
        {
            Directory.CreateDirectory(path);
            using FileStream probe = File.Create(TemporaryName(path), bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException($"{option}: cannot write into the folder '{path}': {exception.Message}");
        }

        return new OutputFolder(path);
    }

    /// <summary>Writes a file beside its place and then renames it, so that nobody ever sees half of it.</summary>
    /// <param name="name">The file's name in the folder.</param>
    /// <param name="content">All of it.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="CommandException">It cannot be written.</exception>
    public string Write(string name, byte[] content)
    {
        string destination = Path.Combine(path, name);
        string temporary = TemporaryName(path);
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, destination, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new CommandException($"Cannot write '{destination}': {exception.Message}");
        }

        return destination;
    }

    private static string TemporaryName(string folder) => Path.Combine(folder, $".chainrule-{Guid.NewGuid():N}.tmp");
}
