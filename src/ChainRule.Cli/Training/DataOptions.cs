using System.CommandLine;

namespace ChainRule.Cli.Training;

/// <summary>The options that say which data a command means.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string> data = new("DATA") { Description = $"{DataSource.Choices}." };
    private readonly Option<string?> label = new("--label") { Description = "Column of a CSV file that holds the label, by name or by number from 0. [default: the last]", HelpName = "COLUMN" };
    private readonly Option<string?> directory = new("--data-directory") { Description = "Folder where fashion-mnist and mnist are looked for first. [default: $CHAINRULE_DATA, the cache, /usr/share/datasets]", HelpName = "DIR" };
    private readonly Option<long?> samples = OptionFactory.WholeNumber("--samples", "Samples of a toy set. [default: 200; xor: 4]", 2, 10_000_000);
    private readonly Option<double?> noise = OptionFactory.Number("--noise", "Noise of a toy set. [default: 0.1; xor: 0]", 0, 1000);

    /// <summary>The seed of everything random that the command does.</summary>
    public Option<long?> Seed { get; } = OptionFactory.WholeNumber("--seed", "Seed of everything random. [default: 42]", 0, uint.MaxValue);

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(data);
        command.Add(label);
        command.Add(directory);
        command.Add(samples);
        command.Add(noise);
        command.Add(Seed);
    }

    /// <summary>What a call says.</summary>
    public DataSource From(ParseResult call) => new()
    {
        Name = call.GetRequiredValue(data),
        Label = call.GetValue(label),
        Directory = call.GetValue(directory),
        Samples = (int?)call.GetValue(samples),
        Noise = call.GetValue(noise),
        Seed = SeedOf(call),
    };

    /// <summary>The seed that a call says.</summary>
    public uint SeedOf(ParseResult call) => (uint)(call.GetValue(Seed) ?? 42);
}
