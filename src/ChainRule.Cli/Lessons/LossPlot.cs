using System.Globalization;
using System.Text;
using ChainRule.Cli.Rendering;
using ChainRule.Lessons;
using ChainRule.Lessons.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ChainRule.Cli.Lessons;

/// <summary>The loss curve of section 4 as a picture.</summary>
internal sealed class LossPlot : IDisposable
{
    private const int Width = 960;
    private const int Height = 600;

    private readonly Plot plot = new();

    /// <summary>Draws the curve. The labels are English where no installed font has Korean letters.</summary>
    public LossPlot(XorRun run, LessonText text)
    {
        PlotFont font = PlotFont.For(text.Language);
        XorText words = font.Covers ? text.Xor : LessonText.In(Language.English).Xor;

        // There is no logarithmic axis: what is plotted are logarithms, and the ticks say what they stand for.
        double[] epochs = [.. Enumerable.Range(1, run.Losses.Count).Select(epoch => (double)epoch)];
        double[] logarithms = [.. run.Losses.Select(loss => Math.Log10(Math.Max(loss, double.Epsilon)))];
        ScottPlot.Plottables.Scatter curve = plot.Add.ScatterLine(epochs, logarithms, Color.FromHex("#1F6FB2"));
        curve.LineWidth = 2.5f;
        curve.MarkerSize = run.Losses.Count == 1 ? 8 : 0;

        int bottom = (int)Math.Floor(logarithms.Min());
        int top = Math.Max((int)Math.Ceiling(logarithms.Max()), bottom + 1);
        plot.Axes.SetLimitsX(0, Math.Max(2, run.Losses.Count) * 1.01);
        plot.Axes.SetLimitsY(bottom, top);
        plot.Axes.Left.TickGenerator = PowersOfTen(bottom, top);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            TickDensity = 0.5,
            LabelFormatter = epoch => epoch.ToString("N0", CultureInfo.InvariantCulture),
        };
        plot.Grid.MajorLineColor = Colors.Black.WithOpacity(0.18);
        plot.Grid.YAxisStyle.MinorLineStyle.Color = Colors.Black.WithOpacity(0.07);
        plot.Grid.YAxisStyle.MinorLineStyle.Width = 1;
        plot.Title(string.Format(CultureInfo.InvariantCulture, words.PlotTitle, run.Hidden, run.LearningRate));
        plot.XLabel(words.Epoch);
        plot.YLabel(words.LossAxis);
        plot.Font.Set(font.Name);
    }

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng() => plot.GetImageBytes(Width, Height, ImageFormat.Png);

    /// <summary>The picture as an SVG file.</summary>
    public byte[] ToSvg() => Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height));

    /// <inheritdoc/>
    public void Dispose() => plot.Dispose();

    /// <summary>A label at powers of ten, at most ten of them, and short ticks at 2, 3, … 9 times each.</summary>
    private static NumericManual PowersOfTen(int bottom, int top)
    {
        var ticks = new NumericManual();
        int every = 1 + ((top - bottom) / 10);
        for (int power = bottom; power <= top; power += every)
        {
            string label = power is >= -4 and <= 4
                ? Math.Pow(10, power).ToString("0.####", CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"1e{power}");
            ticks.AddMajor(power, label);
            for (int multiple = 2; every == 1 && power < top && multiple <= 9; multiple++)
            {
                ticks.AddMinor(power + Math.Log10(multiple));
            }
        }

        return ticks;
    }
}
