using System.Globalization;
using System.Text;

namespace ChainRule.Verification;

/// <summary>A report as people read it: as a table, and as the message of an exception.</summary>
internal static class ReportText
{
    private static readonly CultureInfo culture = CultureInfo.InvariantCulture;

    /// <summary>What was checked, the tables, and what was seen beside.</summary>
    public static string Table(GradientCheckReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(report.Subject);
        text.AppendLine();
        foreach (string line in Tables(report).Append("").SkipWhile(line => line.Length == 0).Concat(Remarks(report)))
        {
            text.AppendLine(line);
        }

        return text.ToString();
    }

    /// <summary>The tables: the rows, and the worst entry of each.</summary>
    public static IReadOnlyList<string> Tables(GradientCheckReport report) =>
        report.InSinglePrecision is { } single ? [.. Rows(report, "in double"), "", .. Rows(single, "in float")] : [.. Rows(report, "parameter")];

    /// <summary>What is said of the whole: the order, the diagnoses, the notes, the verdict.</summary>
    public static IReadOnlyList<string> Remarks(GradientCheckReport report) =>
    [
        double.IsNaN(report.TaylorOrder) ? "No Taylor remainder: all sits on corners, or the loss is constant."
            : string.Create(culture, $"Order of the Taylor remainder: {report.TaylorOrder:0.00} (2 for a right gradient)"),
        .. report.Diagnoses.Concat(report.InSinglePrecision?.Diagnoses ?? []).Distinct().Select(diagnosis => diagnosis.ToString()),
        .. report.Notes,
        string.Create(culture, $"Verdict: {Word(report.Verdict)} (seed {report.Options.Seed})"),
    ];

    /// <summary>One paragraph that says what is wrong and what to do.</summary>
    public static string Message(GradientCheckReport report)
    {
        GradientCheckReport wrong = report.IsBroken || report.Rows.Any(row => row.Verdict == GradientVerdict.Fail) ? report : report.InSinglePrecision!;
        GradientCheckRow[] failed = [.. wrong.Rows.Where(row => row.Verdict == GradientVerdict.Fail)];
        var text = new StringBuilder();
        text.Append(culture, $"The gradient of {report.Subject} is wrong{(wrong == report ? "" : " in float, though right in double")}");
        text.Append(failed.Length == 0 ? "." : string.Create(culture, $" in {failed.Length} of {wrong.Rows.Count} tensors."));
        foreach (GradientCheckRow row in failed)
        {
            text.Append(culture, $" {row.Parameter}: {row.Failures} of {row.Entries} entries, worst at {row.Worst.Name}, analytic {row.Worst.Analytic:G9} but numeric {row.Worst.Numeric:G9} (relative error {row.Worst.RelativeError:0.0E+0}, step {row.Worst.Step:0.0E+0}).");
        }

        foreach ((Diagnosis diagnosis, int i) in wrong.Diagnoses.Take(3).Select((diagnosis, i) => (diagnosis, i)))
        {
            text.Append(culture, $" {(i > 0 ? "Or" : diagnosis.Confidence == 1 ? "Seen" : "Most likely")}: {diagnosis}");
        }

        text.Append(culture, $" Seed {report.Options.Seed}.");
        return text.ToString();
    }

    /// <summary>A verdict in a word; the one that matters in capitals.</summary>
    public static string Word(GradientVerdict verdict) => verdict switch
    {
        GradientVerdict.Pass => "pass",
        GradientVerdict.Kink => "kink",
        GradientVerdict.Noise => "noise",
        _ => "FAIL",
    };

    private static IEnumerable<string> Rows(GradientCheckReport report, string heading)
    {
        if (report.Rows.Count == 0)
        {
            return [];
        }

        string[] counts = [.. report.Rows.Select(row => row.Entries == row.Analytic.FlattenedLength ? row.Entries.ToString(culture) : string.Create(culture, $"{row.Entries}/{row.Analytic.FlattenedLength}"))];
        int names = Math.Max(heading.Length, report.Rows.Max(row => row.Parameter.Length));
        int entries = Math.Max("entries".Length, counts.Max(count => count.Length));
        int worst = Math.Max("worst entry".Length, report.Rows.Max(row => row.Worst.Name.Length));
        return
        [
            $"{heading.PadRight(names)}  verdict  {"entries".PadLeft(entries)}  failed  kinks  noise    error",
            .. report.Rows.Select((row, i) => string.Create(culture, $"{row.Parameter.PadRight(names)}  {Word(row.Verdict),-7}  {counts[i].PadLeft(entries)}  {row.Failures,6}  {row.Kinks,5}  {row.Noise,5}  {row.MaxRelativeError,7:0.0E+0}")),
            "",
            $"{"worst entry".PadRight(worst)}     analytic      numeric  relative  absolute     step",
            .. report.Rows.SelectMany(row => Worst(row.Worst, worst)),
        ];
    }

    private static IEnumerable<string> Worst(CheckedEntry entry, int width)
    {
        yield return string.Create(culture, $"{entry.Name.PadRight(width)}  {Number(entry.Analytic),11}  {Number(entry.Numeric),11}  {entry.RelativeError,8:0.0E+0}  {entry.AbsoluteError,8:0.0E+0}  {entry.Step,7:0.0E+0}");
        if (entry.Units.Count > 0)
        {
            yield return $"  on a corner: {entry.Units[0]}{(entry.Units.Count > 1 ? string.Create(culture, $", and {entry.Units.Count - 1} more") : "")}";
        }
    }

    private static string Number(double value) => value == 0 || Math.Abs(value) is >= 1e-4 and < 1e5 ? value.ToString("0.000000", culture) : value.ToString("0.0000E+0", culture);
}
