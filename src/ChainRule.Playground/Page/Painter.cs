using System.Diagnostics;
using System.Runtime.Versioning;
using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>Draws what moves: edges, neurons, their maps, and the answers over the plane.</summary>
/// <param name="model">The page.</param>
[SupportedOSPlatform("browser")]
internal sealed class Painter(PageModel model)
{
    private const int MapSize = 40;

    // Maps that take longer are drawn less often, so that the rest stays smooth.
    private const double MapBudget = 5;

    // Without drawing, a sign of life now and then.
    private const double IdlePeriod = 500;

    private double[] maps = [];
    private int paintedVersion = -1;
    private int paintedSample = -1;
    private string paintedTheme = "";
    private double mapCost;
    private int skipped;
    private long lastIdle;
    private SampleSet? shown;
    private int shownDrawn = -1;

    // Until there are enough of them, the points that are drawn are shown alone.
    private bool ShowsDrawnAlone => model.Sketch.IsOpen && model.Sketch.Points.Count < OwnData.LeastDrawn;

    /// <summary>Draws everything that is not up to date.</summary>
    public void Paint()
    {
        if (model.Playback.IsPlaying && !model.Playback.IsDrawing)
        {
            if (Stopwatch.GetElapsedTime(lastIdle).TotalMilliseconds < IdlePeriod)
            {
                return;
            }

            lastIdle = Stopwatch.GetTimestamp();
        }

        TrainingRun run = model.Run;
        ShowSamples(run.Samples);
        PictureNumbers numbers = PictureNumbers.Of(model.Session, model.View, model.Sample);
        Interop.Show(numbers.Edges, numbers.Neurons, numbers.EdgeScale, model.ShowsNumbers || model.Session.Done > 0);
        (int column, int direction) = Flow();
        Interop.Flow(column, direction);
        bool isLate = model.Playback.IsPlaying && mapCost > MapBudget && ++skipped < mapCost / MapBudget;
        if ((paintedVersion, paintedSample, paintedTheme) != (run.Version, model.Sample, model.Theme) && !isLate)
        {
            PaintMaps(run);
        }
    }

    /// <summary>Draws everything again, because the page has new elements to draw on.</summary>
    public void Renew()
    {
        Interop.BindPicture();
        (paintedVersion, shown) = (-1, null);
        Paint();
    }

    private void PaintMaps(TrainingRun run)
    {
        long start = Stopwatch.GetTimestamp();
        int neurons = run.NeuronLayers.Sum(layer => layer.Units);
        int length = neurons * MapSize * MapSize;
        if (maps.Length != length)
        {
            maps = new double[length];
        }

        double[] answers = run.Grid(MapSize, maps);
        Interop.Maps(maps, MapSize);
        Interop.Paint(ShowsDrawnAlone ? [] : answers, MapSize, run.Pass.Rows[Math.Min(model.Sample, run.Pass.Samples - 1)]);
        (paintedVersion, paintedSample, paintedTheme) = (run.Version, model.Sample, model.Theme);
        skipped = 0;
        mapCost = (0.7 * mapCost) + (0.3 * Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>Between which column and the one before it the last operation sent numbers, and in which direction.</summary>
    private (int Column, int Direction) Flow()
    {
        if (model.Session.LastOperation is not { } operation)
        {
            return (0, 0);
        }

        IReadOnlyList<NeuronLayer> layers = model.Run.NeuronLayers;
        int column = 1 + Enumerable.Range(0, layers.Count).FirstOrDefault(i => operation.Layer <= layers[i].Output, layers.Count);
        return operation.Kind switch
        {
            OperationKind.Forward => (column, 1),
            OperationKind.Loss => (layers.Count + 1, 1),
            OperationKind.LossGradient => (layers.Count + 1, -1),
            OperationKind.Backward => (column, -1),
            _ => (0, 0),
        };
    }

    private void ShowSamples(SampleSet samples)
    {
        int drawn = ShowsDrawnAlone ? model.Sketch.Points.Count : -1;
        if (shown == samples && shownDrawn == drawn)
        {
            return;
        }

        (shown, shownDrawn, paintedVersion) = (samples, drawn, -1);
        if (drawn >= 0)
        {
            Interval square = Sketch.Range;
            double[] points = [.. model.Sketch.Points.SelectMany(point => new[] { point.X1, point.X2, point.Class, 0 })];
            Interop.Samples(points, new[] { square.Low, square.High, square.Low, square.High }, 2);
            return;
        }

        var values = new List<double>();
        foreach ((Training.DataSet<double>? set, double held) in new[] { (samples.Train, 0.0), (samples.Test, 1.0) })
        {
            for (int i = 0; i < (set?.Count ?? 0); i++)
            {
                values.Add(set!.Inputs[i, 0]);
                values.Add(set.Features > 1 ? set.Inputs[i, 1] : 0);
                values.Add(set.IsClassification ? set.Targets[i] : set.Targets[i, 0]);
                values.Add(held);
            }
        }

        double[] ranges = [samples.X1.Low, samples.X1.High, samples.X2.Low, samples.X2.High];
        Interop.Samples(values.ToArray(), ranges, samples.Train.ClassNames.Count);
    }
}
