namespace ChainRule.Playground.Session;

/// <summary>What the curves show of an epoch.</summary>
/// <param name="Epoch">The epochs that are done.</param>
/// <param name="Step">The steps that are done.</param>
/// <param name="TrainLoss">The mean of the epoch's losses, each before its step.</param>
/// <param name="TestLoss">The loss of the held-out samples after it; not a number where there are none.</param>
/// <param name="GradientNorms">‖∂L/∂W‖ of each layer with weights, at the epoch's last step.</param>
/// <param name="UpdateRatios">‖ΔW‖/‖W‖ of each layer with weights, at the epoch's last step.</param>
public sealed record HistoryPoint(int Epoch, int Step, double TrainLoss, double TestLoss, IReadOnlyList<double> GradientNorms, IReadOnlyList<double> UpdateRatios);

/// <summary>
/// The curves of a run. Points lie a fixed number of epochs apart; when there are too many, every second goes and the distance
/// doubles. Which epochs have a point depends on their number alone, so a run that is repeated has the same curves.
/// </summary>
public sealed class History
{
    /// <summary>The most points.</summary>
    public const int MostPoints = 400;

    private readonly List<HistoryPoint> points = [];

    /// <summary>The points.</summary>
    public IReadOnlyList<HistoryPoint> Points => points;

    /// <summary>The distance between points, in epochs.</summary>
    public int Stride { get; private set; } = 1;

    /// <summary>Whether a point of an epoch is wanted.</summary>
    /// <param name="epoch">The epochs that are done.</param>
    public bool Wants(int epoch) => epoch % Stride == 0 && (points.Count == 0 || epoch > points[^1].Epoch);

    /// <summary>Adds a point.</summary>
    /// <param name="point">The point; later than all others.</param>
    public void Add(HistoryPoint point)
    {
        points.Add(point);
        if (points.Count > MostPoints)
        {
            Stride *= 2;
            points.RemoveAll(other => other.Epoch % Stride != 0);
        }
    }

    /// <summary>Forgets what came after a step.</summary>
    /// <param name="step">The step.</param>
    public void CutAfter(int step) => points.RemoveAll(point => point.Step > step);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        points.Clear();
        Stride = 1;
    }
}
