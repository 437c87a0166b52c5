using System.Text.Json;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What a report says, letter for letter: the table that people read, the paragraph of a failed unit test, and the fields that scripts rely on.</summary>
public class ReportTextTests
{
    private static readonly KinkUnit[] units = [new("relu1", 2, 5), new("relu1", 3, 5), new("relu2", 0, 1)];

    /// <summary>Columns are as wide as their widest text, sampled tensors say of how many, and a corner is named below its entry.</summary>
    [Fact]
    public void The_table_has_a_line_for_each_tensor_and_one_for_its_worst_entry()
    {
        GradientCheckRow weight = Row("layer1.weight", [1000, 1000], Entry("layer1.weight", [999, 123], 0.5, 0.25, GradientVerdict.Fail), Entry("layer1.weight", [0, 0], 1, 1, GradientVerdict.Pass));
        GradientCheckRow bias = Row("b", [1], Entry("b", [0], 0, -123456, GradientVerdict.Kink, units));
        GradientCheckReport report = Report([weight, bias], 1.004, [Diagnosed("layer1.weight", "It is turned.", 0.95)], notes: ["The first note.", "The second."]);
        Assert.Equal(
            [
                "A network under a loss",
                "",
                "parameter      verdict    entries  failed  kinks  noise    error",
                "layer1.weight  FAIL     2/1000000       1      0      0   5.0E-1",
                "b              kink             1       0      1      0   1.0E+0",
                "",
                "worst entry                 analytic      numeric  relative  absolute     step",
                "layer1.weight[999, 123]     0.500000     0.250000    5.0E-1    2.5E-1   1.0E-5",
                "b[0]                        0.000000   -1.2346E+5    1.0E+0    1.2E+5   1.0E-5",
                "  on a corner: relu1, unit 5 of sample 2, and 2 more",
                "",
                "Order of the Taylor remainder: 1.00 (2 for a right gradient)",
                "layer1.weight: It is turned. (95%)",
                "The first note.",
                "The second.",
                "Verdict: FAIL (seed 7)",
            ],
            Lines(report));
    }

    /// <summary>Short names leave the headings their room. In float there are two tables; what both say is said once.</summary>
    [Fact]
    public void A_float_network_has_two_tables()
    {
        GradientCheckRow wide = Row("w", [2], Entry("w", [0], 1e-4, 99999, GradientVerdict.Kink), Entry("w", [1], 1, 1, GradientVerdict.Pass));
        GradientCheckRow narrow = Row("w", [2], Entry("w", [1], 0.99e-4, 1e5, GradientVerdict.Kink, units[..1]), Entry("w", [0], 1, 1, GradientVerdict.Pass));
        Diagnosis both = Diagnosed("", "Seen by both.", 1);
        GradientCheckReport report = Report([wide], double.NaN, [both]).With(Report([narrow], double.NaN, [both, Diagnosed("w", "Seen in float.", 0.5)]));
        Assert.Equal(
            [
                "A network under a loss",
                "",
                "in double  verdict  entries  failed  kinks  noise    error",
                "w          kink           2       0      1      0   1.0E+0",
                "",
                "worst entry     analytic      numeric  relative  absolute     step",
                "w[0]            0.000100  99999.000000    1.0E+0    1.0E+5   1.0E-5",
                "",
                "in float  verdict  entries  failed  kinks  noise    error",
                "w         kink           2       0      1      0   1.0E+0",
                "",
                "worst entry     analytic      numeric  relative  absolute     step",
                "w[1]           9.9000E-5    1.0000E+5    1.0E+0    1.0E+5   1.0E-5",
                "  on a corner: relu1, unit 5 of sample 2",
                "",
                "No Taylor remainder: all sits on corners, or the loss is constant.",
                "Seen by both. (100%)",
                "w: Seen in float. (50%)",
                "Verdict: kink (seed 7)",
            ],
            Lines(report));
    }

    /// <summary>Gradients that cannot be compared leave no table.</summary>
    [Fact]
    public void Without_rows_there_are_only_the_remarks() =>
        Assert.Equal(
            ["A network under a loss", "", "Order of the Taylor remainder: 2.00 (2 for a right gradient)", "The shape is wrong. (100%)", "Verdict: FAIL (seed 7)"],
            Lines(Report([], 2, [Diagnosed("", "The shape is wrong.", 1)], isBroken: true)));

    /// <summary>Each failed tensor with its worst entry, then at most three mistakes: what was seen, or is likely, and what else it may be.</summary>
    [Fact]
    public void The_paragraph_says_what_is_wrong_and_what_to_do()
    {
        GradientCheckRow wrong = Row("w", [3], Entry("w", [2], 3, 1.5, GradientVerdict.Fail), Entry("w", [0], 1, 1, GradientVerdict.Pass));
        GradientCheckRow right = Row("b", [1], Entry("b", [0], 1, 1, GradientVerdict.Pass));
        Diagnosis[] diagnoses = [Diagnosed("w", "It is twice.", 0.96), Diagnosed("", "It is a sum.", 0.8), Diagnosed("b", "It is the bias.", 0.5), Diagnosed("x", "It is not this.", 0.1)];
        Assert.Equal(
            "The gradient of A network under a loss is wrong in 1 of 2 tensors. w: 1 of 2 entries, worst at w[2], analytic 3 but numeric 1.5 (relative error 5.0E-1, step 1.0E-5)."
            + " Most likely: w: It is twice. (96%) Or: It is a sum. (80%) Or: b: It is the bias. (50%) Seed 7.",
            Message(Report([wrong, right], 1, diagnoses)));
        Assert.Equal("The gradient of A network under a loss is wrong. Seen: It is random. (100%) Seed 7.", Message(Report([right], 2, [Diagnosed("", "It is random.", 1)], isBroken: true)));
    }

    /// <summary>A network that is right in double and wrong in float says so, with the numbers of float.</summary>
    [Fact]
    public void The_paragraph_of_a_float_network_says_which_precision_is_wrong()
    {
        GradientCheckRow right = Row("w", [1], Entry("w", [0], 1, 1, GradientVerdict.Pass));
        GradientCheckRow wrong = Row("w", [1], Entry("w", [0], 4, 1, GradientVerdict.Fail));
        Assert.StartsWith(
            "The gradient of A network under a loss is wrong in float, though right in double in 1 of 1 tensors. w: 1 of 1 entries, worst at w[0], analytic 4 but numeric 1 ",
            Message(Report([right], 2, []).With(Report([wrong], double.NaN, []))),
            StringComparison.Ordinal);
        Assert.StartsWith("The gradient of A network under a loss is wrong in 1 of 1 tensors. ", Message(Report([wrong], 2, []).With(Report([wrong], double.NaN, []))), StringComparison.Ordinal);
    }

    /// <summary>The whole document: its fields, their names and their order of nesting are what scripts read. Numbers that are none are null, and of many units eight are named.</summary>
    [Fact]
    public void The_document_has_these_fields()
    {
        KinkUnit[] many = [.. Enumerable.Range(0, 9).Select(i => new KinkUnit("relu1", i, 3))];
        GradientCheckRow failed = Row("w", [2, 3], Entry("w", [1, 2], 2, 1, GradientVerdict.Fail), Entry("w", [0, 0], 1, 1, GradientVerdict.Noise)) with { Diagnosis = "It is twice." };
        GradientCheckRow kink = Row("b", [1], Entry("b", [0], 1, double.NaN, GradientVerdict.Kink, many));
        GradientCheckReport report = Report([failed, kink], 1.25, [Diagnosed("w", "It is twice.", 0.75, GradientMistake.FactorOfTwo)], notes: ["A note."]).With(Report([], double.NaN, [], isBroken: true));
        const string Expected = """
            {
              "subject": "A network under a loss", "precision": "float64",
              "parameters": [
                {
                  "parameter": "w", "verdict": "fail", "size": 6, "entries": 2, "failed": 1, "kinks": 0, "noise": 1, "maxRelativeError": 0.5,
                  "worst": { "index": [1, 2], "analytic": 2, "numeric": 1, "relativeError": 0.5, "absoluteError": 1, "step": 1E-05, "resolution": 0.125, "verdict": "fail", "units": [] },
                  "diagnosis": "It is twice."
                },
                {
                  "parameter": "b", "verdict": "kink", "size": 1, "entries": 1, "failed": 0, "kinks": 1, "noise": 0, "maxRelativeError": null,
                  "worst": {
                    "index": [0], "analytic": 1, "numeric": null, "relativeError": null, "absoluteError": null, "step": 1E-05, "resolution": 0.125, "verdict": "kink",
                    "units": [
                      { "layer": "relu1", "sample": 0, "unit": 3 }, { "layer": "relu1", "sample": 1, "unit": 3 }, { "layer": "relu1", "sample": 2, "unit": 3 },
                      { "layer": "relu1", "sample": 3, "unit": 3 }, { "layer": "relu1", "sample": 4, "unit": 3 }, { "layer": "relu1", "sample": 5, "unit": 3 },
                      { "layer": "relu1", "sample": 6, "unit": 3 }, { "layer": "relu1", "sample": 7, "unit": 3 }
                    ]
                  },
                  "diagnosis": null
                }
              ],
              "taylorOrder": 1.25,
              "diagnoses": [{ "cause": "factorOfTwo", "place": "w", "confidence": 0.75, "evidence": "It is twice." }],
              "notes": ["A note."],
              "float32": {
                "subject": "A network under a loss", "precision": "float64", "parameters": [], "taylorOrder": null, "diagnoses": [], "notes": [],
                "step": 1E-05, "tolerance": 0.5, "seed": 7, "verdict": "fail"
              },
              "step": 1E-05, "tolerance": 0.5, "seed": 7, "verdict": "fail"
            }
            """;
        using var expected = JsonDocument.Parse(Expected);
        using var written = JsonDocument.Parse(report.ToJson());
        Assert.True(JsonElement.DeepEquals(expected.RootElement, written.RootElement), report.ToJson());
    }

    private static string[] Lines(GradientCheckReport report) => report.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string Message(GradientCheckReport report) => Assert.Throws<GradientCheckException>(report.ThrowIfFailed).Message;

    private static GradientCheckReport Report(IReadOnlyList<GradientCheckRow> rows, double order, IReadOnlyList<Diagnosis> diagnoses, bool isBroken = false, IReadOnlyList<string>? notes = null) => new()
    {
        Subject = "A network under a loss",
        Rows = rows,
        TaylorOrder = order,
        Diagnoses = diagnoses,
        Notes = notes ?? [],
        Options = new GradientCheckOptions { Seed = 7, Tolerance = 0.5 },
        Precision = "float64",
        IsBroken = isBroken,
    };

    private static GradientCheckRow Row(string name, nint[] shape, params CheckedEntry[] entries)
    {
        nint length = shape.Aggregate((product, next) => product * next);
        return GradientCheckRow.Of(name, new double[length], shape, entries);
    }

    private static CheckedEntry Entry(string name, int[] index, double analytic, double numeric, GradientVerdict verdict, KinkUnit[]? corners = null) =>
        new() { Parameter = name, Index = index, Analytic = analytic, Numeric = numeric, Step = 1e-5, Resolution = 0.125, Verdict = verdict, Units = corners ?? [] };

    private static Diagnosis Diagnosed(string place, string evidence, double confidence, GradientMistake cause = GradientMistake.Unknown) =>
        new() { Cause = cause, Place = place, Evidence = evidence, Confidence = confidence };
}
