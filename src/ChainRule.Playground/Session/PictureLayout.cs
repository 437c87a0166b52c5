namespace ChainRule.Playground.Session;

/// <summary>Where the neurons of the picture are.</summary>
public sealed class PictureLayout
{
    /// <summary>The distance from the left edge to the middle of the first column, and on the right.</summary>
    private const double Side = 52;

    private const double Top = 58;
    private const double Bottom = 26;
    private const double ColumnWidth = 116;
    private const double NarrowColumnWidth = 92;
    private const double LargestNeuron = 38;
    private const double LargestSpacing = 56;
    private const double LeastHeight = 380;
    private const double MostRows = 8;

    /// <summary>Lays out a network.</summary>
    /// <param name="inputs">The features of a sample.</param>
    /// <param name="layers">The layers of neurons.</param>
    public PictureLayout(int inputs, IReadOnlyList<NeuronLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        int[] counts = [inputs, .. layers.Select(layer => layer.Units)];
        int most = counts.Max();
        double column = layers.Count > 4 ? NarrowColumnWidth : ColumnWidth;
        Spacing = most <= MostRows ? Math.Min(LargestSpacing, 300 / (double)Math.Max(4, most - 1)) : 36;
        NeuronSize = Math.Min(LargestNeuron, Spacing - 8);
        Height = Math.Max(LeastHeight, Top + Bottom + ((most - 1) * Spacing) + NeuronSize);
        Width = Math.Max(560, (2 * Side) + (column * (counts.Length - 1)) + 60);
        double step = (Width - (2 * Side) - 60) / Math.Max(1, counts.Length - 1);
        Columns = [.. counts.Select((count, i) => new PictureColumn(Side + (i * step), [.. Enumerable.Range(0, count).Select(row => Middle + ((row - ((count - 1) / 2.0)) * Spacing))]))];
    }

    /// <summary>The width of the picture.</summary>
    public double Width { get; }

    /// <summary>The height of the picture.</summary>
    public double Height { get; }

    /// <summary>The side of a neuron.</summary>
    public double NeuronSize { get; }

    /// <summary>From one neuron of a column to the next.</summary>
    public double Spacing { get; }

    /// <summary>The inputs, and each layer of neurons.</summary>
    public IReadOnlyList<PictureColumn> Columns { get; }

    /// <summary>The height of the loss, in the middle.</summary>
    public double Middle => (Top + (Height - Bottom)) / 2;

    /// <summary>Where the loss is.</summary>
    public double LossX => Width - Side + 14;

    /// <summary>The line of a weight, from the right side of one neuron to the left side of another.</summary>
    /// <param name="entry">The weight.</param>
    public (double X1, double Y1, double X2, double Y2) Line(Entry entry)
    {
        PictureColumn from = Columns[entry.Layer];
        PictureColumn to = Columns[entry.Layer + 1];
        return (from.X + (NeuronSize / 2), from.Y[entry.Input], to.X - (NeuronSize / 2), to.Y[entry.Unit]);
    }

    /// <summary>Where a bias is: at the lower left corner of its neuron.</summary>
    /// <param name="layer">The layer of neurons.</param>
    /// <param name="unit">The neuron.</param>
    public (double X, double Y) Bias(int layer, int unit) =>
        (Columns[layer + 1].X - (NeuronSize / 2) + 1, Columns[layer + 1].Y[unit] + (NeuronSize / 2) - 1);
}

/// <summary>A column of the picture.</summary>
/// <param name="X">Its middle.</param>
/// <param name="Y">The middle of each neuron.</param>
public sealed record PictureColumn(double X, IReadOnlyList<double> Y);
