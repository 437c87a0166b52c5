using System.Numerics;
using ChainRule.Training;

namespace ChainRule.Data;

/// <summary>Well-known data sets that people have on their disks: Fashion-MNIST and MNIST.</summary>
public static class NamedData
{
    private const string Variable = "CHAINRULE_DATA";

    private static readonly Dictionary<string, string[]?> sets = new()
    {
        ["fashion-mnist"] = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        ["mnist"] = null,
    };

    /// <summary>What the sets are called.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. sets.Keys];

    /// <summary>Finds a set on the disk and reads it, pixels from 0 to 1.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="directory">Where to look first: a folder with the files, or with a folder of the set's name; null for the usual places.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    /// <exception cref="FileNotFoundException">The files are nowhere; the message says which are wanted and where they were looked for.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    public static (DataSet<T> Training, DataSet<T> Test) Read<T>(string name, string? directory = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!sets.TryGetValue(name, out string[]? classNames))
        {
            throw new ArgumentException($"There is no data set '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
        }

        string[] places = [.. Places(name, directory)];
        string folder = places.FirstOrDefault(IdxFolder.IsComplete)
            ?? throw new FileNotFoundException($"The files of {name} are not here: expected {string.Join(", ", IdxFolder.Files)} (with or without .gz) in one of {string.Join(", ", places)}.{(name == "fashion-mnist" ? " On Debian: apt-get install dataset-fashion-mnist." : "")}");
        return IdxFolder.Read<T>(folder, name, classNames);
    }

    private static IEnumerable<string> Places(string name, string? directory)
    {
        foreach (string? root in new[] { directory, Environment.GetEnvironmentVariable(Variable) })
        {
            if (!string.IsNullOrEmpty(root))
            {
                yield return root;
                yield return Path.Combine(root, name);
            }
        }

        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        yield return Path.Combine(cache, "chainrule", name);
        yield return Path.Combine("/usr/share/datasets", name);
    }
}
