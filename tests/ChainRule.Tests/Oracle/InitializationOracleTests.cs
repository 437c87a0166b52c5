using System.Numerics;
using System.Text.Json;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects the spread of first weights, which is PyTorch's, and the order in which they are drawn, which is NumPy's.</summary>
public class InitializationOracleTests
{
    private const string File = "initialization.json";

    public static TheoryData<string> Cases => Fixture.Cases(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void First_weights_in_double_precision_are_NumPys_draws_with_the_spread_of_PyTorch(string name) => Check<double>(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void First_weights_in_single_precision_are_NumPys_draws_with_the_spread_of_PyTorch(string name) => Check<float>(name);

    private static void Check<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(File, name);
        (Initializer weight, Initializer bias) = test.GetProperty("initializer").GetString() switch
        {
            "HeNormal" => (Initializer.HeNormal, Initializer.Zeros),
            "HeUniform" => (Initializer.HeUniform, Initializer.Zeros),
            "GlorotNormal" => (Initializer.GlorotNormal, Initializer.Zeros),
            "GlorotUniform" => (Initializer.GlorotUniform, Initializer.Zeros),
            "PyTorchDefault" => (Initializer.PyTorchDefault, Initializer.PyTorchDefault),
            string unknown => throw new InvalidDataException($"{File} has an initializer '{unknown}' that this test does not know."),
            null => throw new InvalidDataException($"{File} has an initializer without a name."),
        };
        var random = new NumPyRandom(test.GetProperty("seed").GetUInt32());
        var linear = new Linear<T>(test.GetProperty("inputs").GetInt32(), test.GetProperty("outputs").GetInt32(), random, weight, bias);
        Fixture.Equal(test.GetProperty("weight").GetProperty("values"), linear.Weight.Value, $"{name}: weight");
        Fixture.Equal(test.GetProperty("bias").GetProperty("values"), linear.Bias!.Value, $"{name}: bias");
    }
}
