using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Verification;

namespace ChainRule.Cli.Checking;

/// <summary>The JSON document of <c>chainrule check</c> for the whole library. That of one network is the report's own.</summary>
/// <param name="Layers">A row for each layer, then one for each loss.</param>
/// <param name="Verdict">Fail where one of them fails.</param>
internal sealed record CheckDocument(IReadOnlyList<ProofRow> Layers, GradientVerdict Verdict);

/// <summary>One layer or loss of the library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ByHand">The largest disagreement of Forward and Backward with the reference, which is the median of by hand, autodiff and PyTorch, as a share of the tensor's largest value.</param>
/// <param name="Autodiff">The same of automatic differentiation.</param>
/// <param name="Numeric">The same of central differences; corners of the function are left out.</param>
/// <param name="Pytorch">The same of the numbers that PyTorch printed.</param>
/// <param name="TaylorOrder">The order of the Taylor remainder; 2 for a right gradient.</param>
/// <param name="Verdict">What follows.</param>
internal sealed record ProofRow(string Name, double ByHand, double Autodiff, double Numeric, double Pytorch, double TaylorOrder, GradientVerdict Verdict);

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<GradientVerdict>)])]
[JsonSerializable(typeof(CheckDocument))]
internal sealed partial class CheckJsonContext : JsonSerializerContext;
