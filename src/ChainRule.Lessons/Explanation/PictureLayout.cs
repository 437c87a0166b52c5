using ChainRule.Explanation;

namespace ChainRule.Lessons.Explanation;

/// <summary>Where the cards of a picture stand: a column for the input, one for each layer with its activations, one for the loss.</summary>
internal sealed class PictureLayout
{
    public const double GradientWidth = 86; // the last column of a card
    public const double HeatWidth = 70;
    public const double LineHeight = 18;
    public const double Padding = 7;
    public const double ColumnGap = 176;
    public const double CardGap = 12;
    public const double Margin = 20;
    public const double HeaderHeight = 40;
    public const double LegendHeight = 30;
    private const double MoreHeight = 22;
    private const double LeastSymbol = 44;
    private const double LetterWidth = 6.7;

    /// <summary>Places the cards.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="wanted">The units, level and place, that must be drawn.</param>
    /// <param name="maximumUnits">The most units of a column.</param>
    public PictureLayout(NetworkPass pass, IReadOnlySet<(int Level, int Unit)> wanted, int maximumUnits)
    {
        var columns = new List<PictureColumn>();
        for (int level = 0; level <= pass.Layers.Count; level++)
        {
            LayerPass here = pass.Level(level);
            if (columns.Count > 0 && here.Connection != Connection.Linear && here.Units == pass.Level(level - 1).Units)
            {
                columns[^1].Levels.Add(level);
                continue;
            }

            columns.Add(new PictureColumn(level));
        }

        int longest = columns.SelectMany(column => column.Levels).Max(level => pass.Level(level).UnitSymbol(pass.Level(level).Units - 1).ToString().Length);
        CardWidth = Math.Ceiling(Padding + 2 + Math.Max(LeastSymbol, longest * LetterWidth) + HeatWidth + GradientWidth);
        double tallest = 0;
        foreach (PictureColumn column in columns)
        {
            int units = pass.Level(column.Levels[0]).Units;
            column.Units =
            [
                .. Enumerable.Range(0, units)
                    .OrderByDescending(unit => column.Levels.Any(level => wanted.Contains((level, unit))))
                    .Take(maximumUnits)
                    .Order(),
            ];
            column.Hidden = units - column.Units.Length;
            column.HasBias = pass.Level(column.Levels[0]) is { Connection: Connection.Linear, Parameters.Count: > 1 };
            column.CardHeight = ((column.Levels.Count + (column.HasBias ? 1 : 0)) * LineHeight) + (2 * Padding);
            tallest = Math.Max(tallest, HeightOf(column));
        }

        Columns = columns;
        for (int i = 0; i < columns.Count; i++)
        {
            columns[i].X = Margin + (i * (CardWidth + ColumnGap));
            columns[i].Y = Margin + HeaderHeight + ((tallest - HeightOf(columns[i])) / 2);
        }

        LossX = Margin + (columns.Count * (CardWidth + ColumnGap));
        LossHeight = (2 * LineHeight) + (2 * Padding);
        LossY = Margin + HeaderHeight + ((tallest - LossHeight) / 2);
        Width = LossX + CardWidth + Margin;
        Height = Math.Max(tallest, LossHeight) + HeaderHeight + LegendHeight + (2 * Margin);
    }

    public IReadOnlyList<PictureColumn> Columns { get; }

    /// <summary>The width of a card: its symbols, its values and its gradients stand in three columns.</summary>
    public double CardWidth { get; }

    public double LossX { get; }

    public double LossY { get; }

    public double LossHeight { get; }

    public double Width { get; }

    public double Height { get; }

    private static double HeightOf(PictureColumn column) =>
        (column.Units.Length * (column.CardHeight + CardGap)) - CardGap + (column.Hidden > 0 ? MoreHeight : 0);
}

/// <summary>A column of cards, one for each unit of a layer.</summary>
/// <param name="level">The level of its first line.</param>
internal sealed class PictureColumn(int level)
{
    /// <summary>The levels that its cards have a line for: a layer and the activations upon it.</summary>
    public List<int> Levels { get; } = [level];

    /// <summary>The units that are drawn.</summary>
    public int[] Units { get; set; } = [];

    /// <summary>How many are not.</summary>
    public int Hidden { get; set; }

    public bool HasBias { get; set; }

    public double X { get; set; }

    public double Y { get; set; }

    public double CardHeight { get; set; }

    /// <summary>The top of the card of a drawn unit.</summary>
    public double Top(int place) => Y + (place * (CardHeight + PictureLayout.CardGap));

    /// <summary>Its middle, where edges begin and end.</summary>
    public double Middle(int place) => Top(place) + (CardHeight / 2);
}
