using System.Globalization;
using ChainRule.Cli.Rendering;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Verification;
using Spectre.Console;

namespace ChainRule.Cli.Lessons;

/// <summary>Shows the bug lab in a terminal.</summary>
/// <param name="console">Where to.</param>
/// <param name="language">In which language.</param>
internal sealed class BugsView(IAnsiConsole console, Language language)
{
    private const int MostDiagnoses = 3;

    private static readonly Style strong = new(decoration: Decoration.Bold);
    private static readonly Style faint = new(Color.Grey);
    private static readonly Style good = new(Color.Green);
    private static readonly Style bad = new(Color.Red, decoration: Decoration.Bold);

    private readonly BugLessonText text = BugLessonText.In(language);

    /// <summary>Names and titles.</summary>
    public void List(IReadOnlyList<PlantedBug> bugs)
    {
        int width = bugs.Max(bug => bug.Name.Length);
        foreach (PlantedBug bug in bugs)
        {
            Lines(bug.In(language).Title, first: $"{bug.Name.PadRight(width)}  ");
        }
    }

    /// <summary>How many were caught and named.</summary>
    public void Total(IReadOnlyList<BugPart> bugs)
    {
        Gap();
        Say(Format(text.Total, bugs.Count, bugs.Count(bug => bug.Caught), bugs.Count(bug => bug.Named)));
    }

    /// <summary>The wrong lines and the report, without a word on what is wrong.</summary>
    public void Case(PlantedBug bug, GradientCheckReport report, uint seed)
    {
        Lines($"{text.Title}: {Format(text.Case, seed)}", strong);
        Gap();
        Say(text.Introduction);
        Caption(text.Forward);
        Code(bug.Code.Forward);
        Caption(text.Backward);
        Code(bug.Code.Wrong);
        Caption(text.Report);
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = faint };
        foreach (string header in new[] { text.Tensor, text.Verdict, text.WrongEntries, text.Worst })
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(header, strong)) { Alignment = Justify.Right });
        }

        foreach (GradientCheckRow row in report.Rows)
        {
            bool isWrong = row.Verdict == GradientVerdict.Fail;
            table.AddRow(
                new Spectre.Console.Text(row.Parameter),
                new Spectre.Console.Text(isWrong ? text.Wrong : text.Right, isWrong ? bad : good),
                new Spectre.Console.Text($"{row.Failures} / {row.Entries}"),
                new Spectre.Console.Text(isWrong ? $"[{string.Join(", ", row.Worst.Index)}]: {Number(row.Worst.Analytic)}, {Number(row.Worst.Numeric)}" : ""));
        }

        if (report.Rows.Count > 0)
        {
            console.Write(table);
            Gap();
        }

        if (report.Rows.All(row => row.Verdict != GradientVerdict.Fail))
        {
            Say(text.BeyondValues);
        }
    }

    /// <summary>The question and the answers to choose from.</summary>
    public void Question(IReadOnlyList<GradientMistake> choices)
    {
        Caption(text.Question);
        for (int i = 0; i < choices.Count; i++)
        {
            Lines(text.Mistakes[choices[i]], first: string.Create(CultureInfo.InvariantCulture, $"  {i + 1}. "));
        }

        Gap();
    }

    /// <summary>Asks for a number.</summary>
    public void Prompt(int choices) => console.Write(Format(text.Prompt, choices));

    /// <summary>That was no number of an answer.</summary>
    public void NoSuchAnswer(string typed, int choices) => Lines(Format(text.NoSuchAnswer, typed, choices));

    /// <summary>Whether the guess was right.</summary>
    public void Judge(bool isRight, GradientMistake cause) =>
        Say(isRight ? text.GuessedRight : Format(text.GuessedWrong, text.Mistakes[cause]), isRight ? good : bad);

    /// <summary>The answer, the story and the right lines, and what the check itself thinks.</summary>
    public void Answer(PlantedBug bug, GradientCheckReport report)
    {
        BugText story = bug.In(language);
        Caption($"{text.Answer}: {story.Title}");
        Say($"({text.Mistakes[bug.Cause]})");
        Caption(text.Story);
        Say(story.Story);
        Caption(text.Seen);
        Say(story.Seen);
        Caption(text.Mended);
        Say(story.Mended);
        Code(bug.Code.Right);
        Caption(text.Diagnosis);
        foreach (Diagnosis diagnosis in report.Diagnoses.Take(MostDiagnoses))
        {
            string place = diagnosis.Place.Length == 0 ? "" : $" ({diagnosis.Place})";
            Lines(string.Create(CultureInfo.InvariantCulture, $"{100 * diagnosis.Confidence:0}%: {text.Mistakes[diagnosis.Cause]}{place}"), first: "  - ");
        }

        if (language == Language.English && report.Diagnoses.Count > 0)
        {
            Lines(report.Diagnoses[0].Evidence, first: "    ");
        }

        Gap();
        Say(Format(text.Another, "chainrule lesson bugs"));
    }

    /// <summary>An empty line.</summary>
    public void Gap() => console.WriteLine();

    private void Say(string words, Style? style = null)
    {
        Lines(words, style);
        Gap();
    }

    private void Caption(string words) => Lines(words, strong);

    private void Code(string lines)
    {
        foreach (string line in lines.Split('\n'))
        {
            console.WriteLine($"    {line}".TrimEnd());
        }

        Gap();
    }

    private void Lines(string words, Style? style = null, string first = "")
    {
        foreach (string line in WordWrap.Lines(words, console.Profile.Width, first))
        {
            console.Write(new Spectre.Console.Text(line, style));
            console.WriteLine();
        }
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Format(string format, params ReadOnlySpan<object?> arguments) => string.Format(CultureInfo.InvariantCulture, format, arguments);
}
