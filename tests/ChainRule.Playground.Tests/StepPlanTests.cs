using ChainRule.Playground.Session;
using Xunit;

namespace ChainRule.Playground.Tests;

public sealed class StepPlanTests
{
    // Linear, activation, Linear: 3 forward, loss, its gradient, 3 backward, 2 updates.
    private readonly StepPlan plan = new([true, false, true]);

    [Fact]
    public void A_step_goes_forward_to_the_loss_and_back_and_then_moves()
    {
        Assert.Equal(
            "Forward 0, Forward 1, Forward 2, Loss -1, LossGradient -1, Backward 2, Backward 1, Backward 0, Update 0, Update 2",
            string.Join(", ", plan.Operations.Select(operation => $"{operation.Kind} {operation.Layer}")));
    }

    [Theory]
    [InlineData(Grain.Operation, "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(Grain.Layer, "2 3 5 6 8 9 10")]
    [InlineData(Grain.Forward, "3 10")]
    [InlineData(Grain.Loss, "4 10")]
    [InlineData(Grain.Backward, "8 10")]
    [InlineData(Grain.Batch, "10")]
    [InlineData(Grain.Epoch, "10")]
    public void Each_grain_stops_where_it_should_and_comes_back_the_same_way(Grain grain, string expected)
    {
        var stops = new List<int>();
        int done = 0;
        while (done < plan.Operations.Count)
        {
            done = plan.Next(done, grain);
            stops.Add(done);
        }

        Assert.Equal(expected, string.Join(' ', stops));
        stops.Reverse();
        Assert.All(stops.Zip(stops.Skip(1).Append(0)), pair => Assert.Equal(pair.Second, plan.Previous(pair.First, grain)));
    }

    [Fact]
    public void What_is_not_done_yet_is_not_shown_and_at_the_start_the_whole_step_is()
    {
        Assert.True(plan.IsDone(OperationKind.Forward, 1, done: 2));
        Assert.False(plan.IsDone(OperationKind.Forward, 2, done: 2));
        Assert.False(plan.IsDone(OperationKind.Backward, 2, done: 5));
        Assert.True(plan.IsDone(OperationKind.Backward, 2, done: 6));
        Assert.True(plan.IsDone(OperationKind.Backward, 0, done: 0));
        Assert.False(plan.IsDone(OperationKind.Update, 0, done: 0));
    }
}
