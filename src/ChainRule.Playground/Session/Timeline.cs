using System.Numerics;

namespace ChainRule.Playground.Session;

/// <summary>
/// The moments of a run that are kept to go back to. They lie a fixed number of steps apart; when there are too many, every
/// second goes and the distance doubles, so that memory is bounded and every step is a short training away. Where something
/// was changed by hand the moment stays.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Timeline<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The most moments that are kept.</summary>
    public const int MostMoments = 192;

    private const int MostPinned = MostMoments / 2;

    private readonly List<Moment<T>> moments = [];

    /// <summary>The distance between moments that are not pinned, in steps.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>The earliest step that can be gone back to.</summary>
    public int FirstStep => moments[0].Step;

    /// <summary>The furthest step that was reached since something was last changed.</summary>
    public int LastStep { get; private set; }

    /// <summary>How many moments are kept.</summary>
    public int Count => moments.Count;

    /// <summary>Whether a moment of this step is wanted.</summary>
    public bool Wants(int step) => step > moments[^1].Step && step % Stride == 0;

    /// <summary>Notes that a step was reached.</summary>
    public void Reach(int step) => LastStep = Math.Max(LastStep, step);

    /// <summary>Keeps a moment. One that is pinned takes the place of all that came after it.</summary>
    public void Keep(Moment<T> moment)
    {
        if (moment.IsPinned)
        {
            moments.RemoveAll(other => other.Step >= moment.Step);
            LastStep = moment.Step;
        }

        moments.Add(moment);
        Reach(moment.Step);
        if (moments.Count > MostMoments)
        {
            Thin();
        }
    }

    /// <summary>The last moment that is not after a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is before the first moment.</exception>
    public Moment<T> Before(int step) => moments.FindLast(moment => moment.Step <= step)
        ?? throw new ArgumentOutOfRangeException(nameof(step), step, $"Step {step} is gone: the earliest that is kept is {FirstStep}.");

    /// <summary>The next step after a given one at which something was changed by hand; the largest number where there is none.</summary>
    public int NextPinnedAfter(int step) => moments.Find(moment => moment.IsPinned && moment.Step > step)?.Step ?? int.MaxValue;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        moments.Clear();
        (Stride, LastStep) = (1, 0);
    }

    private void Thin()
    {
        Stride *= 2;
        moments.RemoveAll(moment => !moment.IsPinned && moment.Step % Stride != 0 && moment != moments[0]);

        // Somebody who changes something at every step has the last of these changes kept.
        int pinned = moments.Count(moment => moment.IsPinned);
        if (pinned > MostPinned)
        {
            int cut = moments.FindIndex(moment => moment.IsPinned && --pinned < MostPinned);
            moments.RemoveRange(0, cut);
        }
    }
}
