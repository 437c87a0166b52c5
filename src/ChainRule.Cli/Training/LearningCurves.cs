using ChainRule.Cli.Rendering;
using ChainRule.Lessons.Text;
using ChainRule.Training;
using ScottPlot;

namespace ChainRule.Cli.Training;

/// <summary>Loss and score against the epoch.</summary>
internal sealed class LearningCurves : IDisposable
{
    /// <summary>Draws the curves.</summary>
    public LearningCurves(IReadOnlyList<EpochReport> epochs)
    {
        double[] x = [.. epochs.Select(epoch => (double)epoch.Epoch)];
        Add(x, [.. epochs.Select(epoch => epoch.TrainLoss)], "training loss", "#1F6FB2");
        if (epochs[0].Validation is not null)
        {
            Add(x, [.. epochs.Select(epoch => epoch.Validation!.Loss)], "validation loss", "#D9822B");
        }

        if (epochs[0].Validation?.Accuracy is not null)
        {
            ScottPlot.Plottables.Scatter accuracy = Add(x, [.. epochs.Select(epoch => epoch.Validation!.Accuracy!.Value)], "validation accuracy", "#3A8F5C");
            accuracy.Axes.YAxis = Plot.Axes.Right;
            accuracy.LinePattern = LinePattern.Dashed;
            Plot.Axes.Right.Label.Text = "Accuracy";
            Plot.Axes.Right.Range.Set(0, 1);
            Plot.Axes.SetLimitsY(0, 1, Plot.Axes.Right);
        }

        Plot.Axes.SetLimitsX(x[0] - 0.5, x[^1] + 0.5);
        Plot.XLabel("Epoch");
        Plot.YLabel("Loss");
        Plot.Title("Training");
        Plot.ShowLegend(Alignment.MiddleRight);
        Plot.Font.Set(PlotFont.For(Language.English).Name);
    }

    /// <summary>The picture.</summary>
    public Plot Plot { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Plot.Dispose();

    private ScottPlot.Plottables.Scatter Add(double[] x, double[] y, string label, string color)
    {
        ScottPlot.Plottables.Scatter curve = Plot.Add.Scatter(x, y, Color.FromHex(color));
        curve.LineWidth = 2.5f;
        curve.MarkerSize = x.Length > 40 ? 0 : 6;
        curve.LegendText = label;
        return curve;
    }
}
