using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using ChainRule.Cli.Output;

namespace ChainRule.Cli.Prediction;

/// <summary>The JSON document of <c>chainrule predict</c>.</summary>
internal sealed record PredictDocument
{
    /// <summary>The share of right classes; null without labels, and for values.</summary>
    public required double? Accuracy { get; init; }

    /// <summary>The mean loss; null without labels.</summary>
    public required double? Loss { get; init; }

    /// <summary>For values the explained share of the variance; null without labels, and for classes.</summary>
    public required double? RSquared { get; init; }

    /// <summary>The class of each sample; null for values.</summary>
    public required IReadOnlyList<string>? Predictions { get; init; }

    /// <summary>The values for each sample; null for classes.</summary>
    public required Tensor<double>? Values { get; init; }

    /// <summary>The probability of each class for each sample; null for values.</summary>
    public required Tensor<double>? Probabilities { get; init; }

    /// <summary>The names of the classes, in the order of the probabilities.</summary>
    public required IReadOnlyList<string> Classes { get; init; }
}

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(TensorJsonConverter), typeof(FiniteNumberJsonConverter)])]
[JsonSerializable(typeof(PredictDocument))]
internal sealed partial class PredictJsonContext : JsonSerializerContext;
