using System.Reflection;
using System.Text.RegularExpressions;
using ChainRule.Lessons.Text;
using Xunit;

namespace ChainRule.Lessons.Tests.Text;

/// <summary>Both languages have every piece of the lesson, and the same numbers find their place in it.</summary>
public sealed partial class LessonTextTests
{
    private static readonly IReadOnlyDictionary<string, string> english = Pieces(LessonText.In(Language.English));
    private static readonly IReadOnlyDictionary<string, string> korean = Pieces(LessonText.In(Language.Korean));

    [Fact]
    public void Both_languages_have_every_piece()
    {
        Assert.True(english.Count > 80);
        Assert.Equal(english.Keys.Order(), korean.Keys.Order());
        Assert.All(english.Concat(korean), piece => Assert.False(string.IsNullOrWhiteSpace(piece.Value), piece.Key));
    }

    [Fact]
    public void Both_languages_have_the_same_places_for_numbers() =>
        Assert.All(english, piece => Assert.Equal(Places(piece.Value), Places(korean[piece.Key])));

    [Fact]
    public void Every_piece_is_in_its_language()
    {
        Assert.All(english, piece => Assert.False(Hangul().IsMatch(piece.Value), piece.Key));

        // The name of the other language and framework is its own in Korean too.
        Assert.All(korean.Where(piece => piece.Key != "Chain.PyTorch"), piece => Assert.True(Hangul().IsMatch(piece.Value), piece.Key));
    }

    [Fact]
    public void The_lesson_says_that_the_initialisation_is_He_s()
    {
        Assert.Contains("calls that Xavier initialisation; it is He's", english["Network.Initialization"], StringComparison.Ordinal);
        Assert.Contains("He 초기화", korean["Network.Initialization"], StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Pieces(LessonText text)
    {
        var pieces = new Dictionary<string, string>();
        Collect(text, "", pieces);
        return pieces;
    }

    private static void Collect(object part, string path, Dictionary<string, string> pieces)
    {
        foreach (PropertyInfo property in part.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = path + property.Name;
            switch (property.GetValue(part))
            {
                case string words:
                    pieces.Add(name, words);
                    break;
                case IReadOnlyList<string> lines:
                    for (int i = 0; i < lines.Count; i++)
                    {
                        pieces.Add($"{name}[{i}]", lines[i]);
                    }

                    break;
                case Language:
                    break;
                case { } section:
                    Collect(section, $"{name}.", pieces);
                    break;
            }
        }
    }

    private static IEnumerable<string> Places(string format) => Place().Matches(format).Select(match => match.Value).Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();

    [GeneratedRegex("[가-힣]")]
    private static partial Regex Hangul();
}
