namespace ChainRule.Playground.Page;

/// <summary>
/// How much of a frame training may take, so that the picture moves smoothly whatever the machine, the network and the browser's
/// own work. Where frames come late it gets less, where they come in time a little more.
/// </summary>
public sealed class FrameBudget
{
    private const double Least = 1;
    private const double Fair = 4;
    private const double Most = 10;

    // Browsers draw 60 times a second: whoever misses one turn has the next, so frames come after 16.7, 33 or 50 ms.
    private const double InTime = 20;
    private const double Late = 28;
    private const double TooLate = 36;

    private double stepsPerMillisecond = 1;

    /// <summary>The milliseconds of a frame that are for training.</summary>
    public double Milliseconds { get; private set; } = 6;

    /// <summary>Takes note of a frame.</summary>
    /// <param name="elapsed">Milliseconds since the frame before.</param>
    public void Note(double elapsed)
    {
        double next = elapsed > TooLate ? 0.8 * Milliseconds
            : elapsed > Late ? Math.Min(Milliseconds, Math.Max(Fair, 0.97 * Milliseconds)) // less of it might not bring the turn before
            : elapsed < InTime ? Milliseconds + 0.15
            : Milliseconds;
        Milliseconds = Math.Clamp(next, Least, Most);
    }

    /// <summary>How many steps there is time for, by what the last ones took; at least one.</summary>
    /// <param name="milliseconds">The time.</param>
    public int StepsIn(double milliseconds) => (int)Math.Clamp(stepsPerMillisecond * milliseconds, 1, 10_000);

    /// <summary>Takes note of what steps took.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="milliseconds">How long.</param>
    public void NoteSteps(int steps, double milliseconds)
    {
        // Browsers round their clocks: nothing is known from a few steps, but that they took no longer.
        double measured = steps / Math.Max(milliseconds, 0.2);
        stepsPerMillisecond = measured < stepsPerMillisecond ? Math.Max(measured, 0.5 * stepsPerMillisecond) : Math.Min(measured, 2 * stepsPerMillisecond);
    }
}
