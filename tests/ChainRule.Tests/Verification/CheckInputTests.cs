using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>What a check is given: what is missing is named, what does not fit is explained, and what is not known is said.</summary>
public class CheckInputTests
{
    private static readonly Layer<double> network = new Linear<double>(2, 2, new NumPyRandom(1));
    private static readonly Loss<double> loss = new MeanSquaredError<double>();
    private static readonly Tensor<double> batch = new NumPyRandom(2).Randn(3, 2);
    private static readonly CheckedTensor<double>[] claims = [new("w", batch, batch)];

    [Fact]
    public void What_is_missing_is_named()
    {
        Missing("network", () => GradientCheck.Run(null!, loss, batch, batch));
        Missing("loss", () => GradientCheck.Run(network, null!, batch, batch));
        Missing("input", () => GradientCheck.Run(network, loss, null!, batch));
        Missing("target", () => GradientCheck.Run(network, loss, batch, (Tensor<double>)null!));
        Missing("layer", () => GradientCheck.Run((Layer<double>)null!, batch));
        Missing("input", () => GradientCheck.Run(network, null!));
        Missing("loss", () => GradientCheck.Run((Loss<double>)null!, batch, batch));
        Missing("prediction", () => GradientCheck.Run(loss, null!, batch));
        Missing("target", () => GradientCheck.Run(loss, batch, null!));
        Missing("forward", () => GradientCheck.Run<double>(null!, _ => [], [("w", batch)]));
        Missing("backward", () => GradientCheck.Run<double>(() => batch, null!, [("w", batch)]));
        Missing("tensors", () => GradientCheck.Run<double>(() => batch, _ => [], null!));
        Missing("loss", () => GradientCheck.Run((Func<double>)null!, claims));
        Missing("tensors", () => GradientCheck.Run(() => 0.0, null!));
        Missing("network", () => GradientCheck.Run(null!, loss, batch, batch, claims));
        Missing("loss", () => GradientCheck.Run(network, null!, batch, batch, claims));
        Missing("input", () => GradientCheck.Run(network, loss, null!, batch, claims));
        Missing("target", () => GradientCheck.Run(network, loss, batch, null!, claims));
        Missing("tensors", () => GradientCheck.Run(network, loss, batch, batch, (CheckedTensor<double>[])null!));
        Missing("network", () => GradientCheck.Entry(null!, loss, batch, batch, "w", [0]));
        Missing("loss", () => GradientCheck.Entry(network, null!, batch, batch, "w", [0]));
        Missing("input", () => GradientCheck.Entry(network, loss, null!, batch, "w", [0]));
        Missing("target", () => GradientCheck.Entry(network, loss, batch, null!, "w", [0]));
        Missing("network", () => ErrorCurve.Measure(null!, loss, batch, batch, "w", [0]));
        Missing("loss", () => ErrorCurve.Measure(network, null!, batch, batch, "w", [0]));
        Missing("input", () => ErrorCurve.Measure(network, loss, null!, batch, "w", [0]));
        Missing("target", () => ErrorCurve.Measure(network, loss, batch, null!, "w", [0]));
        Missing("loss", () => TaylorTest.Order(null!, claims));
        Missing("tensors", () => TaylorTest.Order(() => 0, null!));
        Missing("writer", () => GradientCheck.Run(network, batch).WriteTo(null!));
    }

    /// <summary>A gradient of the right size and the wrong shape, or tensors that are no batches, are refused before anything is compared.</summary>
    [Fact]
    public void What_does_not_fit_is_explained()
    {
        Tensor<double> turned = new NumPyRandom(2).Randn(2, 3);
        string Refused(Tensor<double> value, Tensor<double> gradient) =>
            Assert.Throws<ArgumentException>(() => GradientCheck.Run(() => 0.0, [new CheckedTensor<double>("w", value, gradient)])).Message;
        Assert.StartsWith("'w': expected a gradient in the shape of the value, (3, 2), got (2, 3).", Refused(batch, turned), StringComparison.Ordinal);
        Assert.StartsWith("The value of 'w'", Refused(Tensor<double>.Empty, Tensor<double>.Empty), StringComparison.Ordinal);
        Assert.StartsWith("The gradient of 'w'", Refused(batch, Tensor<double>.Empty), StringComparison.Ordinal);
        Assert.StartsWith("'w' is there twice", Assert.Throws<ArgumentException>(() => GradientCheck.Run(network, loss, batch, batch, [.. claims, .. claims])).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is nothing to check", Assert.Throws<ArgumentException>(() => GradientCheck.Run(network, loss, batch, batch, (CheckedTensor<double>[])[])).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is nothing to check", Assert.Throws<ArgumentException>(() => GradientCheck.Run<double>(() => batch, _ => [], [])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no entry [0]", Assert.Throws<ArgumentException>(() => GradientCheck.Entry(network, loss, batch, batch, "input", [0])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no entry [0, -1]", Assert.Throws<ArgumentException>(() => GradientCheck.Entry(network, loss, batch, batch, "input", [0, -1])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no entry [3, 0]", Assert.Throws<ArgumentException>(() => GradientCheck.Entry(network, loss, batch, batch, "input", [3, 0])).Message, StringComparison.Ordinal);
    }

    private static void Missing(string name, Action call) => Assert.Equal(name, Assert.Throws<ArgumentNullException>(call).ParamName);
}
