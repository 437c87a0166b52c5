namespace ChainRule.Lessons.Explanation;

/// <summary>How a <see cref="NetworkPicture"/> is drawn.</summary>
public sealed record PictureOptions
{
    /// <summary>Light, dark, or as the reader's system says.</summary>
    public PictureTheme Theme { get; init; }

    /// <summary>What the edges show.</summary>
    public EdgeNumber Edges { get; init; }

    /// <summary>The most units of a layer that are drawn; the others are counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MaximumUnits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>What the ids begin with, where a page shows several pictures.</summary>
    public string Prefix { get; init; } = "";
}

/// <summary>Which colours a picture has.</summary>
public enum PictureTheme
{
    /// <summary>Those that the reader prefers: <c>prefers-color-scheme</c>.</summary>
    Automatic,

    /// <summary>On light ground.</summary>
    Light,

    /// <summary>On dark ground.</summary>
    Dark,
}

/// <summary>Which number the edges of a picture show by their width, colour and dashes.</summary>
public enum EdgeNumber
{
    /// <summary>The weight.</summary>
    Weight,

    /// <summary>∂L/∂weight.</summary>
    Gradient,
}
