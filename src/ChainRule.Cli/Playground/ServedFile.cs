using System.Globalization;

namespace ChainRule.Cli.Playground;

/// <summary>A file that is served.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Tag">Changes when the file does.</param>
/// <param name="Brotli">The same compressed by brotli; null where it does not lie there.</param>
/// <param name="Gzip">The same compressed by gzip; null where it does not lie there.</param>
/// <param name="IsImmutable">Whether another content would have another name.</param>
internal sealed record ServedFile(string Path, string MediaType, string Tag, string? Brotli, string? Gzip, bool IsImmutable)
{
    private const string BrotliEnding = ".br";
    private const string GzipEnding = ".gz";

    // Names such as ChainRule.65lpq0il3v.wasm carry ten letters that are made of the content.
    private const int FingerprintLength = 10;

    /// <summary>All files of a folder by their names from there, with slashes.</summary>
    public static Dictionary<string, ServedFile> AllIn(string folder)
    {
        string[] paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        var present = paths.ToHashSet(StringComparer.Ordinal);
        var files = new Dictionary<string, ServedFile>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            bool isCompressed = (path.EndsWith(BrotliEnding, StringComparison.Ordinal) || path.EndsWith(GzipEnding, StringComparison.Ordinal)) && present.Contains(path[..^3]);
            if (!isCompressed)
            {
                string name = System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/');
                var info = new FileInfo(path);
                string tag = string.Create(CultureInfo.InvariantCulture, $"\"{info.LastWriteTimeUtc.Ticks:x}-{info.Length:x}\"");
                files[name] = new ServedFile(path, TypeOf(path), tag, Existing(path + BrotliEnding), Existing(path + GzipEnding), HasFingerprint(name));
            }
        }

        return files;

        string? Existing(string path) => present.Contains(path) ? path : null;
    }

    /// <summary>The form of the file for a reader.</summary>
    /// <param name="accepted">What compressions the reader takes.</param>
    public (string Path, string? Encoding) For(string? accepted)
    {
        string[] encodings = [.. (accepted ?? "").Split(',').Select(one => one.Trim()).Where(one => !one.Replace(" ", "", StringComparison.Ordinal).EndsWith(";q=0", StringComparison.Ordinal)).Select(one => one.Split(';')[0])];
        return Brotli is not null && encodings.Contains("br") ? (Brotli, "br")
            : Gzip is not null && encodings.Contains("gzip") ? (Gzip, "gzip")
            : (Path, null);
    }

    private static bool HasFingerprint(string name)
    {
        string[] parts = System.IO.Path.GetFileName(name).Split('.');
        return name.StartsWith("_framework/", StringComparison.Ordinal) && parts.Length >= 3 && parts[^2].Length == FingerprintLength && parts[^2].All(char.IsAsciiLetterOrDigit);
    }

    private static string TypeOf(string path) => System.IO.Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".wasm" => "application/wasm",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
