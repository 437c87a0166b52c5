using System.Text;
using System.Text.Json;

namespace ChainRule.Verification;

/// <summary>A report as one JSON object. Numbers that are not finite are null, because JSON has no word for them.</summary>
internal static class ReportJson
{
    // Units that one entry names; with many on corners at once the rest says nothing new.
    private const int MostUnits = 8;

    /// <summary>The object as text.</summary>
    public static string Text(GradientCheckReport report)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, report);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter writer, GradientCheckReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("subject", report.Subject);
        writer.WriteString("precision", report.Precision);
        Rows(writer, report);
        Number(writer, "taylorOrder", report.TaylorOrder);
        writer.WriteStartArray("diagnoses");
        foreach (Diagnosis diagnosis in report.Diagnoses)
        {
            writer.WriteStartObject();
            writer.WriteString("cause", JsonNamingPolicy.CamelCase.ConvertName(diagnosis.Cause.ToString()));
            writer.WriteString("place", diagnosis.Place);
            Number(writer, "confidence", diagnosis.Confidence);
            writer.WriteString("evidence", diagnosis.Evidence);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (string note in report.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        if (report.InSinglePrecision is { } single)
        {
            writer.WritePropertyName("float32");
            Write(writer, single);
        }

        Number(writer, "step", report.Step);
        Number(writer, "tolerance", report.Tolerance);
        writer.WriteNumber("seed", report.Options.Seed);
        Verdict(writer, report.Verdict);
        writer.WriteEndObject();
    }

    /// <summary>A verdict as JSON says it: in lower case.</summary>
    public static void Verdict(Utf8JsonWriter writer, GradientVerdict verdict) => writer.WriteString("verdict", JsonNamingPolicy.CamelCase.ConvertName(verdict.ToString()));

    /// <summary>A number; one that is not finite as null.</summary>
    public static void Number(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void Rows(Utf8JsonWriter writer, GradientCheckReport report)
    {
        writer.WriteStartArray("parameters");
        foreach (GradientCheckRow row in report.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("parameter", row.Parameter);
            Verdict(writer, row.Verdict);
            writer.WriteNumber("size", (long)row.Analytic.FlattenedLength);
            writer.WriteNumber("entries", row.Entries);
            writer.WriteNumber("failed", row.Failures);
            writer.WriteNumber("kinks", row.Kinks);
            writer.WriteNumber("noise", row.Noise);
            Number(writer, "maxRelativeError", row.MaxRelativeError);
            writer.WritePropertyName("worst");
            Entry(writer, row.Worst);
            writer.WriteString("diagnosis", row.Diagnosis);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Entry(Utf8JsonWriter writer, CheckedEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("index");
        foreach (int i in entry.Index)
        {
            writer.WriteNumberValue(i);
        }

        writer.WriteEndArray();
        Number(writer, "analytic", entry.Analytic);
        Number(writer, "numeric", entry.Numeric);
        Number(writer, "relativeError", entry.RelativeError);
        Number(writer, "absoluteError", entry.AbsoluteError);
        Number(writer, "step", entry.Step);
        Number(writer, "resolution", entry.Resolution);
        Verdict(writer, entry.Verdict);
        writer.WriteStartArray("units");
        foreach (KinkUnit unit in entry.Units.Take(MostUnits))
        {
            writer.WriteStartObject();
            writer.WriteString("layer", unit.Layer);
            writer.WriteNumber("sample", unit.Sample);
            writer.WriteNumber("unit", unit.Unit);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
