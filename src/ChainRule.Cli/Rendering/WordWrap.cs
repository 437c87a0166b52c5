using Spectre.Console.Rendering;

namespace ChainRule.Cli.Rendering;

/// <summary>Breaks text into lines at its spaces.</summary>
internal static class WordWrap
{
    /// <summary>The lines of a text; a word longer than a line gets one of its own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The number of columns of a line.</param>
    /// <param name="first">What the first line begins with, e.g. a bullet; the others are indented as far.</param>
    public static IEnumerable<string> Lines(string text, int width, string first = "")
    {
        string line = first;
        string indent = new(' ', Columns(first));
        bool isEmpty = true;
        foreach (string word in text.Split(' '))
        {
            if (!isEmpty && Columns(line) + 1 + Columns(word) > width)
            {
                yield return line;
                (line, isEmpty) = (indent, true);
            }

            line += isEmpty ? word : $" {word}";
            isEmpty = false;
        }

        yield return line;
    }

    /// <summary>How many columns a text takes in a terminal: a Korean syllable takes two.</summary>
    public static int Columns(string text) => Segment.CellCount([new Segment(text)]);
}
