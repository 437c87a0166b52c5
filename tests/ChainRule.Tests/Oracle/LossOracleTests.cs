using System.Numerics;
using System.Text.Json;
using ChainRule.Verification.Catalogue;
using Xunit;

namespace ChainRule.Tests.Oracle;

/// <summary>Protects every loss's formulas: value and gradient are PyTorch's, at its clamps and far out too.</summary>
public class LossOracleTests
{
    public static TheoryData<string, string> Cases => Fixture.CasesOfFamily("losses");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_in_double_precision_gives_the_value_and_the_gradient_of_PyTorch(string file, string name) => Check<double>(file, name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_in_single_precision_gives_the_value_and_the_gradient_of_PyTorch(string file, string name) => Check<float>(file, name);

    private static void Check<T>(string file, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement test = Fixture.Case(file, name);
        Loss<T> loss = LossCatalogue.OfFixture(test).Create<T>();
        T value = loss.Forward(Fixture.Tensor<T>(test.GetProperty("prediction")), Fixture.Tensor<T>(test.GetProperty("target")));
        Fixture.Equal(test.GetProperty("value"), value, $"{name}: value");
        Fixture.Equal(test.GetProperty("gradient"), loss.Backward(), $"{name}: gradient");
    }
}
