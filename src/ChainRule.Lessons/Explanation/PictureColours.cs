namespace ChainRule.Lessons.Explanation;

/// <summary>
/// The colours of pictures: blue and vermilion for the two signs, which everybody can tell apart (Okabe and Ito, Color Universal
/// Design, 2008), each lighter on dark ground. The sign is shown otherwise too.
/// </summary>
internal static class PictureColours
{
    public const string PositiveOnLight = "#0072B2";
    public const string NegativeOnLight = "#C34E00";

    /// <summary>On light ground.</summary>
    public static PicturePalette Light { get; } = new("#ffffff", "#f6f8fa", "#d0d7de", "#1f2328", "#59636e", PositiveOnLight, NegativeOnLight, "#8250df");

    /// <summary>On dark ground.</summary>
    public static PicturePalette Dark { get; } = new("#0d1117", "#161b22", "#3d444d", "#f0f6fc", "#9198a1", "#5cb8ff", "#ff9a57", "#c297ff");
}

/// <summary>The colours of one theme.</summary>
/// <param name="Ground">Behind everything.</param>
/// <param name="Card">A card.</param>
/// <param name="Line">Its border.</param>
/// <param name="Ink">Text.</param>
/// <param name="Faint">Text that matters less.</param>
/// <param name="Positive">What is positive.</param>
/// <param name="Negative">What is negative.</param>
/// <param name="Mark">What is explained.</param>
internal sealed record PicturePalette(string Ground, string Card, string Line, string Ink, string Faint, string Positive, string Negative, string Mark);
