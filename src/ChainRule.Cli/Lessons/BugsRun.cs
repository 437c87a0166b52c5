using ChainRule.Cli.Output;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Cli.Lessons;

/// <summary><c>chainrule lesson bugs</c>: shows a bug, asks, and answers.</summary>
/// <param name="language">The language.</param>
/// <param name="output">Where it goes.</param>
/// <param name="seed">Draws the bug and its numbers.</param>
internal sealed class BugsRun(Language language, CommandOutput output, uint seed)
{
    private const int Choices = 4;

    private readonly BugsView view = new(output.People, language);

    /// <summary>Lists bugs; the JSON document also says how their check went.</summary>
    public int List(IReadOnlyList<PlantedBug> bugs)
    {
        view.List(bugs);
        if (output.IsJson)
        {
            BugPart[] parts = [.. bugs.Select(bug => new BugPart(bug, language, bug.Check(seed)))];
            view.Total(parts);
            Write(parts);
        }

        return ExitCode.Done;
    }

    /// <summary>Shows one bug with its report; asks where somebody can answer.</summary>
    /// <param name="chosen">The bug; null to draw one.</param>
    public int Show(PlantedBug? chosen)
    {
        var random = new NumPyRandom(seed);
        PlantedBug bug = chosen ?? BugCatalogue.All[(int)random.RandInt(0, BugCatalogue.All.Count)];
        GradientCheckReport report = bug.Check(seed);
        view.Case(bug, report, seed);
        GradientMistake[] choices = Draw(bug.Cause, report, random);
        view.Question(choices);
        if (Ask(choices) is { } guess)
        {
            view.Judge(guess == bug.Cause, bug.Cause);
        }

        view.Answer(bug, report);
        Write([new BugPart(bug, language, report)]);
        return ExitCode.Done;
    }

    private void Write(IReadOnlyList<BugPart> bugs) => output.WriteJson(new BugsDocument(seed, bugs), BugsJsonContext.Default.BugsDocument);

    /// <summary>The answer among others, in random order. What the check suspects too may be true in a way, and is no wrong answer.</summary>
    private static GradientMistake[] Draw(GradientMistake cause, GradientCheckReport report, NumPyRandom random)
    {
        GradientMistake[] others = [.. BugCatalogue.All.Select(bug => bug.Cause).Distinct().Except([cause, .. report.Diagnoses.Select(diagnosis => diagnosis.Cause)])];
        random.Shuffle(others.AsSpan());
        GradientMistake[] choices = [cause, .. others[..(Choices - 1)]];
        random.Shuffle(choices.AsSpan());
        return choices;
    }

    /// <summary>The guess; null where nobody answers, or only wants to see.</summary>
    private GradientMistake? Ask(GradientMistake[] choices)
    {
        // Nobody is asked who cannot see the question: a document was wanted, or the text goes into a pipe from a terminal.
        bool isAlone = output.IsJson || (Console.IsOutputRedirected && !Console.IsInputRedirected);
        while (!isAlone)
        {
            view.Prompt(choices.Length);
            string? line = Console.In.ReadLine()?.Trim();
            if (Console.IsInputRedirected)
            {
                view.Gap(); // a terminal has moved to the next line by itself
            }

            if (string.IsNullOrEmpty(line))
            {
                return null;
            }

            if (int.TryParse(line, out int number) && number >= 1 && number <= choices.Length)
            {
                return choices[number - 1];
            }

            view.NoSuchAnswer(line, choices.Length);
        }

        return null;
    }
}
