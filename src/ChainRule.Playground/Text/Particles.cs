using System.Text.RegularExpressions;

namespace ChainRule.Playground.Text;

/// <summary>
/// Korean particles that go by the sound before them: a text says both forms, 은(는), 이(가) or (으)로, and the number that is put in
/// decides. Numbers are read as Sino-Korean: 6 is 육 and takes 은, 2 is 이 and takes 는.
/// </summary>
internal static partial class Particles
{
    private const int FirstSyllable = 0xAC00;
    private const int LastSyllable = 0xD7A3;
    private const int Finals = 28;
    private const int FinalL = 8;

    /// <summary>The text with the form that fits wherever the sound before is known; both forms stay where it is not, as after Latin letters.</summary>
    /// <param name="text">The text.</param>
    public static string Fit(string text) => Both().Replace(text, match =>
    {
        char before = match.Groups[1].Value[0];
        bool? hasFinal = HasFinal(before, out bool isL);
        return hasFinal is not { } final ? match.Value : match.Groups[1].Value + match.Groups[2].Value switch
        {
            "은(는)" => final ? "은" : "는",
            "이(가)" => final ? "이" : "가",
            _ => final && !isL ? "으로" : "로",
        };
    });

    /// <summary>Whether a digit or a syllable ends with a consonant, and whether that is ㄹ; null for other letters.</summary>
    private static bool? HasFinal(char letter, out bool isL)
    {
        isL = letter is '1' or '7' or '8' || (letter is >= (char)FirstSyllable and <= (char)LastSyllable && (letter - FirstSyllable) % Finals == FinalL);
        return letter switch
        {
            '0' or '1' or '3' or '6' or '7' or '8' => true,
            '2' or '4' or '5' or '9' => false,
            >= (char)FirstSyllable and <= (char)LastSyllable => (letter - FirstSyllable) % Finals != 0,
            _ => null,
        };
    }

    [GeneratedRegex(@"([0-9가-힣])(은\(는\)|이\(가\)|\(으\)로)")]
    private static partial Regex Both();
}
