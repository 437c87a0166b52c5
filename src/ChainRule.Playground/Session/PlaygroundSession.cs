using ChainRule.Lessons.BugLab;

namespace ChainRule.Playground.Session;

/// <summary>
/// What somebody does on the page: a run, a place inside its next step, and the ways to go on, back and elsewhere. It knows
/// nothing of how it is shown.
/// </summary>
public sealed class PlaygroundSession
{
    /// <summary>Starts a session.</summary>
    /// <param name="setup">What its first run computes.</param>
    /// <exception cref="FormatException">The setup holds what it may not.</exception>
    public PlaygroundSession(Setup setup) => Run = TrainingRun.Start(SetupRules.Fit(setup));

    /// <summary>The run.</summary>
    public TrainingRun Run { get; private set; }

    /// <summary>How many operations of the next step are done; 0 at its start, where the step is shown whole.</summary>
    public int Done { get; private set; }

    /// <summary>The setup of the run.</summary>
    public Setup Setup => Run.Setup;

    /// <summary>The operation that was done last; null at the start of a step.</summary>
    public Operation? LastOperation => Done == 0 ? null : Run.Plan.Operations[Done - 1];

    /// <summary>Whether the run is at its very start, so that a step back leads nowhere.</summary>
    public bool IsAtStart => Done == 0 && Run.Step == Run.FirstStep;

    /// <summary>Goes on by one grain.</summary>
    /// <param name="grain">How far.</param>
    /// <returns>Whether it went on; it cannot where numbers have stopped being finite.</returns>
    public bool StepForward(Grain grain)
    {
        if (grain == Grain.Epoch)
        {
            Done = 0;
            int steps = Run.BatchesPerEpoch - Run.Batch;
            return Run.Train(steps) == steps;
        }

        int next = Run.Plan.Next(Done, grain);
        if (next < Run.Plan.Operations.Count)
        {
            Done = next;
            return true;
        }

        Done = 0;
        return Run.Train(1) == 1;
    }

    /// <summary>Goes back by one grain; does nothing at the start.</summary>
    /// <param name="grain">How far.</param>
    public void StepBack(Grain grain)
    {
        if (IsAtStart)
        {
            return;
        }

        if (grain == Grain.Epoch)
        {
            int back = Run.Batch > 0 ? Run.Batch : Done > 0 ? 0 : Run.BatchesPerEpoch;
            Seek(Math.Max(Run.FirstStep, Run.Step - back));
            return;
        }

        if (Done > 0)
        {
            Done = Run.Plan.Previous(Done, grain);
            return;
        }

        Run.Seek(Run.Step - 1);
        Done = grain == Grain.Batch ? 0 : Run.Plan.Previous(Run.Plan.Operations.Count, grain);
    }

    /// <summary>Trains whole steps; a step that has begun is finished first.</summary>
    /// <param name="steps">How many.</param>
    /// <returns>How many were done.</returns>
    public int Train(int steps)
    {
        Done = 0;
        return Run.Train(steps);
    }

    /// <summary>Goes to the start of a step.</summary>
    /// <param name="step">The step.</param>
    public void Seek(int step)
    {
        Done = 0;
        Run.Seek(step);
    }

    /// <summary>Starts again from exactly the same weights and samples, without what was changed by hand.</summary>
    public void Reset() => Start(Setup, Run.Bug);

    /// <summary>Starts again from other weights.</summary>
    public void StartElsewhere() => Start(Setup with { Network = Setup.Network with { Seed = unchecked(Setup.Network.Seed + 1) } }, Run.Bug);

    /// <summary>Takes another setup: the run goes on where it can, else a new one starts.</summary>
    /// <param name="setup">The setup; its loss is changed where it does not go with the data.</param>
    /// <exception cref="FormatException">The setup holds what it may not.</exception>
    public void Apply(Setup setup)
    {
        Setup fitting = SetupRules.Fit(setup);
        SetupRules.Require(fitting);
        if (fitting.NeedsNewRun(Setup))
        {
            Start(fitting, Run.Bug);
        }
        else if (fitting.Training != Setup.Training)
        {
            Run.Change(fitting.Training);
        }
    }

    /// <summary>Sets an entry by hand. The place inside the step stays: everything below it follows.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="value">Its value.</param>
    public void Edit(Entry entry, double value) => Run.Edit(entry, value);

    /// <summary>Plants a bug, or takes it out with null.</summary>
    /// <param name="bug">The bug.</param>
    public void Plant(PlantedBug? bug) => Run.Plant(bug);

    /// <summary>Everything as text for a link.</summary>
    public string ToLink() => Permalink.Write(Setup, Run.Save(), Done);

    /// <summary>Makes a session of what a link carries.</summary>
    /// <param name="link">The text.</param>
    /// <exception cref="FormatException">It is no such text; the message says why.</exception>
    public static PlaygroundSession FromLink(string link)
    {
        (Setup setup, RunState state, int done) = Permalink.Read(link);
        var session = new PlaygroundSession(setup);
        session.Run.Load(state);
        session.Done = done < session.Run.Plan.Operations.Count ? done : throw new FormatException($"The link stops after operation {done} of a step of {session.Run.Plan.Operations.Count}.");
        return session;
    }

    private void Start(Setup setup, PlantedBug? bug)
    {
        Run = TrainingRun.Start(setup);
        Done = 0;
        if (bug is not null && Run.PlantableBugs.Contains(bug))
        {
            Run.Plant(bug);
        }
    }
}
