using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Cli.Rendering;
using ChainRule.Lessons.Text;
using ChainRule.Training;
using ScottPlot;

namespace ChainRule.Cli.Training;

/// <summary>What a network with two inputs answers all over the plane, and the samples on top of it.</summary>
internal sealed class DecisionBoundary : IDisposable
{
    private const int Cells = 160;
    private const double Margin = 0.15;

    // Of Okabe and Ito's colours that people with colour blindness tell apart; marks differ as well.
    private static readonly Color[] colors = [.. new[] { "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442" }.Select(hex => Color.FromHex(hex))];
    private static readonly MarkerShape[] marks = [MarkerShape.FilledCircle, MarkerShape.FilledTriangleUp, MarkerShape.FilledSquare, MarkerShape.FilledDiamond, MarkerShape.FilledTriangleDown, MarkerShape.Cross, MarkerShape.Asterisk];

    /// <summary>The picture.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Draws it.</summary>
    public static DecisionBoundary Draw<T>(TrainedModel<T> model, DataSet<T> data)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var picture = new DecisionBoundary();
        (double left, double right) = Range(data, 0);
        (double bottom, double top) = Range(data, 1);
        Tensor<T> grid = Tensor.CreateFromShape<T>([Cells * Cells, 2]);
        for (int i = 0; i < Cells * Cells; i++)
        {
            grid[i, 0] = T.CreateTruncating(left + ((right - left) * ((i % Cells) + 0.5) / Cells));
            grid[i, 1] = T.CreateTruncating(top - ((top - bottom) * ((i / Cells) + 0.5) / Cells));
        }

        double[,] answers = new double[Cells, Cells];
        Tensor<T> outputs = model.Predict(grid);
        Tensor<T> values = model.Objective.IsClassification ? model.Objective.Probabilities(outputs) : outputs;
        for (int i = 0; i < Cells * Cells; i++)
        {
            answers[i / Cells, i % Cells] = model.Objective.IsClassification ? Shade(values, i) : double.CreateTruncating(values[i, 0]);
        }

        ScottPlot.Plottables.Heatmap map = picture.Plot.Add.Heatmap(answers);
        map.Extent = new CoordinateRect(left, right, bottom, top);
        map.Smooth = true;
        if (model.Objective.IsClassification)
        {
            map.Colormap = new ClassColors(model.Objective.Classes);
            map.ManualRange = new ScottPlot.Range(0, model.Objective.Classes);
        }
        else
        {
            picture.Plot.Add.ColorBar(map);
        }

        int groups = Math.Max(1, data.ClassNames.Count);
        for (int group = 0; group < groups; group++)
        {
            int[] rows = [.. Enumerable.Range(0, data.Count).Where(row => groups == 1 || int.CreateTruncating(data.Targets[row]) == group)];
            ScottPlot.Plottables.Scatter samples = picture.Plot.Add.ScatterPoints(
                rows.Select(row => double.CreateTruncating(data.Inputs[row, 0])).ToArray(),
                rows.Select(row => double.CreateTruncating(data.Inputs[row, 1])).ToArray());
            samples.MarkerShape = marks[group % marks.Length];
            samples.MarkerSize = 8;
            samples.MarkerFillColor = colors[group % colors.Length];
            samples.MarkerLineColor = Colors.White;
            samples.MarkerLineWidth = 1;
            samples.LegendText = groups == 1 ? "" : $"class {data.ClassNames[group]}";
        }

        picture.Plot.Axes.SetLimits(left, right, bottom, top);
        picture.Plot.Title(data.Name);
        picture.Plot.XLabel(data.FeatureNames.Count == 2 ? data.FeatureNames[0] : "x1");
        picture.Plot.YLabel(data.FeatureNames.Count == 2 ? data.FeatureNames[1] : "x2");
        if (groups > 1)
        {
            picture.Plot.ShowLegend(Alignment.UpperRight);
        }

        picture.Plot.Font.Set(PlotFont.For(Language.English).Name);
        return picture;
    }

    /// <inheritdoc/>
    public void Dispose() => Plot.Dispose();

    /// <summary>The likeliest class, plus how sure the network is of it, from 0 to almost 1: <see cref="ClassColors"/> takes it apart again.</summary>
    private static double Shade<T>(Tensor<T> probabilities, int row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int classes = (int)probabilities.Lengths[1];
        int likeliest = Enumerable.Range(0, classes).MaxBy(index => probabilities[row, index]);
        double sure = (double.CreateTruncating(probabilities[row, likeliest]) - (1.0 / classes)) / (1 - (1.0 / classes));
        return likeliest + Math.Clamp(sure, 0, 0.999);
    }

    private static (double Low, double High) Range<T>(DataSet<T> data, int feature)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] values = [.. Enumerable.Range(0, data.Count).Select(row => double.CreateTruncating(data.Inputs[row, feature]))];
        double margin = Math.Max(1e-3, values.Max() - values.Min()) * Margin;
        return (values.Min() - margin, values.Max() + margin);
    }

    /// <summary>A colour for each class, paler where the network is less sure.</summary>
    private sealed class ClassColors(int classes) : IColormap
    {
        public string Name => "classes";

        public Color GetColor(double position)
        {
            double value = Math.Clamp(position, 0, 0.999999) * classes;
            int index = (int)value;
            double strength = 0.1 + (0.5 * (value - index));
            return Colors.White.MixedWith(colors[index % colors.Length], strength);
        }
    }
}
