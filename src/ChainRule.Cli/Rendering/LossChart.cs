using System.Globalization;

namespace ChainRule.Cli.Rendering;

/// <summary>
/// A loss curve in characters. Each character is a Braille cell of 2×4 dots, so a small chart has room for a curve; the
/// loss axis is logarithmic, with a label at each power of ten.
/// </summary>
internal static class LossChart
{
    private const int DotsAcross = 2;
    private const int DotsDown = 4;
    private const int LabelWidth = 8;

    // Unicode's Braille patterns start here; each dot of a cell is one bit, by column and row.
    private const int EmptyCell = 0x2800;
    private static readonly int[,] dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Draws the curve.</summary>
    /// <param name="losses">The loss of each epoch, finite numbers.</param>
    /// <param name="epochLabel">Names the horizontal axis.</param>
    /// <param name="width">The number of characters in a line, the labels included.</param>
    /// <param name="height">The number of lines of the curve.</param>
    /// <returns>The lines, without trailing spaces.</returns>
    public static IReadOnlyList<string> Draw(IReadOnlyList<double> losses, string epochLabel, int width, int height)
    {
        int columns = width - LabelWidth - 2;
        double[] logarithms = [.. losses.Select(Logarithm)];
        double top = logarithms.Max();
        double bottom = logarithms.Min();
        if (top - bottom < 0.1)
        {
            (top, bottom) = (top + 0.05, bottom - 0.05); // a flat line lies in the middle
        }

        int RowOf(double logarithm, int rows) => Math.Clamp((int)Math.Round((top - logarithm) / (top - bottom) * (rows - 1)), 0, rows - 1);

        int[,] cells = new int[height, columns];
        int dotsWide = columns * DotsAcross;
        int previous = RowOf(logarithms[0], height * DotsDown);
        for (int x = 0; x < dotsWide; x++)
        {
            int epoch = (int)Math.Round((double)x / (dotsWide - 1) * (logarithms.Length - 1));
            int row = RowOf(logarithms[epoch], height * DotsDown);
            for (int y = Math.Min(row, previous); y <= Math.Max(row, previous); y++)
            {
                cells[y / DotsDown, x / DotsAcross] |= dots[x % DotsAcross, y % DotsDown];
            }

            previous = row;
        }

        string[] labels = Labels(top, bottom, height, RowOf);
        var lines = new List<string>();
        for (int row = 0; row < height; row++)
        {
            string curve = string.Concat(Enumerable.Range(0, columns).Select(column => cells[row, column] == 0 ? ' ' : (char)(EmptyCell + cells[row, column])));
            lines.Add($"{labels[row],LabelWidth} {(labels[row].Length > 0 ? '┤' : '│')}{curve}".TrimEnd());
        }

        lines.Add($"{new string(' ', LabelWidth)} └{new string('─', columns)}");
        string last = losses.Count.ToString(CultureInfo.InvariantCulture);
        lines.Add($"{new string(' ', LabelWidth + 2)}1 {epochLabel}{new string(' ', Math.Max(1, columns - WordWrap.Columns(epochLabel) - 2 - last.Length))}{last}");
        return lines;
    }

    /// <summary>The powers of ten in the range; where there is none, its two ends.</summary>
    private static string[] Labels(double top, double bottom, int height, Func<double, int, int> rowOf)
    {
        string[] labels = [.. Enumerable.Repeat("", height)];
        bool any = false;
        for (int power = (int)Math.Ceiling(bottom); power <= Math.Floor(top); power++)
        {
            labels[rowOf(power, height)] = string.Create(CultureInfo.InvariantCulture, $"1e{power}");
            any = true;
        }

        if (!any)
        {
            labels[0] = Math.Pow(10, top).ToString("G3", CultureInfo.InvariantCulture);
            labels[^1] = Math.Pow(10, bottom).ToString("G3", CultureInfo.InvariantCulture);
        }

        return labels;
    }

    /// <summary>log₁₀, with the smallest number in place of 0.</summary>
    private static double Logarithm(double loss) => Math.Log10(Math.Max(loss, double.Epsilon));
}
