using System.CommandLine;
using System.Globalization;
using ChainRule.Lessons.Text;

namespace ChainRule.Cli;

/// <summary>Options that commands share, and options that check their value: a wrong one is an error that says what was expected.</summary>
internal static class OptionFactory
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON document on standard output, and everything for people on standard error.",
    };

    public static Option<bool> Quiet() => new("--quiet", "-q")
    {
        Description = "Print no text for people; errors, files and the JSON document stay.",
    };

    public static Option<Language?> Language()
    {
        var option = new Option<Language?>("--language", "--lang")
        {
            Description = "en or ko. [default: the language of LC_ALL or LANG, else en]",
            HelpName = "en|ko",
            CustomParser = result => result.Tokens[0].Value.ToUpperInvariant() switch
            {
                "EN" => ChainRule.Lessons.Text.Language.English,
                "KO" => ChainRule.Lessons.Text.Language.Korean,
                _ => Reject<Language?>(result, "--language", "en or ko"),
            },
        };
        option.CompletionSources.Add("en", "ko");
        return option;
    }

    /// <summary>An option that takes a whole number; null where the call does not have it.</summary>
    public static Option<long?> WholeNumber(string name, string description, long minimum, long maximum) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= minimum && value <= maximum
            ? value
            : Reject<long?>(result, name, $"a whole number from {minimum} to {maximum}"),
    };

    /// <summary>An option that takes a finite number above 0; null where the call does not have it.</summary>
    public static Option<double?> PositiveNumber(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
            ? value
            : Reject<double?>(result, name, "a number above 0, with a point for decimals"),
    };

    /// <summary>An option that takes a number from a range; null where the call does not have it.</summary>
    public static Option<double?> Number(string name, string description, double minimum, double maximum) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= minimum && value <= maximum
            ? value
            : Reject<double?>(result, name, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}")),
    };

    /// <summary>An option that takes one of the names of an enumeration, written in lower case with hyphens; the first of them is usual.</summary>
    public static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string names = string.Join(", ", Choices<T>().Select(choice => choice.Name));
        var option = new Option<T>(name)
        {
            Description = $"{description} One of {names}. [default: {Hyphenated(default(T).ToString())}]",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Parse<T>(result, name) ?? default,
        };
        option.CompletionSources.Add([.. Choices<T>().Select(choice => choice.Name)]);
        return option;
    }

    /// <summary>The same where nothing is usual: the call must say it.</summary>
    public static Option<T?> RequiredChoice<T>(string name, string description)
        where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', Choices<T>().Select(choice => choice.Name)),
            Required = true,
            CustomParser = result => Parse<T>(result, name),
        };
        option.CompletionSources.Add([.. Choices<T>().Select(choice => choice.Name)]);
        return option;
    }

    private static IEnumerable<(string Name, T Value)> Choices<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => (Hyphenated(value.ToString()), value));

    private static T? Parse<T>(System.CommandLine.Parsing.ArgumentResult result, string name)
        where T : struct, Enum =>
        Choices<T>().FirstOrDefault(choice => choice.Name == result.Tokens[0].Value) is { Name: not null } choice
            ? choice.Value
            : Reject<T?>(result, name, $"one of {string.Join(", ", Choices<T>().Select(choice => choice.Name))}");

    /// <summary>Reports a value that cannot be used. What looks like an option in the place of an argument is an option that nobody knows.</summary>
    public static T? Reject<T>(System.CommandLine.Parsing.ArgumentResult result, string name, string expected)
    {
        string value = result.Tokens[0].Value;
        bool isUnknownOption = result.Argument.Name == name && value.StartsWith('-') && value.Any(char.IsAsciiLetter);
        result.AddError(isUnknownOption ? $"There is no option '{value}'." : $"{name}: expected {expected}, got '{value}'.");
        return default;
    }

    private static string Hyphenated(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(letter) : letter.ToString()));
}
