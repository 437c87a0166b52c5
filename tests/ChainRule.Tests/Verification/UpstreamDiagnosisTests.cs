using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>A right backward pass is linear in the gradient from above; how it answers to another one, to twice the same and to the sum of two tells what it does with it.</summary>
public class UpstreamDiagnosisTests
{
    [Theory]
    [InlineData(Fault.UpstreamIgnored, GradientMistake.UpstreamDropped)]
    [InlineData(Fault.UpstreamSquared, GradientMistake.UpstreamAppliedTwice)]
    [InlineData(Fault.OnlyTheSignOfUpstream, GradientMistake.Unknown)]
    [InlineData(Fault.UpstreamWithoutSign, GradientMistake.Unknown)]
    [InlineData(Fault.SomethingAdded, GradientMistake.Unknown)]
    public void What_is_not_linear_is_named(Fault fault, GradientMistake cause)
    {
        Diagnosis[] said = Of(new FaultyLayer<double>(fault, 3));
        Assert.Equal([cause, cause], said.Select(diagnosis => diagnosis.Cause));
        Assert.Equal(["factor", "FaultyLayer"], said.Select(diagnosis => diagnosis.Place));
    }

    /// <summary>A wrong index and a gradient that is never written are wrong and linear: 0 does not depend on anything.</summary>
    [Theory]
    [InlineData(Fault.BatchOfOneOnly)]
    [InlineData(Fault.ParameterNeverReached)]
    public void What_is_linear_says_nothing(Fault fault) => Assert.Empty(Of(new FaultyLayer<double>(fault, 3)));

    private static Diagnosis[] Of(Layer<double> layer)
    {
        Examination e = Examination.Of(Piece.Of(new CheckedNetwork(layer, null, GivenSlopes.Ones([2, 3]), null))[0])!;
        Assert.NotEmpty(e.Wrong);
        return [.. UpstreamExperiments.Of(e)];
    }
}
