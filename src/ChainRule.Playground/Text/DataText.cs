namespace ChainRule.Playground.Text;

/// <summary>The data.</summary>
public sealed record DataText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>Names the choice.</summary>
    public required string Kind { get; init; }

    /// <summary>Names the number of samples.</summary>
    public required string Samples { get; init; }

    /// <summary>Names the noise.</summary>
    public required string Noise { get; init; }

    /// <summary>Names the held-out share.</summary>
    public required string TestShare { get; init; }

    /// <summary>Names the seed.</summary>
    public required string Seed { get; init; }

    /// <summary>Heads one's own data.</summary>
    public required string Own { get; init; }

    /// <summary>Chooses a file.</summary>
    public required string ChooseFile { get; init; }

    /// <summary>Names the text field.</summary>
    public required string Paste { get; init; }

    /// <summary>Uses the text.</summary>
    public required string Use { get; init; }

    /// <summary>Starts drawing.</summary>
    public required string Draw { get; init; }

    /// <summary>Ends drawing.</summary>
    public required string StopDrawing { get; init; }

    /// <summary>How to draw.</summary>
    public required string DrawHint { get; init; }

    /// <summary>Names the class that is drawn.</summary>
    public required string DrawnClass { get; init; }

    /// <summary>Takes the last point away.</summary>
    public required string Undo { get; init; }

    /// <summary>Adds a point by numbers.</summary>
    public required string KeyboardDraw { get; init; }

    /// <summary>Adds it.</summary>
    public required string Add { get; init; }

    /// <summary>Data {0}: {1} samples to learn from, {2} held out, {3} features, {4} classes.</summary>
    public required string Current { get; init; }

    /// <summary>The same for values.</summary>
    public required string CurrentValues { get; init; }

    /// <summary>The features were brought to one scale.</summary>
    public required string Standardized { get; init; }

    /// <summary>What text that was pasted is called.</summary>
    public required string PastedName { get; init; }

    /// <summary>What the sets are called.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }
}
