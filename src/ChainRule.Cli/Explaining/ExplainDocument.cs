using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using ChainRule.Explanation;
using ChainRule.Verification;

namespace ChainRule.Cli.Explaining;

/// <summary>The JSON document of <c>chainrule explain</c> with --weight: the products of all paths add up to the gradient.</summary>
internal sealed class DerivationDocument(Derivation derivation)
{
    public string Weight => derivation.Target.Name;

    public string Symbol => derivation.Target.Symbol.ToString();

    public double Value => derivation.Target.Value;

    public double Loss => derivation.Pass.Loss;

    public double Gradient => derivation.Gradient;

    /// <summary>How many paths there are, those that are totalled included.</summary>
    public double PathCount => derivation.PathCount;

    /// <summary>The largest paths first; then for each sample that has more one entry whose single factor is the sum of the others.</summary>
    public IReadOnlyList<PathPart> Paths { get; } =
    [
        .. derivation.Paths.Select(path => new PathPart(derivation.Pass.SampleNumbers[path.Sample], [.. path.Factors.Select(factor => new FactorPart(factor.Symbol, factor.Formula.ToString(), factor.Formula.WithNumbers(), factor.Value, factor.Layer))], path.Product, 1)),
        .. derivation.Samples.Where(sample => sample.RemainderCount > 0).Select(sample => new PathPart(sample.Number, [Rest(sample)], sample.Remainder, sample.RemainderCount)),
    ];

    public IReadOnlyList<SampleDocument> Samples { get; } = [.. derivation.Samples.Select(sample => new SampleDocument(sample.Number, sample.PathCount, sample.Gradient))];

    public OpinionsPart Opinions { get; } = new(derivation.Opinions.ByHand, derivation.Opinions.Autodiff, derivation.Opinions.Numeric);

    public GradientVerdict Verdict => derivation.Opinions.Verdict;

    private static FactorPart Rest(SamplePart sample)
    {
        var rest = new Formula.Remainder(sample.RemainderCount, sample.Remainder);
        return new FactorPart(rest.ToString(), rest.ToString(), rest.WithNumbers(), sample.Remainder, null);
    }
}

/// <summary>One path, or the sum of those that are not named.</summary>
/// <param name="Sample">The sample's number in the data.</param>
/// <param name="Factors">The factors, from the loss down.</param>
/// <param name="Product">Their product.</param>
/// <param name="Count">How many paths the entry stands for.</param>
internal sealed record PathPart(int Sample, IReadOnlyList<FactorPart> Factors, double Product, double Count);

/// <summary>One factor.</summary>
/// <param name="Symbol">What it is called, e.g. dz1[3]/dW1[0,3].</param>
/// <param name="Formula">What it is, e.g. x[0].</param>
/// <param name="Numbers">The formula with numbers put in.</param>
/// <param name="Value">Its number.</param>
/// <param name="Layer">The layer that it belongs to; null for a sum of paths.</param>
internal sealed record FactorPart(string Symbol, string Formula, string Numbers, double Value, string? Layer);

/// <summary>What one sample adds.</summary>
internal sealed record SampleDocument(int Sample, double PathCount, double Gradient);

/// <summary>The opinions.</summary>
internal sealed record OpinionsPart(double ByHand, double? Autodiff, double Numeric);

/// <summary>The JSON document of <c>chainrule explain</c> without --weight: every number of the pass.</summary>
internal sealed class PassDocument(NetworkPass pass)
{
    public IReadOnlyList<int> Samples => pass.SampleNumbers;

    public TensorPart Input { get; } = new(pass.Input, pass.Input.Symbol.ToString());

    public IReadOnlyList<LayerPart> Layers { get; } = [.. pass.Layers.Select(layer => new LayerPart(layer))];

    public IReadOnlyList<double> Targets => pass.Targets;

    public LossPart Loss { get; } = new(pass.LossName, pass.LossFormula.ToString(), pass.Loss);
}

/// <summary>A layer's output: numbers sample after sample.</summary>
internal class TensorPart(LayerPass layer, string formula)
{
    public string Name => layer.Name;

    public string Symbol => layer.Symbol.ToString();

    public string Formula => formula;

    public IReadOnlyList<int> Shape => layer.Shape;

    public IReadOnlyList<double> Values => layer.Values;

    public IReadOnlyList<double> Gradients => layer.Gradients;
}

/// <summary>A layer with its parameters.</summary>
internal sealed class LayerPart(LayerPass layer) : TensorPart(layer, layer.Forward!.ToString())
{
    public string Layer { get; } = layer.Description;

    public IReadOnlyList<ParameterDocument> Parameters { get; } = [.. layer.Parameters.Select(parameter => new ParameterDocument(parameter.Name, parameter.Symbol.ToString(), parameter.Lengths, parameter.Values, parameter.Gradients))];
}

/// <summary>A parameter: numbers row by row.</summary>
internal sealed record ParameterDocument(string Name, string Symbol, IReadOnlyList<int> Shape, IReadOnlyList<double> Values, IReadOnlyList<double> Gradients);

/// <summary>The loss.</summary>
internal sealed record LossPart(string Name, string Formula, double Value);

/// <summary>How the documents are written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(FiniteNumberJsonConverter), typeof(CamelCaseEnumJsonConverter<GradientVerdict>)])]
[JsonSerializable(typeof(DerivationDocument))]
[JsonSerializable(typeof(PassDocument))]
internal sealed partial class ExplainJsonContext : JsonSerializerContext;
