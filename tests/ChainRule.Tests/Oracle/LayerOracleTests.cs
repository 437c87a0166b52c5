using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every layer's formulas: output, input gradient and parameter gradients are PyTorch's.</summary>
public class LayerOracleTests
{
    public static TheoryData<string, string> Cases => Fixture.CasesOfFamily("layers");

    public static TheoryData<string, string> SinglePrecisionCases => Fixture.SinglePrecisionCasesOfFamily("layers");

    public static TheoryData<string, string> CasesWithStates => Fixture.CasesOfFamily("layers", "stateDict");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_in_double_precision_gives_the_output_and_the_gradients_of_PyTorch(string file, string name) => Check<double>(file, name);

    [Theory]
    [MemberData(nameof(SinglePrecisionCases))]
    public void A_layer_in_single_precision_gives_the_output_and_the_gradients_of_PyTorch(string file, string name) => Check<float>(file, name);

    /// <summary>A state_dict of PyTorch has these names, shapes and numbers for the same parameters, and model files have them too.</summary>
    [Theory]
    [MemberData(nameof(CasesWithStates))]
    public void The_parameters_have_the_names_and_the_layout_of_PyTorch(string file, string name)
    {
        JsonElement test = Fixture.Case(file, name);
        Layer<double> layer = LayerCatalogue.OfFixture(test).Create<double>(Fixture.Tensor<double>(test.GetProperty("input")).Lengths, new NumPyRandom(0));
        Fixture.Load(test.GetProperty("parameters"), layer.Parameters);
        JsonElement expected = test.GetProperty("stateDict");
        StateTensor<double>[] states = [.. PyTorchLayout.Of(layer)];
        Assert.Equal(expected.EnumerateObject().Select(state => state.Name), states.Select(state => state.Name));
        foreach (StateTensor<double> state in states)
        {
            Fixture.Equal(expected.GetProperty(state.Name), state.Export(), $"{name}: {state.Name}");
        }
    }

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

        Assert.Equal(test.TryGetProperty("statistics", out _), layer.Statistics.Count > 0);
        Fixture.Equal(test.GetProperty("output"), layer.Forward(input), $"{name}: output");
        Tensor<T> inputGradient = layer.Backward(Fixture.Tensor<T>(test.GetProperty("outputGradient")));
        if (layer.HasInputGradient)
        {
            Fixture.Equal(test.GetProperty("inputGradient"), inputGradient, $"{name}: input gradient");
        }
        else
        {
            Assert.Equal(0, inputGradient.FlattenedLength);
        }

        foreach (Parameter<T> parameter in layer.Parameters)
        {
            Fixture.Equal(test.GetProperty("parameterGradients").GetProperty(parameter.Name), parameter.Gradient, $"{name}: gradient of {parameter.Name}");
        }

        foreach (RunningStatistic<T> statistic in layer.Statistics)
        {
            Fixture.Equal(test.GetProperty("statisticsAfter").GetProperty(statistic.Name), statistic.Value, $"{name}: {statistic.Name}");
        }
    }
}
