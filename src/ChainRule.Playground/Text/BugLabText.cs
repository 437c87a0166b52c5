namespace ChainRule.Playground.Text;

/// <summary>The bug lab.</summary>
public sealed record BugLabText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>What it is.</summary>
    public required string Introduction { get; init; }

    /// <summary>Names the choice.</summary>
    public required string Choose { get; init; }

    /// <summary>No bug.</summary>
    public required string None { get; init; }

    /// <summary>Checks all.</summary>
    public required string Check { get; init; }

    /// <summary>Starts the game.</summary>
    public required string FindIt { get; init; }

    /// <summary>A bug is hidden.</summary>
    public required string Hidden { get; init; }

    /// <summary>Names the guess.</summary>
    public required string Guess { get; init; }

    /// <summary>The guess is right.</summary>
    public required string Right { get; init; }

    /// <summary>The guess is wrong.</summary>
    public required string Wrong { get; init; }

    /// <summary>Shows the answer.</summary>
    public required string GiveUp { get; init; }

    /// <summary>Verdicts: passed {0}, kinks {1}, failed {2}, noise {3}.</summary>
    public required string Counts { get; init; }

    /// <summary>The verdicts are old.</summary>
    public required string Outdated { get; init; }

    /// <summary>Heads the parameters.</summary>
    public required string ByParameter { get; init; }

    /// <summary>Where it was planted.</summary>
    public required string Place { get; init; }

    /// <summary>Heads the wrong line.</summary>
    public required string CodeWrong { get; init; }

    /// <summary>Heads the right line.</summary>
    public required string CodeRight { get; init; }

    /// <summary>Bugs need float64.</summary>
    public required string NeedsDouble { get; init; }

    /// <summary>Changes the precision.</summary>
    public required string UseDouble { get; init; }

    /// <summary>There are none.</summary>
    public required string NonePlantable { get; init; }
}
