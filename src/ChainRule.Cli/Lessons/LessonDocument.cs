using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Lessons;
using ChainRule.Lessons.Text;
using ChainRule.Verification;

namespace ChainRule.Cli.Lessons;

/// <summary>The JSON document of <c>chainrule lesson</c>: one member for each section that was shown.</summary>
internal sealed class LessonDocument
{
    public ActivationsPart? Activations { get; set; }

    public NeuronPart? Neuron { get; set; }

    public IReadOnlyList<AgreementPart>? Agreement { get; set; }

    public XorPart? Xor { get; set; }

    public GradientCheckSettingsPart? GradientCheckSettings { get; set; }

    public IReadOnlyList<GradientCheckPart>? GradientCheck { get; set; }

    public ChainPart? Chain { get; set; }

    /// <summary>The files that were written.</summary>
    public IReadOnlyList<string>? Files { get; set; }
}

/// <summary>Section 1.</summary>
internal sealed class ActivationsPart(ActivationTable table)
{
    public IReadOnlyList<double> X => table.X;

    public IReadOnlyList<double> Sigmoid => table.Sigmoid;

    public IReadOnlyList<double> SigmoidDerivative => table.SigmoidDerivative;

    public IReadOnlyList<double> Relu => table.Relu;

    public IReadOnlyList<double> ReluDerivative => table.ReluDerivative;
}

/// <summary>Section 2.</summary>
internal sealed class NeuronPart(NeuronExample neuron)
{
    public uint Seed => neuron.Seed;

    public double W => neuron.Weight;

    public double B => neuron.Bias;

    public double X => neuron.Forward.X;

    public double Target => neuron.Forward.Target;

    public double Prediction => neuron.Forward.A;

    public double Loss => neuron.Forward.Loss;

    [JsonPropertyName("dLdw")]
    public double LossByWeight => neuron.Backward.LossByWeight;

    [JsonPropertyName("dLdb")]
    public double LossByBias => neuron.Backward.LossByBias;
}

/// <summary>A row of section 3.</summary>
internal sealed class AgreementPart(AgreementRow row)
{
    public string Parameter => row.Parameter;

    public Tensor<double> ByHand => row.ByHand;

    public Tensor<double> Engine => row.Engine;

    public Tensor<double> Autodiff => row.Autodiff;

    public Tensor<double> Numeric => row.Numeric;

    public double LargestDifference => row.LargestDifference;

    public double NumericDifference => row.NumericDifference;

    public GradientVerdict Verdict => row.Verdict;
}

/// <summary>Section 4.</summary>
internal sealed class XorPart(XorRun run, EngineRun engine)
{
    public uint Seed => run.Seed;

    public int Hidden => run.Hidden;

    public double LearningRate => run.LearningRate;

    public int Epochs => run.Epochs;

    public TrainingOutcome Outcome => run.Outcome;

    /// <summary>The epoch at which the loss stopped being a number; null where it did not.</summary>
    public int? DivergedEpoch => run.DivergedEpoch;

    /// <summary>The epoch from which on every gradient was 0; null where there was none.</summary>
    public int? StuckEpoch => run.StuckEpoch;

    public IReadOnlyDictionary<string, Tensor<double>> Initial => ByName(run.Initial);

    public IReadOnlyList<double> Losses => run.Losses;

    public IReadOnlyDictionary<string, Tensor<double>>? Final => run.DivergedEpoch is null ? ByName(run.Final) : null;

    public IReadOnlyList<double>? Predictions => run.DivergedEpoch is null ? run.Predictions : null;

    /// <summary>The engine against the hand-written network, the largest relative difference of a loss.</summary>
    public double EngineLargestRelativeDifference => engine.LargestRelativeDifference;

    private static Dictionary<string, Tensor<double>> ByName(IReadOnlyList<NamedTensor> tensors) => tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value);
}

/// <summary>What section 5 checks.</summary>
internal sealed class GradientCheckSettingsPart(CheckedGradients gradients)
{
    public uint Seed => gradients.Seed;

    public int Hidden => gradients.Hidden;

    public double Step => gradients.Report.Step;

    public double Tolerance => gradients.Report.Tolerance;
}

/// <summary>A row of section 5.</summary>
internal sealed class GradientCheckPart(GradientCheckRow row)
{
    public string Parameter => row.Parameter;

    public Tensor<double> Analytic => row.Analytic;

    public Tensor<double> Numeric => row.Numeric;

    public double MaxRelativeError => row.MaxRelativeError;

    public double DifferenceNorm => row.DifferenceNorm;

    public GradientVerdict Verdict => row.Verdict;

    public IReadOnlyList<int> WorstIndex => row.Worst.Index;

    public double WorstAnalytic => row.Worst.Analytic;

    public double WorstNumeric => row.Worst.Numeric;

    public int Kinks => row.Kinks;
}

/// <summary>Section 6.</summary>
internal sealed class ChainPart(ChainExample chain)
{
    public int Sample => chain.Sample;

    public IReadOnlyList<double> X => [.. chain.Forward.X];

    public double Target => chain.Target;

    public IReadOnlyList<double> Z1 => [.. chain.Forward.Z1];

    public IReadOnlyList<double> A1 => [.. chain.Forward.A1];

    public double Z2 => chain.Forward.Z2[0, 0];

    public double A2 => chain.Forward.A2[0, 0];

    public double Loss => chain.Loss;

    [JsonPropertyName("dLda2")]
    public double LossByA2 => chain.Backward.LossByA2[0, 0];

    [JsonPropertyName("dLdz2")]
    public double LossByZ2 => chain.Backward.LossByZ2[0, 0];

    [JsonPropertyName("dLda1")]
    public IReadOnlyList<double> LossByA1 => [.. chain.Backward.LossByA1];

    [JsonPropertyName("dLdz1")]
    public IReadOnlyList<double> LossByZ1 => [.. chain.Backward.LossByZ1];

    [JsonPropertyName("dLdW1")]
    public Tensor<double> LossByW1 => chain.Backward.LossByW1;

    [JsonPropertyName("dLdW2")]
    public Tensor<double> LossByW2 => chain.Backward.LossByW2;

    public int Input => chain.Input;

    public int Unit => chain.Unit;

    public IReadOnlyList<ChainFactor> W1Factors => chain.W1Factors;

    public IReadOnlyList<ChainFactor> W2Factors => chain.W2Factors;
}

/// <summary>The JSON document of <c>chainrule lesson --list</c>.</summary>
internal sealed class SectionListDocument(LessonText text)
{
    public IReadOnlyList<SectionPart> Sections => [.. Enum.GetValues<Section>().Select(section => new SectionPart(section.Key(), section.Title(text)))];
}

/// <summary>A section in the list.</summary>
/// <param name="Section">What to call it on the command line.</param>
/// <param name="Title">Its title.</param>
internal sealed record SectionPart(string Section, string Title);

/// <summary>How the documents are written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TensorJsonConverter), typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<GradientVerdict>), typeof(CamelCaseEnumJsonConverter<TrainingOutcome>)])]
[JsonSerializable(typeof(LessonDocument))]
[JsonSerializable(typeof(SectionListDocument))]
internal sealed partial class LessonJsonContext : JsonSerializerContext;
