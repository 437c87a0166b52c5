using ChainRule.Lessons.BugLab;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Mutation;

/// <summary>
/// The first cases of every bug of the bug lab. The lab's own test compares what is said of all cases with docs/bug-lab.md; here what is
/// said of each must stay what it is without a mutant.
/// </summary>
public class BugLab
{
    private static readonly (uint Seed, double Scale)[] cases = [(1000, 1), (1001, 1e-4), (1002, 1e4)];

    /// <summary>
    /// Every bug that is named, in every case, and what is said of it. All experiments are tried before it is said of the others that their
    /// cause is not known: that takes as long as everything else together, for each mutant.
    /// </summary>
    public static IEnumerable<object[]> Said { get; } =
    [
        .. from bug in BugCatalogue.All
           from number in Enumerable.Range(0, cases.Length)
           let said = Say(bug, number)
           where !said.Contains($"{GradientMistake.Unknown}", StringComparison.Ordinal)
           select new object[] { bug.Name, number, said },
    ];

    /// <summary>A bug is caught and named as before, and its right version is still called right.</summary>
    [Theory]
    [MemberData(nameof(Said), DisableDiscoveryEnumeration = true)]
    public void Bug_is_named(string bug, int number, string said) => Assert.Equal(said, Say(BugCatalogue.Find(bug)!, number));

    private static string Say(PlantedBug bug, int number)
    {
        (uint seed, double scale) = cases[number];
        GradientCheckReport wrong = bug.Check(seed);
        GradientCheckReport right = bug.Check(seed, mended: true, scale);
        return $"{wrong.Verdict} {(wrong.Diagnoses is [Diagnosis first, ..] ? first.Cause : null)}, mended {right.Verdict == GradientVerdict.Fail} {right.Diagnoses.Count}";
    }
}
