using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Verification;

namespace ChainRule.Cli.Checking;

/// <summary>The JSON document of <c>chainrule check</c>: layers for the whole library, parameters for one network.</summary>
internal sealed record CheckDocument
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProofRow>? Layers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ParameterPart>? Parameters { get; init; }

    /// <summary>The order of the Taylor remainder of the network; null for the whole library, whose layers have their own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TaylorOrder { get; init; }

    public required GradientVerdict Verdict { get; init; }
}

/// <summary>One layer or loss of the library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ByHand">The largest disagreement of Forward and Backward with the reference, which is the median of by hand, autodiff and PyTorch, as a share of the tensor's largest value.</param>
/// <param name="Autodiff">The same of automatic differentiation.</param>
/// <param name="Numeric">The same of central differences; corners of the function are left out.</param>
/// <param name="Pytorch">The same of the numbers that PyTorch printed.</param>
/// <param name="TaylorOrder">The order of the Taylor remainder; 2 for a right gradient.</param>
/// <param name="Verdict">What follows.</param>
internal sealed record ProofRow(string Name, double ByHand, double Autodiff, double Numeric, double Pytorch, double TaylorOrder, GradientVerdict Verdict);

/// <summary>One parameter, or the input.</summary>
internal sealed class ParameterPart(GradientCheckRow row)
{
    public string Parameter => row.Parameter;

    public GradientVerdict Verdict => row.Verdict;

    public int Entries => row.Entries;

    public int Failed => row.Failures;

    public int Kinks => row.Kinks;

    public double MaxRelativeError => row.MaxRelativeError;

    public WorstPart Worst { get; } = new(row.WorstIndex, row.WorstAnalytic, row.WorstNumeric);

    public string? Diagnosis => row.Diagnosis;
}

/// <summary>The entry that is off the most.</summary>
internal sealed record WorstPart(IReadOnlyList<int> Index, double Analytic, double Numeric);

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<GradientVerdict>)])]
[JsonSerializable(typeof(CheckDocument))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
