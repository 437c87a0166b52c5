using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Random;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every layer's formulas: output, input gradient and parameter gradients are PyTorch's.</summary>
public class LayerOracleTests
{
    public static TheoryData<string, string> Cases => Fixture.CasesOfFamily("layers");

    public static TheoryData<string, string> SinglePrecisionCases => Fixture.SinglePrecisionCasesOfFamily("layers");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_in_double_precision_gives_the_output_and_the_gradients_of_PyTorch(string file, string name) => Check<double>(file, name);

    [Theory]
    [MemberData(nameof(SinglePrecisionCases))]
    public void A_layer_in_single_precision_gives_the_output_and_the_gradients_of_PyTorch(string file, string name) => Check<float>(file, name);

    private static void Check<T>(string file, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(file, name);
        Tensor<T> input = Fixture.Tensor<T>(test.GetProperty("input"));
        Layer<T> layer = LayerCatalogue.OfFixture(test).Create<T>(input.Lengths, new NumPyRandom(0));
        if (test.TryGetProperty("parameters", out JsonElement parameters))
        {
            Fixture.Load(parameters, layer.Parameters);
        }

        Fixture.Equal(test.GetProperty("output"), layer.Forward(input), $"{name}: output");
        Tensor<T> inputGradient = layer.Backward(Fixture.Tensor<T>(test.GetProperty("outputGradient")));
        Fixture.Equal(test.GetProperty("inputGradient"), inputGradient, $"{name}: input gradient");
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            Fixture.Equal(test.GetProperty("parameterGradients").GetProperty(parameter.Name), parameter.Gradient, $"{name}: gradient of {parameter.Name}");
        }
    }
}
