using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>The JSON document of <c>chainrule train</c>.</summary>
internal sealed record TrainDocument
{
    public required IReadOnlyList<EpochPart> Epochs { get; init; }

    /// <summary>The held-out samples at the end; null where none are held out.</summary>
    public required ScorePart? Validation { get; init; }

    /// <summary>The test samples at the end; null without test data.</summary>
    public required ScorePart? Test { get; init; }

    public required double Seconds { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>The file that was saved; null where none was asked for.</summary>
    public required string? Model { get; init; }

    public required TrainingStop Stopped { get; init; }

    /// <summary>Where a number that is not finite arose; null where training did not diverge.</summary>
    public required NonFinite? Problem { get; init; }

    /// <summary>What keeps the network from learning; empty for a healthy one.</summary>
    public required IReadOnlyList<HealthWarning> Warnings { get; init; }
}

/// <summary>One epoch.</summary>
internal sealed class EpochPart(EpochReport report)
{
    public int Epoch => report.Epoch;

    public double Seconds => report.Seconds;

    public double SamplesPerSecond => report.SamplesPerSecond;

    public double LearningRate => report.LearningRate;

    public double TrainLoss => report.TrainLoss;

    public double GradientNorm => report.GradientNorm;

    public double? ValidationLoss => report.Validation?.Loss;

    public double? ValidationAccuracy => report.Validation?.Accuracy;
}

/// <summary>How good the network is on samples that it was not trained on.</summary>
internal sealed class ScorePart(Evaluation evaluation)
{
    public double Loss => evaluation.Loss;

    public double? Accuracy => evaluation.Accuracy;

    public double? RSquared => evaluation.RSquared;
}

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<TrainingStop>), typeof(CamelCaseEnumJsonConverter<HealthProblem>)])]
[JsonSerializable(typeof(TrainDocument))]
internal sealed partial class TrainJsonContext : JsonSerializerContext;
