namespace ChainRule.Lessons.Explanation;

/// <summary>Text in columns of a terminal, where a Korean letter takes two.</summary>
internal static class TextColumns
{
    /// <summary>How many columns a text takes.</summary>
    public static int Width(string text) => text.Sum(letter => letter is (>= '\u1100' and <= '\u115F') or (>= '\u2E80' and <= '\uA4CF') or (>= '\uAC00' and <= '\uD7A3') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFF00' and <= '\uFF60') ? 2 : 1);

    /// <summary>Rows with each column as wide as its widest cell.</summary>
    /// <param name="rows">The cells; every row has as many.</param>
    /// <param name="numbers">For each column whether it stands to the right.</param>
    /// <param name="indent">What each line begins with.</param>
    public static IEnumerable<string> Align(IReadOnlyList<string[]> rows, bool[] numbers, string indent)
    {
        int[] widths = [.. Enumerable.Range(0, numbers.Length).Select(column => rows.Max(row => Width(row[column])))];
        return rows.Select(row => (indent + string.Join("  ", row.Select((cell, column) =>
        {
            string space = new(' ', widths[column] - Width(cell));
            return numbers[column] ? space + cell : cell + space;
        }))).TrimEnd());
    }
}
