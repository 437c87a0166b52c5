using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every layer's formulas: output, input gradient and parameter gradients are PyTorch's.</summary>
public class LayerOracleTests
{
    private const string File = "layers.json";

    public static TheoryData<string> Cases => Fixture.Cases(File);

    public static TheoryData<string> SinglePrecisionCases => Fixture.SinglePrecisionCases(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_in_double_precision_gives_the_output_and_the_gradients_of_PyTorch(string name) => Check<double>(name);

    [Theory]
    [MemberData(nameof(SinglePrecisionCases))]
    public void A_layer_in_single_precision_gives_the_output_and_the_gradients_of_PyTorch(string name) => Check<float>(name);

    private static void Check<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(File, name);
        Tensor<T> input = Fixture.Tensor<T>(test.GetProperty("input"));
        Layer<T> layer = Make<T>(test, input);
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

    private static Layer<T> Make<T>(JsonElement test, Tensor<T> input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement options = test.GetProperty("options");
        return test.GetProperty("layer").GetString() switch
        {
            "Linear" => new Linear<T>((int)input.Lengths[1], test.GetProperty("output").GetProperty("shape")[1].GetInt32(), new NumPyRandom(0), hasBias: options.GetProperty("hasBias").GetBoolean()),
            "ReLU" => new ReLU<T>(),
            "LeakyReLU" => new LeakyReLU<T>(options.GetProperty("negativeSlope").GetDouble()),
            "Sigmoid" => new Sigmoid<T>(),
            "Tanh" => new Tanh<T>(),
            "Softplus" => new Softplus<T>(),
            "Gelu" => new Gelu<T>(Enum.Parse<GeluForm>(options.GetProperty("form").GetString()!)),
            "Silu" => new Silu<T>(),
            "Softmax" => new Softmax<T>(),
            "Flatten" => new Flatten<T>(),
            "Dropout" => new Dropout<T>(options.GetProperty("probability").GetDouble(), new NumPyRandom(options.GetProperty("seed").GetUInt32())) { IsTraining = options.GetProperty("training").GetBoolean() },
            string unknown => throw new InvalidDataException($"{File} has a layer '{unknown}' that this test does not know."),
            null => throw new InvalidDataException($"{File} has a layer without a name."),
        };
    }
}
