using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>The points that somebody draws to be their own data.</summary>
public sealed class Sketch
{
    private readonly List<DrawnPoint> points = [];

    /// <summary>The square that is drawn on.</summary>
    public static Interval Range => OwnData.DrawnRange;

    /// <summary>Whether somebody draws.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The class of the points that come next: 0 or 1.</summary>
    public int Class { get; internal set; }

    /// <summary>The points.</summary>
    public IReadOnlyList<DrawnPoint> Points => points;

    /// <summary>Whether there are points enough to train with.</summary>
    internal bool IsEnough => points.Count >= OwnData.LeastDrawn;

    /// <summary>Opens the sketch, with the points of the data where those were drawn.</summary>
    /// <param name="data">The data of the session.</param>
    internal void Open(DataSetup data)
    {
        IsOpen = true;
        points.Clear();
        if (data.OwnData is { Features: 2, ClassNames.Count: 2, Standardize: false } own)
        {
            points.AddRange(own.Targets.Select((target, i) => new DrawnPoint(own.Inputs[2 * i], own.Inputs[(2 * i) + 1], (int)target)));
        }
    }

    /// <summary>Closes the sketch; its points stay.</summary>
    internal void Close() => IsOpen = false;

    /// <summary>Adds a point.</summary>
    /// <param name="x1">To the right, from 0 to 1.</param>
    /// <param name="x2">Up, from 0 to 1.</param>
    /// <param name="index">Its class; −1 for <see cref="Class"/>, −2 for the other one.</param>
    /// <returns>Whether there was room for it.</returns>
    internal bool Add(double x1, double x2, int index)
    {
        if (!IsOpen || points.Count >= OwnData.MaximumSamples)
        {
            return false;
        }

        points.Add(new DrawnPoint(Range.At(x1), Range.At(x2), index switch
        {
            -1 => Class,
            -2 => 1 - Class,
            _ => index,
        }));
        return true;
    }

    /// <summary>Takes the last point away.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool Undo()
    {
        if (points.Count == 0)
        {
            return false;
        }

        points.RemoveAt(points.Count - 1);
        return true;
    }
}
