using ChainRule.Cli.Rendering;
using ChainRule.Lessons.Text;
using ChainRule.Verification;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ChainRule.Cli.Checking;

/// <summary>Draws the error of the central difference against its step, in float64 and float32 together.</summary>
internal static class VCurvePlot
{
    private const double LeastError = 1e-16;
    private const double LargestError = 10;

    /// <summary>Draws both curves.</summary>
    public static void Draw(string file, ErrorCurve curve)
    {
        using var plot = new Plot();
        int bottom = -1;
        int left = 0;
        foreach ((IReadOnlyList<StepError> points, string name, string color, MarkerShape marker) in new[]
        {
            (curve.InDouble, "float64", "#0072B2", MarkerShape.FilledCircle),
            (curve.InSingle, "float32", "#D55E00", MarkerShape.FilledTriangleUp),
        })
        {
            StepError[] defined = [.. points.Where(point => !double.IsNaN(point.Error))];
            if (defined.Length == 0)
            {
                continue;
            }

            double[] errors = [.. defined.Select(point => Math.Log10(Math.Clamp(point.Error, LeastError, LargestError)))];
            double[] steps = [.. defined.Select(point => Math.Log10(point.Step))];
            bottom = Math.Min(bottom, (int)Math.Floor(errors.Min()));
            left = Math.Min(left, (int)Math.Floor(steps.Min()));
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(steps, errors, Color.FromHex(color));
            line.LineWidth = 2.5f;
            line.MarkerSize = 6;
            line.MarkerShape = marker;
            line.LegendText = name;
        }

        plot.Axes.SetLimits(left - 0.3, 0.3, bottom, 1.2);
        plot.Axes.Left.TickGenerator = PowersOfTen(bottom, 1);
        plot.Axes.Bottom.TickGenerator = PowersOfTen(left, 0);
        plot.Title($"Error of the central difference: {curve.Parameter}[{string.Join(", ", curve.Index)}]");
        plot.XLabel("Step h");
        plot.YLabel(curve.Derivative == 0 ? "Error" : "Relative error");
        plot.ShowLegend(Alignment.LowerLeft);
        plot.Font.Set(PlotFont.For(Language.English).Name);
        Picture.Write(file, plot, 960, 600);
    }

    private static NumericManual PowersOfTen(int from, int to)
    {
        var ticks = new NumericManual();
        for (int power = from; power <= to; power += 2)
        {
            ticks.AddMajor(power, $"1e{power}");
        }

        return ticks;
    }
}
