using System.Numerics;
using ChainRule.Cli.Output;
using ChainRule.Data;
using ChainRule.Data.Digits;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>The data that a call names: a toy set, the digits, a well-known set, a CSV or npz file, or a folder of IDX files.</summary>
internal sealed record DataSource
{
    private const string DigitsName = "digits";

    /// <summary>What the call says.</summary>
    public required string Name { get; init; }

    /// <summary>The samples of a toy set; null for its usual number.</summary>
    public int? Samples { get; init; }

    /// <summary>The noise of a toy set; null for its usual one.</summary>
    public double? Noise { get; init; }

    /// <summary>The seed of a toy set.</summary>
    public uint Seed { get; init; }

    /// <summary>The label column of a CSV file, by name or by number; null for the last.</summary>
    public string? Label { get; init; }

    /// <summary>Where well-known sets are looked for first; null for the usual places.</summary>
    public string? Directory { get; init; }

    /// <summary>What can be named.</summary>
    public static string Choices { get; } = $"{string.Join(", ", ToyData.Names)}, {DigitsName}, {string.Join(", ", NamedData.Names)}, a CSV or npz file, or a folder of IDX files";

    /// <summary>Whether it is a CSV file.</summary>
    public bool IsTable => !IsNpz && Name != DigitsName && !ToyData.Names.Contains(Name) && !NamedData.Names.Contains(Name) && !System.IO.Directory.Exists(Name);

    /// <summary>Whether it is a file.</summary>
    public bool IsFile => IsTable || IsNpz;

    private bool IsNpz => Name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens it; downloads a well-known set that is not here.</summary>
    /// <param name="output">Where a download shows itself.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <param name="classNames">The classes of a trained model; null where they are to be found out.</param>
    /// <returns>The samples, and those that the data set aside for a test; null where they set none aside.</returns>
    /// <exception cref="CommandException">There is no such data, or it takes no such settings.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public (DataSet<T> Data, DataSet<T>? Test) Open<T>(CommandOutput output, CancellationToken cancellationToken, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (IsTable)
        {
            return (OpenTable().ToDataSet<T>(Label, classNames), null);
        }

        if (!ToyData.Names.Contains(Name) && (Samples is not null || Noise is not null))
        {
            throw new CommandException($"'{Name}' is what it is: --samples and --noise are for toy sets.");
        }

        if (Label is not null)
        {
            throw new CommandException($"--label is for CSV files; '{Name}' has its own.");
        }

        if (IsNpz)
        {
            return File.Exists(Name) ? (NpzData.Read<T>(Name, classNames), null) : throw new CommandException($"DATA: there is no file '{Name}'.");
        }

        if (Name == DigitsName)
        {
            return (HandwrittenDigits.Load<T>(), null);
        }

        if (NamedData.Names.Contains(Name))
        {
            return DownloadView.Watch(output, progress => NamedData.ReadOrDownloadAsync<T>(Name, Directory, progress, cancellationToken).GetAwaiter().GetResult());
        }

        if (!ToyData.Names.Contains(Name))
        {
            return IdxFolder.Read<T>(Name, Path.GetFileName(Path.TrimEndingDirectorySeparator(Name)));
        }

        bool isXor = Name == "xor"; // the four samples of the lesson
        return (ToyData.Create<T>(Name, Samples ?? (isXor ? 4 : 200), Noise ?? (isXor ? 0 : 0.1), new NumPyRandom(Seed)), null);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="CommandException">There is no such file, or it takes no such settings.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public CsvTable OpenTable()
    {
        if (!File.Exists(Name))
        {
            throw new CommandException($"DATA: expected {Choices}, got '{Name}'{(Name.Contains('.', StringComparison.Ordinal) ? ", and there is no such file" : "")}.");
        }

        return Samples is null && Noise is null
            ? CsvTable.Read(Name)
            : throw new CommandException($"'{Name}' is what it is: --samples and --noise are for toy sets.");
    }
}
