using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Lessons.BugLab;
using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Cli.Lessons;

/// <summary>The JSON document of <c>chainrule lesson bugs</c>.</summary>
/// <param name="Seed">What the cases were drawn from.</param>
/// <param name="Bugs">The bugs.</param>
internal sealed record BugsDocument(uint Seed, IReadOnlyList<BugPart> Bugs)
{
    /// <summary>How many of them the check caught.</summary>
    public int Caught => Bugs.Count(bug => bug.Caught);

    /// <summary>How many it called by their name at first.</summary>
    public int Named => Bugs.Count(bug => bug.Named);
}

/// <summary>A bug and how its check went.</summary>
internal sealed class BugPart(PlantedBug bug, Language language, GradientCheckReport report)
{
    private readonly BugText story = bug.In(language);

    public string Name => bug.Name;

    public string Title => story.Title;

    public GradientMistake Cause => bug.Cause;

    /// <summary>Whether the check fails.</summary>
    public bool Caught => report.Verdict == GradientVerdict.Fail;

    /// <summary>Whether its first diagnosis is the true cause.</summary>
    public bool Named => report.Diagnoses is [Diagnosis first, ..] && first.Cause == bug.Cause;

    /// <summary>What the check thinks, most likely first.</summary>
    public IReadOnlyList<DiagnosisPart> Diagnosis => [.. report.Diagnoses.Select(diagnosis => new DiagnosisPart(diagnosis.Cause, diagnosis.Place, diagnosis.Confidence, diagnosis.Evidence))];

    public string Forward => bug.Code.Forward;

    public string Wrong => bug.Code.Wrong;

    public string Right => bug.Code.Right;

    public string Story => story.Story;

    public string Seen => story.Seen;

    public string Mended => story.Mended;
}

/// <summary>A mistake that the check suspects.</summary>
internal sealed record DiagnosisPart(GradientMistake Cause, string Place, double Confidence, string Evidence);

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<GradientMistake>)])]
[JsonSerializable(typeof(BugsDocument))]
internal sealed partial class BugsJsonContext : JsonSerializerContext;
