namespace ChainRule.Playground.Text;

/// <summary>The row at the top.</summary>
public sealed record HeaderText
{
    /// <summary>Opens the lesson.</summary>
    public required string Lesson { get; init; }

    /// <summary>Names the switch of languages.</summary>
    public required string Language { get; init; }

    /// <summary>Names the switch of colours.</summary>
    public required string Theme { get; init; }

    /// <summary>As the system.</summary>
    public required string ThemeAuto { get; init; }

    /// <summary>Light.</summary>
    public required string ThemeLight { get; init; }

    /// <summary>Dark.</summary>
    public required string ThemeDark { get; init; }

    /// <summary>Closes something.</summary>
    public required string Close { get; init; }

    /// <summary>Leads past the controls.</summary>
    public required string SkipToNetwork { get; init; }

    /// <summary>The page could not be loaded.</summary>
    public required string LoadFailed { get; init; }
}
