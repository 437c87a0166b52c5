namespace ChainRule.Playground.Page;

/// <summary>A line of a chart.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Style">How it is drawn: each number has a colour and dashes of its own.</param>
/// <param name="Points">Its points, by x.</param>
public sealed record ChartSeries(string Label, int Style, IReadOnlyList<(double X, double Y)> Points);
