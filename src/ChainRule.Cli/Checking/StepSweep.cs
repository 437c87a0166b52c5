using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Cli.Rendering;
using ChainRule.Lessons.Text;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace ChainRule.Cli.Checking;

/// <summary>The V-curve: how far the central difference of one weight is from its derivative, for steps from 1 to 10⁻¹². Large steps see the curve, small ones rounding.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Double">Steps and relative errors in float64.</param>
/// <param name="Single">The same in float32.</param>
internal sealed record StepSweep(string Weight, IReadOnlyList<(double Step, double Error)> Double, IReadOnlyList<(double Step, double Error)> Single)
{
    private const int Decades = 12;
    private const int StepsInADecade = 4;

    /// <summary>Measures the errors; the entry comes back bit for bit.</summary>
    public static IReadOnlyList<(double Step, double Error)> Measure<T>(Func<double> loss, Tensor<T> value, int entry, double slope)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint[] index = [.. Index(entry, value.Lengths)];
        T original = value[index];
        var curve = new List<(double, double)>();
        for (int i = 0; i <= Decades * StepsInADecade; i++)
        {
            double step = Math.Pow(10, -(double)i / StepsInADecade);
            T right = value[index] = original + T.CreateTruncating(step);
            double above = loss();
            T left = value[index] = original - T.CreateTruncating(step);
            double below = loss();
            value[index] = original;
            double distance = double.CreateTruncating(right) - double.CreateTruncating(left);
            double error = distance == 0 ? 1 : Math.Abs(((above - below) / distance) - slope) / Math.Abs(slope);
            curve.Add((step, error));
        }

        return curve;
    }

    /// <summary>Draws both curves.</summary>
    public void Draw(string file)
    {
        using var plot = new Plot();
        int bottom = -1;
        foreach ((IReadOnlyList<(double Step, double Error)> curve, string name, string color) in new[] { (Double, "float64", "#0072B2"), (Single, "float32", "#D55E00") })
        {
            double[] errors = [.. curve.Select(point => Math.Log10(Math.Clamp(point.Error, 1e-16, 10)))];
            bottom = Math.Min(bottom, (int)Math.Floor(errors.Min()));
            ScottPlot.Plottables.Scatter line = plot.Add.Scatter(curve.Select(point => Math.Log10(point.Step)).ToArray(), errors, Color.FromHex(color));
            line.LineWidth = 2.5f;
            line.MarkerSize = 6;
            line.MarkerShape = name == "float64" ? MarkerShape.FilledCircle : MarkerShape.FilledTriangleUp;
            line.LegendText = name;
        }

        plot.Axes.SetLimits(-Decades - 0.3, 0.3, bottom, 1.2);
        plot.Axes.Left.TickGenerator = PowersOfTen(bottom, 1);
        plot.Axes.Bottom.TickGenerator = PowersOfTen(-Decades, 0);
        plot.Title($"Error of the central difference: {Weight}");
        plot.XLabel("Step h");
        plot.YLabel("Relative error");
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

    private static nint[] Index(int entry, ReadOnlySpan<nint> lengths)
    {
        nint[] index = new nint[lengths.Length];
        nint rest = entry;
        for (int d = lengths.Length - 1; d >= 0; d--)
        {
            (rest, index[d]) = Math.DivRem(rest, lengths[d]);
        }

        return index;
    }
}
