using System.Diagnostics;
using ChainRule.Lessons.BugLab;
using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>What the bug lab knows of the run: the verdicts, and where a bug has to be found, the guess.</summary>
public sealed class BugHunt
{
    private int hidden;

    /// <summary>Whether the planted bug is one to be found.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>The bug that somebody thinks it is; null while there is no guess.</summary>
    public PlantedBug? Guess { get; private set; }

    /// <summary>Verdicts for every entry; null where nobody asked.</summary>
    public Verdicts? Verdicts { get; private set; }

    /// <summary>The version of the run that <see cref="Verdicts"/> are about.</summary>
    public int VerdictsVersion { get; private set; } = -1;

    /// <summary>Begins with a bug that all may see, or that has to be found.</summary>
    /// <param name="isHidden">Whether it has to be found.</param>
    internal void Begin(bool isHidden) => (IsHidden, Guess) = (isHidden, null);

    /// <summary>Picks a bug to hide: another one each time.</summary>
    /// <param name="bugs">Those that can be planted; at least one.</param>
    internal PlantedBug Pick(IReadOnlyList<PlantedBug> bugs) => bugs[(int)((uint)HashCode.Combine(Stopwatch.GetTimestamp(), hidden++) % (uint)bugs.Count)];

    /// <summary>Takes a guess; the true one ends the search.</summary>
    /// <param name="bug">The bug that somebody thinks it is.</param>
    /// <param name="planted">The bug that it is.</param>
    internal void Take(PlantedBug bug, PlantedBug? planted) => (Guess, IsHidden) = (bug, bug != planted);

    /// <summary>Checks every entry of every parameter.</summary>
    /// <param name="run">The run.</param>
    internal void Judge(TrainingRun run) => (Verdicts, VerdictsVersion) = (run.Judge(), run.Version);

    /// <summary>Forgets the verdicts.</summary>
    internal void Pardon() => (Verdicts, VerdictsVersion) = (null, -1);
}
