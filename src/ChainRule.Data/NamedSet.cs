namespace ChainRule.Data;

/// <summary>A well-known data set in the layout of MNIST, and where its files are to be had.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="ClassNames">The names of its classes; null for numbers.</param>
/// <param name="Files">The four packed files, in the order of <see cref="IdxFolder.Files"/>.</param>
/// <param name="Hint">How else to get it; empty where there is no other way.</param>
internal sealed record NamedSet(string Name, IReadOnlyList<string>? ClassNames, IReadOnlyList<RemoteFile> Files, string Hint)
{
    /// <summary>
    /// Sizes and checksums are those of the authors' files: labels hashed as they are in the repository; pictures as in Debian's
    /// dataset-fashion-mnist, with the names and times in the gzip headers that Debian leaves out.
    /// </summary>
    private static readonly NamedSet fashionMnist = new(
        "fashion-mnist",
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        FilesAt(
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/",
            (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),
        " On Debian: apt-get install dataset-fashion-mnist.");

    /// <summary>
    /// Sizes and checksums are those that TensorFlow Datasets publishes (url_checksums/mnist.txt) for this mirror; nobody has
    /// computed them anew for this project.
    /// </summary>
    private static readonly NamedSet mnist = new(
        "mnist",
        null,
        FilesAt(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
        "");

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<NamedSet> All { get; } = [fashionMnist, mnist];

    /// <summary>The files of a set at an address, with the size and checksum of each.</summary>
    public static IReadOnlyList<RemoteFile> FilesAt(string address, params ReadOnlySpan<(long Size, string Sha256)> expected)
    {
        var files = new RemoteFile[expected.Length];
        for (int i = 0; i < files.Length; i++)
        {
            files[i] = new RemoteFile(new Uri($"{address}{IdxFolder.Files[i]}.gz"), expected[i].Size, expected[i].Sha256);
        }

        return files;
    }
}
