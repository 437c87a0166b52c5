using System.Globalization;
using System.Text.RegularExpressions;
using ChainRule.Explanation;
using ChainRule.Lessons.Explanation;
using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>
/// What the picture calls the things that a factor belongs to. Explanations count every layer, the picture counts layers of
/// neurons: a linear layer and its activation are one.
/// </summary>
internal static partial class PictureKeys
{
    /// <summary>The keys of a factor's elements, separated by blanks.</summary>
    public static string Of(Factor factor, NetworkPass pass, IReadOnlyList<NeuronLayer> layers) =>
        string.Join(' ', ElementNames.Of(factor, pass).Select(name => Key(name, layers)).Where(key => key.Length > 0).Distinct());

    /// <summary>Rendered mathematics whose <c>data-lights</c> name elements of the picture.</summary>
    public static string Translate(string markup, IReadOnlyList<NeuronLayer> layers) =>
        Lights().Replace(markup, match => $"data-lights=\"{string.Join(' ', match.Groups[1].Value.Split(' ').Select(name => Key(name, layers)).Where(key => key.Length > 0).Distinct())}\"");

    /// <summary>W1-0-3 for weight-1-0-3, n1-3 for unit-2-3, x-1 for unit-0-1; nothing for what the picture cannot light up.</summary>
    private static string Key(string name, IReadOnlyList<NeuronLayer> layers)
    {
        string[] parts = name.Split('-');
        if (parts is not [var kind, var level, ..] || !int.TryParse(level, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return name == ElementNames.Loss ? "loss" : "";
        }

        int layer = Enumerable.Range(0, layers.Count).FirstOrDefault(i => number <= layers[i].Output + 1, -1) + 1;
        return (kind, parts.Length) switch
        {
            ("unit", 3) when number == 0 => $"x-{parts[2]}",
            _ when layer == 0 => "",
            ("weight", 4) => $"W{layer}-{parts[2]}-{parts[3]}",
            ("unit", 3) => $"n{layer}-{parts[2]}",
            ("bias", 3) => $"b{layer}-{parts[2]}",
            _ => "",
        };
    }

    [GeneratedRegex("data-lights=\"([^\"]*)\"")]
    private static partial Regex Lights();
}
