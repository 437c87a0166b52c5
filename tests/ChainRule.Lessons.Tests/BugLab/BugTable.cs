using System.Globalization;
using System.Text;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Lessons.Tests.BugLab;

/// <summary>The outcome of all bugs as a page of the documentation.</summary>
/// <param name="outcomes">All bugs.</param>
/// <param name="cases">How many cases each had.</param>
/// <param name="networks">How many right networks were checked.</param>
/// <param name="mended">How many cases were checked with the right line.</param>
/// <param name="alarms">How many of both were called wrong.</param>
internal sealed class BugTable(IReadOnlyList<BugOutcome> outcomes, int cases, int networks, int mended, int alarms)
{
    private int All => cases * outcomes.Count;

    private string Summary => string.Create(CultureInfo.InvariantCulture, $"""
        {outcomes.Count} bugs, {cases} cases each: {outcomes.Sum(outcome => outcome.Caught)} of {All} caught, {outcomes.Sum(outcome => outcome.Named)} of {All} named at first
        ({100.0 * outcomes.Sum(outcome => outcome.Named) / All:0.0}%). Right versions: {networks} random networks and {mended} mended cases, {alarms} false alarms.
        """);

    /// <summary>What was taken for what: one line for each bug, then one for each cause.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Summary).AppendLine();
        text.AppendLine("| bug | what it is | true cause | caught | named at first | taken for |").AppendLine("|---|---|---|---:|---:|---|");
        foreach (BugOutcome outcome in outcomes)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {outcome.Bug.Name} | {outcome.Bug.In(Language.English).Title} | {outcome.Bug.Cause} | {outcome.Caught} of {cases} | {outcome.Named} of {cases} | {Names(outcome.Mistaken)} |");
        }

        text.AppendLine().AppendLine("By true cause, what the first diagnosis was:").AppendLine();
        text.AppendLine("| true cause | cases | caught | named at first | taken for |").AppendLine("|---|---:|---:|---:|---|");
        foreach (IGrouping<GradientMistake, BugOutcome> group in outcomes.GroupBy(outcome => outcome.Bug.Cause).OrderBy(group => group.Key))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {group.Key} | {cases * group.Count()} | {group.Sum(outcome => outcome.Caught)} | {group.Sum(outcome => outcome.Named)} | {Names(group.SelectMany(outcome => outcome.Mistaken))} |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The page.</summary>
    public string Page => $"""
        # The bug lab

        A gradient check is worth what it catches. The bug lab (`src/ChainRule.Lessons/BugLab`) is a collection of mistakes that
        people make when they write a backward pass by hand. Each is a small class: the wrong line, the right one, and the story of
        the mistake in English and Korean. `chainrule lesson bugs` shows one with what the check says of it, asks what is wrong, and
        tells the story; `chainrule lesson bugs --list` names them all. Those that fit a network of linear layers can be planted in
        the playground.

        Each bug is checked in {cases} cases: networks and layers of random size with random numbers. *Caught* says in how many the
        check failed, *named at first* in how many its first diagnosis was the true cause, *taken for* what it was otherwise.

        What is right must not be called wrong. With the right line in the place of the wrong one every bug is checked again, and so
        are {networks} random networks: linear, convolution, pooling, normalisation, dropout, embedding, attention, recurrent and
        branched ones, under all losses, in float and double. Their numbers go from 1e-6 to 1e6.

        {this}
        One test checks all this and compares this page with its outcome. To see the table:

        ```sh
        dotnet run --project tests/ChainRule.Lessons.Tests -- -class "*BugCatalogueTests" -showLiveOutput
        ```

        `CHAINRULE_SEED=7` draws other cases and other networks, `CHAINRULE_WRITE_DOCS=1` writes the page.

        """.ReplaceLineEndings("\n");

    private static string Names(IEnumerable<GradientMistake?> causes) =>
        string.Join(", ", causes.GroupBy(cause => cause).OrderBy(group => group.Key).Select(group => $"{group.Key?.ToString() ?? "nothing"} ({group.Count()})"));
}
