using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects the chain rule across layers: the gradients of whole networks and what training makes of them are PyTorch's.</summary>
public class NetworkOracleTests
{
    private const string File = "networks.json";

    public static TheoryData<string> Cases => Fixture.Cases(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_in_double_precision_learns_as_in_PyTorch(string name) => Check<double>(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_in_single_precision_learns_as_in_PyTorch(string name) => Check<float>(name);

    private static void Check<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(File, name);
        var network = new Sequential<T>([.. test.GetProperty("layers").EnumerateArray().Select(Make<T>)]);
        Fixture.Load(test.GetProperty("parameters"), network.Parameters);
        Loss<T> loss = LossCatalogue.OfFixture(test).Create<T>();
        var optimizer = new Sgd<T>(network.Parameters, test.GetProperty("learningRate").GetDouble());
        Tensor<T> input = Fixture.Tensor<T>(test.GetProperty("input"));
        Tensor<T> target = Fixture.Tensor<T>(test.GetProperty("target"));
        T[] losses = new T[test.GetProperty("losses").GetProperty("values").GetArrayLength()];
        for (int step = 0; step < losses.Length; step++)
        {
            Tensor<T> output = network.Forward(input);
            losses[step] = loss.Forward(output, target);
            Tensor<T> inputGradient = network.Backward(loss.Backward());
            if (step == 0)
            {
                Fixture.Equal(test.GetProperty("output"), output, $"{name}: output");
                Fixture.Equal(test.GetProperty("inputGradient"), inputGradient, $"{name}: input gradient");
                foreach (Parameter<T> parameter in network.Parameters)
                {
                    Fixture.Equal(test.GetProperty("parameterGradients").GetProperty(parameter.Name), parameter.Gradient, $"{name}: gradient of {parameter.Name}");
                }
            }

            optimizer.Step();
        }

        Fixture.Equal(test.GetProperty("losses"), Tensor.Create(losses, [losses.Length]), $"{name}: losses");
        foreach (Parameter<T> parameter in network.Parameters)
        {
            Fixture.Equal(test.GetProperty("parametersAfterTraining").GetProperty(parameter.Name), parameter.Value, $"{name}: {parameter.Name} after training");
        }
    }

    private static Layer<T> Make<T>(JsonElement layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer.ValueKind == JsonValueKind.Array)
        {
            return new Linear<T>(layer[0].GetInt32(), layer[1].GetInt32(), new NumPyRandom(0));
        }

        return layer.GetString() switch
        {
            "ReLU" => new ReLU<T>(),
            "Sigmoid" => new Sigmoid<T>(),
            "Tanh" => new Tanh<T>(),
            "Gelu" => new Gelu<T>(),
            string unknown => throw new InvalidDataException($"{File} has a layer '{unknown}' that this test does not know."),
            null => throw new InvalidDataException($"{File} has a layer without a name."),
        };
    }
}
