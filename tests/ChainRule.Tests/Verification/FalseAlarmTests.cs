using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Verification;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>
/// Right gradients are not called wrong: any shape, activation and loss, and numbers from a millionth to a million. A failure names its
/// case and the seed; <c>CHAINRULE_SEED=7</c> draws other cases.
/// </summary>
public class FalseAlarmTests
{
    [Fact]
    public void Right_networks_pass_at_every_scale_in_double() => Sample(Check<double>, 150);

    [Fact]
    public void Right_networks_pass_at_every_scale_in_float() => Sample(Check<float>, 150);

    /// <summary>A layer that the library does not know: there is no copy in double, and central differences in float must do.</summary>
    [Fact]
    public void Right_networks_with_a_layer_of_ones_own_pass_in_float() => Sample(
        test =>
        {
            (Sequential<float> network, Loss<float> loss, Tensor<float> x, Tensor<float> y) = test.Create<float>(new Cube<float>());
            GradientCheckReport report = GradientCheck.Run(network, loss, x, y);
            Assert.Null(report.InSinglePrecision);
            report.ThrowIfFailed();
        },
        100);

    /// <summary>
    /// A softmax with an output that float rounds to 1: its gradient is a difference of two numbers that are alike, and what is left of it
    /// is rounding. Roundings at random that left the 1 as it was did not show that.
    /// </summary>
    [Fact]
    public void A_softmax_that_is_stuck_at_one_is_not_called_wrong() =>
        Check<float>(new NetworkCase(Batch: 3, Inputs: 2, Hidden: 6, Outputs: 3, Activation: 7, LossKind: 3, InputScale: -2, WeightScale: 3, TargetScale: 3, Seed: 1));

    private static void Sample(Action<NetworkCase> check, int count)
    {
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_SEED"), CultureInfo.InvariantCulture, out ulong given) ? given : 1;
        var random = new PCG(1, seed);
        for (int i = 1; i <= count; i++)
        {
            NetworkCase test = NetworkCase.Any.Generate(random, null, out _);
            try
            {
                check(test);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Case {i} of CHAINRULE_SEED={seed}: {test}", failure);
            }
        }
    }

    private static void Check<T>(NetworkCase test)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (Sequential<T> network, Loss<T> loss, Tensor<T> x, Tensor<T> y) = test.Create<T>();
        GradientCheckReport report = GradientCheck.Run(network, loss, x, y);
        report.ThrowIfFailed();
        Assert.Equal(typeof(T) == typeof(float), report.InSinglePrecision is not null);
    }
}
