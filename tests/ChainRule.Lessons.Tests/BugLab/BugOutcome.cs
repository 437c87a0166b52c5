using ChainRule.Lessons.BugLab;
using ChainRule.Verification;

namespace ChainRule.Lessons.Tests.BugLab;

/// <summary>How the cases of a bug went.</summary>
internal sealed class BugOutcome
{
    /// <summary>Checks the cases.</summary>
    /// <param name="bug">The bug.</param>
    /// <param name="seeds">The seeds of the cases.</param>
    public BugOutcome(PlantedBug bug, IReadOnlyList<uint> seeds)
    {
        Bug = bug;
        Cases = seeds.Count;
        GradientCheckReport[] reports = [.. seeds.Select(seed => bug.Check(seed))];
        Missed = [.. seeds.Zip(reports).Where(pair => pair.Second.Verdict != GradientVerdict.Fail).Select(pair => pair.First)];
        FirstDiagnoses = [.. reports.Select(report => report.Diagnoses is [Diagnosis first, ..] ? first.Cause : (GradientMistake?)null)];
    }

    public PlantedBug Bug { get; }

    public int Cases { get; }

    /// <summary>The seeds of the cases in which the check did not fail.</summary>
    public IReadOnlyList<uint> Missed { get; }

    /// <summary>In how many cases it failed.</summary>
    public int Caught => Cases - Missed.Count;

    /// <summary>What it thought first; null where it thought nothing.</summary>
    public IReadOnlyList<GradientMistake?> FirstDiagnoses { get; }

    /// <summary>In how many cases that was the true cause.</summary>
    public int Named => FirstDiagnoses.Count(diagnosis => diagnosis == Bug.Cause);

    /// <summary>What else it thought first.</summary>
    public IEnumerable<GradientMistake?> Mistaken => FirstDiagnoses.Where(diagnosis => diagnosis != Bug.Cause);
}
