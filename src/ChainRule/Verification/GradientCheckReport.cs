using System.Text.Json;

namespace ChainRule.Verification;

/// <summary>The outcome of a <see cref="GradientCheck"/>: one row for each parameter and for the input, and what was seen beyond values.</summary>
public sealed class GradientCheckReport
{
    internal GradientCheckReport()
    {
    }

    /// <summary>What was checked, e.g. Sequential(Linear(2, 8), ReLU) under MeanSquaredError.</summary>
    public required string Subject { get; init; }

    /// <summary>One row for each tensor that was checked; empty where gradients have shapes that cannot be compared.</summary>
    public required IReadOnlyList<GradientCheckRow> Rows { get; init; }

    /// <summary>
    /// The order of the Taylor remainder over all tensors together, but for those with entries on corners: 2 for a right gradient,
    /// towards 1 for a wrong one. Not a number where the loss leaves no remainder, or everything sits on corners.
    /// </summary>
    public required double TaylorOrder { get; init; }

    /// <summary>What is probably wrong, most likely first; empty where nothing is.</summary>
    public required IReadOnlyList<Diagnosis> Diagnoses { get; init; }

    /// <summary>What one should know beside: what was not checked, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The settings of the check.</summary>
    public required GradientCheckOptions Options { get; init; }

    /// <summary>h, the step that was tried first for each entry, in units of the entry's magnitude.</summary>
    public double Step => Options.Step ?? Usual;

    /// <summary>The largest relative error that passed; where it was not asked for, rounding may excuse more.</summary>
    public double Tolerance => Options.Tolerance ?? Usual;

    /// <summary><c>float64</c> or <c>float32</c>: what central differences were taken in.</summary>
    public required string Precision { get; init; }

    /// <summary>
    /// For a float network that was checked as a copy in double: its own gradients against the numeric ones of the copy. Null where
    /// there is no such copy.
    /// </summary>
    public GradientCheckReport? InSinglePrecision { get; init; }

    /// <summary>Fail where an entry failed, or where what was seen beyond values is a mistake; else, of all rows, the verdict that comes last in <see cref="GradientVerdict"/>.</summary>
    public GradientVerdict Verdict =>
        IsBroken || InSinglePrecision?.Verdict == GradientVerdict.Fail ? GradientVerdict.Fail : Rows.Select(row => row.Verdict).DefaultIfEmpty().Max();

    private double Usual => Precision == "float64" ? Judges.Usual<double>() : Judges.Usual<float>();

    /// <summary>Whether there is a mistake beyond values.</summary>
    internal bool IsBroken { get; init; }

    /// <summary>For unit tests: throws where a gradient is wrong. Kinks and noise are not errors.</summary>
    /// <exception cref="GradientCheckException">A gradient is wrong; the message says which, by how much, and what the mistake probably is.</exception>
    public void ThrowIfFailed()
    {
        if (Verdict == GradientVerdict.Fail)
        {
            throw new GradientCheckException(ReportText.Message(this));
        }
    }

    /// <summary>A table with one line for each row, and what was seen beside.</summary>
    public override string ToString() => ReportText.Table(this);

    /// <summary>The report as one JSON object.</summary>
    public string ToJson() => ReportJson.Text(this);

    /// <summary>Writes the report as one JSON object.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ReportJson.Write(writer, this);
    }

    /// <summary>The same report with that of the float network beside.</summary>
    internal GradientCheckReport With(GradientCheckReport single) => new()
    {
        Subject = Subject,
        Rows = Rows,
        TaylorOrder = TaylorOrder,
        Diagnoses = Diagnoses,
        Notes = Notes,
        Options = Options,
        Precision = Precision,
        IsBroken = IsBroken,
        InSinglePrecision = single,
    };
}
