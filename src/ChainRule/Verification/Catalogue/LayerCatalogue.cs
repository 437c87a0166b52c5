using System.Text.Json;

namespace ChainRule.Verification.Catalogue;

/// <summary>Every layer of the library. What holds for layers is proved on each of them.</summary>
internal static class LayerCatalogue
{
    public static IReadOnlyList<LayerCase> All { get; } = [.. DenseCases.All, .. ActivationCases.All, .. ConvolutionCases.All, .. SequenceCases.All, .. NormalizationCases.All, .. CompositionCases.All];

    public static LayerCase Get(string name) => All.Single(layer => layer.Name == name);

    /// <summary>The layer of a case that PyTorch computed, with the options of that case.</summary>
    /// <param name="test">An entry of a fixture <c>layers….json</c>.</param>
    /// <exception cref="InvalidDataException">No layer of the catalogue has that name.</exception>
    public static LayerCase OfFixture(JsonElement test)
    {
        string kind = test.GetProperty("layer").GetString()!;
        JsonElement options = test.GetProperty("options");
        return DenseCases.OfFixture(kind, options, test.GetProperty("output"))
            ?? ActivationCases.OfFixture(kind, options)
            ?? SequenceCases.OfFixture(kind, options)
            ?? ConvolutionCases.OfFixture(kind, options, test.GetProperty("output"))
            ?? NormalizationCases.OfFixture(kind, options, test)
            ?? CompositionCases.OfFixture(kind, options)
            ?? throw new InvalidDataException($"A fixture has a layer '{kind}' that the catalogue does not know.");
    }
}
