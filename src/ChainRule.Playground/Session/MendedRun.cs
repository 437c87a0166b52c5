using System.Diagnostics;
using ChainRule.Lessons.BugLab;

namespace ChainRule.Playground.Session;

/// <summary>A run without the bug that is planted into another one, from the same moment on: what training would have come to.</summary>
internal sealed class MendedRun
{
    // So many steps at once, between looks at the clock.
    private const int Chunk = 32;

    private readonly TrainingRun run;
    private readonly PlantedBug? bug;
    private readonly TrainingRun twin;

    private MendedRun(TrainingRun run)
    {
        (this.run, bug) = (run, run.Bug);
        twin = TrainingRun.Start(run.Setup);
        twin.Load(run.Save());
    }

    /// <summary>The twin's curve, as far as the run has come.</summary>
    public IEnumerable<HistoryPoint> Points => twin.History.Points.Where(point => point.Step <= run.Step);

    /// <summary>The twin of a run: the one that there is, a new one, or none where no bug is planted.</summary>
    /// <param name="current">The one that there is.</param>
    /// <param name="run">The run.</param>
    public static MendedRun? Of(MendedRun? current, TrainingRun run) =>
        run.Bug is null ? null : current is not null && current.run == run && current.bug == run.Bug && run.Step >= current.twin.FirstStep ? current : new MendedRun(run);

    /// <summary>Trains on after the run; what there is no time for is made up for later.</summary>
    /// <param name="budget">How many milliseconds it may take.</param>
    public void Follow(double budget)
    {
        if (twin.Setup.Training != run.Setup.Training)
        {
            twin.Change(run.Setup.Training);
        }

        long start = Stopwatch.GetTimestamp();
        while (twin.Step < run.Step && Stopwatch.GetElapsedTime(start).TotalMilliseconds < budget)
        {
            int steps = Math.Min(Chunk, run.Step - twin.Step);
            if (twin.Train(steps) < steps)
            {
                return; // it broke down
            }
        }
    }
}
