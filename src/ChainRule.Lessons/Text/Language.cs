namespace ChainRule.Lessons.Text;

/// <summary>A language that the lesson is written in.</summary>
public enum Language
{
    /// <summary>English.</summary>
    English,

    /// <summary>Korean.</summary>
    Korean,
}
