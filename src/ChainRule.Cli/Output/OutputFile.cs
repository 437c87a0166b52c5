namespace ChainRule.Cli.Output;

/// <summary>A file that a command will write; it is tried before any long work.</summary>
internal static class OutputFile
{
    /// <summary>Proves that a file can be written there.</summary>
    /// <param name="path">The file; null where none was asked for.</param>
    /// <param name="option">The option that named it, for the message.</param>
    /// <param name="extensions">The extensions that it may have; any where none are given.</param>
    /// <returns>The path.</returns>
    /// <exception cref="CommandException">It cannot be used.</exception>
    public static string? Require(string? path, string option, params ReadOnlySpan<string> extensions)
    {
        if (path is null)
        {
            return null;
        }

        if (path.Length == 0 || Path.GetFileName(path).Length == 0 || Directory.Exists(path))
        {
            throw new CommandException($"{option}: expected a file, got {(path.Length == 0 ? "an empty name" : $"the folder '{path}'")}.");
        }

        if (extensions.Length > 0 && !extensions.Contains(Path.GetExtension(path).ToLowerInvariant()))
        {
            throw new CommandException($"{option}: expected a file that ends in {string.Join(" or ", extensions!)}, got '{path}'.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new CommandException($"{option}: cannot write '{path}': there is no folder '{folder}'.");
        }

        OutputFolder.Open(folder, option);
        return path;
    }
}
