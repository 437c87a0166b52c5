using System.Numerics;
using ChainRule.Training;

namespace ChainRule.Data;

/// <summary>Well-known data sets, from the disk or over HTTP: Fashion-MNIST and MNIST.</summary>
public static class NamedData
{
    private const string Variable = "CHAINRULE_DATA";
    private const string SystemFolder = "/usr/share/datasets";

    /// <summary>What the sets are called.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. NamedSet.All.Select(set => set.Name)];

    /// <summary>Finds a set on the disk and reads it, pixels from 0 to 1.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="directory">Where to look first: a folder with the files, or with a folder of the set's name; null for the usual places.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    /// <exception cref="FileNotFoundException">The files are nowhere; the message says which are wanted and where they were looked for.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    public static (DataSet<T> Training, DataSet<T> Test) Read<T>(string name, string? directory = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NamedSet set = SetOf(name);
        string[] roots = [.. Roots(directory)];
        string folder = Find(set, roots) ?? throw new FileNotFoundException(Wanted(set, roots));
        return IdxFolder.Read<T>(folder, name, set.ClassNames);
    }

    /// <summary>
    /// Finds a set on the disk, or else downloads the files that are missing into the first of the places, and reads it, pixels
    /// from 0 to 1.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="directory">Where to look first, and to download to; null for the usual places: $CHAINRULE_DATA, the user's cache, the system's folder.</param>
    /// <param name="progress">Told of a download's blocks.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived is kept, and the next call goes on from there.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    /// <exception cref="IOException">The download failed; the message says why, which files are wanted, where they were looked for and where to put them.</exception>
    /// <exception cref="InvalidDataException">A file is broken, on the disk or on the server.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public static async Task<(DataSet<T> Training, DataSet<T> Test)> ReadOrDownloadAsync<T>(
        string name, string? directory = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        NamedSet set = SetOf(name);
        string[] roots = [.. Roots(directory)];
        if (Find(set, roots) is not { } folder)
        {
            using var client = new HttpClient();
            folder = await DownloadAsync(set, roots, new Downloader(client), progress, cancellationToken).ConfigureAwait(false);
        }

        return IdxFolder.Read<T>(folder, name, set.ClassNames);
    }

    /// <summary>Downloads the files that the set's folder in the first place lacks.</summary>
    /// <returns>That folder.</returns>
    internal static async Task<string> DownloadAsync(NamedSet set, IReadOnlyList<string> roots, Downloader downloader, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(roots[0], set.Name);
        try
        {
            Directory.CreateDirectory(folder);
            for (int i = 0; i < set.Files.Count; i++)
            {
                if (!IdxFolder.Holds(folder, IdxFolder.Files[i]))
                {
                    await downloader.DownloadAsync(set.Files[i], Path.Combine(folder, set.Files[i].Name), progress, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{exception.Message} {Wanted(set, roots)} To do without the download, put them into '{folder}'.", exception);
        }

        return folder;
    }

    private static NamedSet SetOf(string name) => NamedSet.All.FirstOrDefault(set => set.Name == name)
        ?? throw new ArgumentException($"There is no data set '{name}'; there are {string.Join(", ", Names)}.", nameof(name));

    private static string? Find(NamedSet set, IEnumerable<string> roots) => Places(set, roots).FirstOrDefault(IdxFolder.IsComplete);

    private static string Wanted(NamedSet set, IEnumerable<string> roots) =>
        $"The files of {set.Name} are not here: expected {string.Join(", ", IdxFolder.Files)} (with or without .gz) in one of {string.Join(", ", Places(set, roots))}.{set.Hint}";

    private static IEnumerable<string> Places(NamedSet set, IEnumerable<string> roots) =>
        roots.SelectMany(root => new[] { root, Path.Combine(root, set.Name) });

    private static IEnumerable<string> Roots(string? directory)
    {
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(cache ?? ""))
        {
            // The specification of base directories has relative paths ignored.
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        }

        return new[] { directory, Environment.GetEnvironmentVariable(Variable), Path.Combine(cache!, "chainrule"), SystemFolder }
            .OfType<string>().Where(root => root.Length > 0);
    }
}
