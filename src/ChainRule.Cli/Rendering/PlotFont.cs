using ChainRule.Lessons.Text;
using ScottPlot;
using SkiaSharp;

namespace ChainRule.Cli.Rendering;

/// <summary>The font of a picture's labels. A font that lacks a language's letters would draw boxes.</summary>
/// <param name="Name">What the plot calls it.</param>
/// <param name="Covers">Whether it has the letters that were asked for.</param>
internal sealed record PlotFont(string Name, bool Covers)
{
    // In order of preference: fonts of Debian, of Windows, of macOS.
    private static readonly string[] latinFiles = ["DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "segoeui.ttf", "arial.ttf", "Helvetica.ttc"];
    private static readonly string[] koreanFiles =
    [
        "NanumGothic.ttf", "NanumBarunGothic.ttf", "NotoSansCJK-Regular.ttc", "NotoSansKR-Regular.otf", "NotoSansKR-Regular.ttf",
        "NotoSansCJKkr-Regular.otf", "UnDotum.ttf", "malgun.ttf", "AppleSDGothicNeo.ttc", "AppleGothic.ttf",
    ];

    /// <summary>Finds a font among those that are installed.</summary>
    public static PlotFont For(Language language)
    {
        (string[] files, char letter) = language == Language.Korean ? (koreanFiles, '손') : (latinFiles, 'L');
        ILookup<string, string> installed = InstalledFiles().ToLookup(path => Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
        foreach (string path in files.SelectMany(file => installed[file]))
        {
            using SKTypeface? typeface = SKTypeface.FromFile(path);
            if (typeface?.ContainsGlyph(letter) == true)
            {
                Fonts.AddFontFile(typeface.FamilyName, path);
                return new PlotFont(typeface.FamilyName, Covers: true);
            }
        }

        return new PlotFont(Fonts.Default, Covers: language != Language.Korean);
    }

    private static IEnumerable<string> InstalledFiles() =>
        Folders().Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.?t?", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }));

    private static IEnumerable<string> Folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return
        [
            Path.Combine(home, ".local", "share", "fonts"),
            Path.Combine(home, ".fonts"),
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            Path.Combine(home, "Library", "Fonts"),
            "/Library/Fonts",
            "/System/Library/Fonts",
            Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
        ];
    }
}
