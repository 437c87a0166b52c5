using System.Diagnostics;
using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>How the page plays: whether, how fast, and how much of it is drawn.</summary>
public sealed class Playback
{
    // Without drawing, a frame may take as long as nobody minds.
    private const double WholeFrameBudget = 90;

    // After so many milliseconds at the latest, a look at the clock.
    private const double LongestStretch = 10;

    // Without drawing, counters and curves move on so often.
    private const double QuietPeriod = 500;
    private const double RatePeriod = 500;
    private const int MostSlowOperations = 8;

    private readonly FrameBudget frames = new();
    private double lastFrame;
    private double lastTick;
    private double credit;
    private double rateSteps;
    private double rateSince;

    /// <summary>Whether the page plays.</summary>
    public bool IsPlaying { get; private set; }

    /// <summary>Whether the picture is drawn meanwhile.</summary>
    public bool IsDrawing { get; private set; } = true;

    /// <summary>The place of the speed in <see cref="Speed.All"/>.</summary>
    public int SpeedIndex { get; private set; } = Speed.Default;

    /// <summary>Steps a second.</summary>
    public double Rate { get; private set; }

    /// <summary>Starts or stops.</summary>
    /// <param name="isPlaying">Whether to play.</param>
    internal void Play(bool isPlaying)
    {
        IsPlaying = isPlaying;
        (lastFrame, credit, Rate, rateSteps, rateSince) = (0, 1, 0, 0, 0);
    }

    /// <summary>Sets the speed.</summary>
    /// <param name="index">Its place in <see cref="Speed.All"/>.</param>
    internal void SetSpeed(int index)
    {
        SpeedIndex = Math.Clamp(index, 0, Speed.All.Count - 1);
        credit = 0;
    }

    /// <summary>Draws meanwhile or not.</summary>
    /// <param name="draws">Whether to.</param>
    internal void SetDrawing(bool draws) => IsDrawing = draws;

    /// <summary>Takes a session as far as one frame allows.</summary>
    /// <param name="session">The session.</param>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>Whether there is more to play.</returns>
    internal bool Advance(PlaygroundSession session, double now)
    {
        double elapsed = lastFrame == 0 ? 16 : Math.Min(now - lastFrame, 250);
        if (lastFrame > 0 && IsDrawing)
        {
            frames.Note(elapsed);
        }

        lastFrame = now;
        Speed speed = Speed.All[SpeedIndex];
        int stepsBefore = session.Run.Step;
        bool goesOn = speed.IsOperations ? PlayOperations(session, speed, elapsed) : PlaySteps(session, speed, elapsed);
        CountRate(now, session.Run.Step - stepsBefore);
        return goesOn;
    }

    /// <summary>Whether numbers are due to move on.</summary>
    /// <param name="now">The time in milliseconds.</param>
    internal bool IsTickDue(double now)
    {
        bool isDue = IsDrawing || now - lastTick > QuietPeriod;
        lastTick = isDue ? now : lastTick;
        return isDue;
    }

    private bool PlayOperations(PlaygroundSession session, Speed speed, double elapsed)
    {
        credit += elapsed * speed.PerSecond / 1000;
        for (int i = 0; i < MostSlowOperations && credit >= 1; i++)
        {
            credit--;
            if (!session.StepForward(Grain.Operation))
            {
                return false;
            }
        }

        return true;
    }

    private bool PlaySteps(PlaygroundSession session, Speed speed, double elapsed)
    {
        bool isUnlimited = double.IsPositiveInfinity(speed.PerSecond);
        double budget = IsDrawing ? frames.Milliseconds : WholeFrameBudget;
        credit = isUnlimited ? double.PositiveInfinity : Math.Min(credit + (elapsed * speed.PerSecond / 1000), speed.PerSecond);
        long start = Stopwatch.GetTimestamp();
        double spent = 0;
        while (credit >= 1 && spent < budget)
        {
            int steps = (int)Math.Min(frames.StepsIn(Math.Min(budget - spent, LongestStretch)), credit);
            int done = session.Train(steps);
            credit -= done;
            double before = spent;
            spent = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            frames.NoteSteps(done, spent - before);
            if (done < steps)
            {
                return false;
            }
        }

        // What there was no time for is not made up for.
        credit = Math.Min(credit, 1);
        return true;
    }

    private void CountRate(double now, int steps)
    {
        rateSteps += steps;
        rateSince = rateSince == 0 ? now : rateSince;
        if (now - rateSince > RatePeriod)
        {
            Rate = rateSteps * 1000 / (now - rateSince);
            (rateSteps, rateSince) = (0, now);
        }
    }
}
