using ChainRule.Playground.Page;
using Xunit;

namespace ChainRule.Playground.Tests;

/// <summary>Training leaves the picture its frames: at least 30 a second wherever painting alone would leave so many, and does not starve.</summary>
public sealed class FrameBudgetTests
{
    private const double Turn = 1000.0 / 60;

    [Theory]
    [InlineData(2, 9)]
    [InlineData(8, 5)]
    [InlineData(15, 3.5)]
    [InlineData(24, 3.5)]
    [InlineData(30, 1)]
    public void Frames_come_in_time(double painting, double leastTraining)
    {
        var budget = new FrameBudget();
        double time = 0;
        double trained = 0;
        const int skipped = 60;
        const int frames = 600;
        for (int i = 0; i < frames; i++)
        {
            double work = painting + budget.Milliseconds;
            double elapsed = Math.Ceiling(work / Turn) * Turn;
            time += i >= skipped ? elapsed : 0;
            trained += i >= skipped ? budget.Milliseconds : 0;
            budget.Note(elapsed);
        }

        double average = trained / (frames - skipped);
        Assert.True(time / (frames - skipped) <= 2 * Turn * 1.02, $"{time / (frames - skipped):F1} ms for a frame");
        Assert.True(average >= leastTraining, $"{average:F2} ms of training in a frame");
    }

    /// <summary>The number of steps follows what they take: from one that takes long to many that take nothing, and back.</summary>
    [Fact]
    public void Steps_fill_the_time()
    {
        var budget = new FrameBudget();
        foreach (double cost in new[] { 0.03, 5.0, 0.5 })
        {
            for (int i = 0; i < 30; i++)
            {
                int steps = budget.StepsIn(6);
                budget.NoteSteps(steps, steps * cost);
            }

            Assert.InRange(budget.StepsIn(6) * cost, Math.Min(cost, 3), Math.Max(6.1, cost));
        }
    }
}
