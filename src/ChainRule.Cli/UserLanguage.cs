using System.Globalization;
using ChainRule.Lessons.Text;

namespace ChainRule.Cli;

/// <summary>The language that the user's system is set to.</summary>
internal static class UserLanguage
{
    private static readonly string[] variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>
    /// Korean where the first of LC_ALL, LC_MESSAGES and LANG that is set says so; where none is, the culture decides.
    /// The tool runs without ICU so that it starts on a slim machine; the runtime then reads none of the three by itself.
    /// </summary>
    public static Language Detect()
    {
        string name = variables
            .Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? CultureInfo.CurrentUICulture.Name;
        return name.Split('_', '-', '.', '@')[0].Equals("ko", StringComparison.OrdinalIgnoreCase) ? Language.Korean : Language.English;
    }
}
