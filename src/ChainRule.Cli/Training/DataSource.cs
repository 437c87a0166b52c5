using System.Numerics;
using ChainRule.Data;
using ChainRule.Data.Digits;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>The data that a call names: a toy set, the digits or a CSV file.</summary>
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

    /// <summary>What can be named.</summary>
    public static string Choices { get; } = $"{string.Join(", ", ToyData.Names)}, {DigitsName}, or a CSV file";

    /// <summary>Whether it is a file.</summary>
    public bool IsFile => Name != DigitsName && !ToyData.Names.Contains(Name);

    /// <summary>Opens it.</summary>
    /// <param name="classNames">The classes of a trained model; null where they are to be found out.</param>
    /// <exception cref="CommandException">There is no such data, or it takes no such settings.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public DataSet<T> Open<T>(IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (IsFile)
        {
            return OpenTable().ToDataSet<T>(Label, classNames);
        }

        if (Label is not null)
        {
            throw new CommandException($"--label is for CSV files; '{Name}' knows its own.");
        }

        if (Name == DigitsName)
        {
            return Samples is null && Noise is null
                ? HandwrittenDigits.Load<T>()
                : throw new CommandException("digits are what they are: --samples and --noise are for toy sets.");
        }

        bool isXor = Name == "xor"; // the four samples of the lesson
        return ToyData.Create<T>(Name, Samples ?? (isXor ? 4 : 200), Noise ?? (isXor ? 0 : 0.1), new NumPyRandom(Seed));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="CommandException">There is no such file, or it takes no such settings.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public CsvTable OpenTable()
    {
        if (!File.Exists(Name))
        {
            throw new CommandException($"DATA: expected {Choices}, got '{Name}'{(Name.Contains('.', StringComparison.Ordinal) || Directory.Exists(Name) ? ", and there is no such file" : "")}.");
        }

        return Samples is null && Noise is null
            ? CsvTable.Read(Name)
            : throw new CommandException($"'{Name}' is what it is: --samples and --noise are for toy sets.");
    }
}
