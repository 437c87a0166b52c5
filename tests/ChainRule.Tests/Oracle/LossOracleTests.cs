using System.Numerics;
using System.Text.Json;
using ChainRule.Losses;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every loss's formulas: value and gradient are PyTorch's, at its clamps and far out too.</summary>
public class LossOracleTests
{
    private const string File = "losses.json";

    public static TheoryData<string> Cases => Fixture.Cases(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_in_double_precision_gives_the_value_and_the_gradient_of_PyTorch(string name) => Check<double>(name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_in_single_precision_gives_the_value_and_the_gradient_of_PyTorch(string name) => Check<float>(name);

    private static void Check<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(File, name);
        Loss<T> loss = Make<T>(test.GetProperty("loss").GetString()!);
        T value = loss.Forward(Fixture.Tensor<T>(test.GetProperty("prediction")), Fixture.Tensor<T>(test.GetProperty("target")));
        Fixture.Equal(test.GetProperty("value"), value, $"{name}: value");
        Fixture.Equal(test.GetProperty("gradient"), loss.Backward(), $"{name}: gradient");
    }

    /// <summary>The loss that a fixture names.</summary>
    internal static Loss<T> Make<T>(string name)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "MeanSquaredError" => new MeanSquaredError<T>(),
            "BinaryCrossEntropy" => new BinaryCrossEntropy<T>(),
            "BinaryCrossEntropyWithLogits" => new BinaryCrossEntropyWithLogits<T>(),
            "SoftmaxCrossEntropy" => new SoftmaxCrossEntropy<T>(),
            _ => throw new InvalidDataException($"A fixture has a loss '{name}' that this test does not know."),
        };
}
