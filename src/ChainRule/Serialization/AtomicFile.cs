namespace ChainRule.Serialization;

/// <summary>Writes files so that nobody ever finds half of one, whatever happens in between.</summary>
public static class AtomicFile
{
    /// <summary>Writes a temporary file beside the destination, forces it to the disk and renames it.</summary>
    /// <param name="path">The destination; a file that is there is replaced at the end, and stays as it is if anything fails.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written; the message names it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        if (Directory.Exists(path))
        {
            throw new IOException($"Cannot write the file '{path}': it is a folder.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            switch (exception)
            {
                case UnauthorizedAccessException:
                    throw new UnauthorizedAccessException($"Cannot write '{path}': the folder '{folder}' may not be written.", exception);
                case DirectoryNotFoundException:
                    throw new IOException($"Cannot write '{path}': there is no folder '{folder}'.", exception);
                case IOException:
                    throw new IOException($"Cannot write '{path}': {exception.Message}", exception);
                default:
                    throw;
            }
        }
    }
}
