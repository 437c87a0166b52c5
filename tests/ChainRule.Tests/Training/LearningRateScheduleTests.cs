using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void A_constant_stays() => Assert.All(Enumerable.Range(0, 10), step => Assert.Equal(1, LearningRateSchedule.Constant.Factor(step, 10)));

    [Fact]
    public void Stairs_are_of_equal_length()
    {
        var schedule = new StepSchedule(Stairs: 3, Decay: 0.5);
        Assert.Equal([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25], Enumerable.Range(0, 9).Select(step => schedule.Factor(step, 9)));
    }

    /// <summary>As PyTorch's CosineAnnealingLR with T_max = 4 and eta_min = 0: 1, 0.8536, 0.5, 0.1464.</summary>
    [Fact]
    public void A_cosine_falls_from_one_towards_zero()
    {
        double[] expected = [1, 0.5 + (Math.Sqrt(0.5) / 2), 0.5, 0.5 - (Math.Sqrt(0.5) / 2)];
        Near.Equal(expected, [.. Enumerable.Range(0, 4).Select(step => new CosineSchedule().Factor(step, 4))], 1e-15, "factor");
    }

    [Fact]
    public void Warm_up_rises_to_one_before_the_cosine_falls()
    {
        double[] factors = [.. Enumerable.Range(0, 100).Select(step => new CosineSchedule(0.1).Factor(step, 100))];
        Near.Equal([0.1, 0.5, 1, 1], [factors[0], factors[4], factors[9], factors[10]], 1e-15, "factor");
        Assert.Equal(factors[10..].OrderDescending(), factors[10..]);
        Assert.InRange(factors[99], 0, 1e-3);
    }
}
