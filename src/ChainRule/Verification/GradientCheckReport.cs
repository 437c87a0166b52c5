using System.Globalization;
using System.Text;

namespace ChainRule.Verification;

/// <summary>The outcome of a <see cref="GradientCheck"/>: one row for each parameter and for the input.</summary>
public sealed class GradientCheckReport
{
    internal GradientCheckReport(IReadOnlyList<GradientCheckRow> rows, double step, double tolerance)
    {
        Rows = rows;
        Step = step;
        Tolerance = tolerance;
    }

    /// <summary>One row for each tensor that was checked.</summary>
    public IReadOnlyList<GradientCheckRow> Rows { get; }

    /// <summary>h, the step of the central differences.</summary>
    public double Step { get; }

    /// <summary>The largest relative error that passes.</summary>
    public double Tolerance { get; }

    /// <summary>The worst verdict of all rows.</summary>
    public GradientVerdict Verdict => Rows.Max(row => row.Verdict);

    /// <summary>For unit tests: throws where a gradient is wrong. Kinks are not errors.</summary>
    /// <exception cref="GradientCheckException">An entry failed; the message names the worst entry of each parameter.</exception>
    public void ThrowIfFailed()
    {
        GradientCheckRow[] failed = [.. Rows.Where(row => row.Verdict == GradientVerdict.Fail)];
        if (failed.Length == 0)
        {
            return;
        }

        IEnumerable<string> sentences = failed.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Parameter}: {row.Failures} of {row.Analytic.FlattenedLength} entries, worst at {row.WorstEntry}, analytic {row.WorstAnalytic:G9} but numeric {row.WorstNumeric:G9}."));
        throw new GradientCheckException(string.Create(
            CultureInfo.InvariantCulture,
            $"The gradient is wrong in {failed.Length} of {Rows.Count} tensors (central differences, step {Step:G3}, tolerance {Tolerance:G3}). {string.Join(" ", sentences)}"));
    }

    /// <summary>A table with one line for each row.</summary>
    public override string ToString()
    {
        int width = Math.Max("parameter".Length, Rows.Max(row => row.Parameter.Length));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"parameter".PadRight(width)}  verdict  max relative error  worst entry: analytic, numeric");
        foreach (GradientCheckRow row in Rows)
        {
            string verdict = row.Verdict switch
            {
                GradientVerdict.Pass => "pass",
                GradientVerdict.Kink => "kink",
                _ => "FAIL",
            };
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Parameter.PadRight(width)}  {verdict,-7}  {row.MaxRelativeError,18:E2}  [{string.Join(", ", row.WorstIndex)}]: {row.WorstAnalytic:G9}, {row.WorstNumeric:G9}");
        }

        return text.ToString();
    }
}
