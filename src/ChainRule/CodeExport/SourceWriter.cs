using System.Globalization;
using System.Numerics;
using System.Text;

namespace ChainRule.CodeExport;

/// <summary>The source of a program, line by line, with the same text on every machine.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();

    /// <summary>Adds lines as they are.</summary>
    public void Add(string lines = "") => text.Append(lines.ReplaceLineEndings("\n")).Append('\n');

    /// <summary>The shortest decimal number that is read back as the same bits; both languages write it alike.</summary>
    /// <exception cref="NotSupportedException">It is not finite.</exception>
    public static string Number<T>(T value)
        where T : unmanaged, IFloatingPointIeee754<T> => T.IsFinite(value)
        ? value.ToString(null, CultureInfo.InvariantCulture)
        : throw new NotSupportedException($"A model with {value.ToString(null, CultureInfo.InvariantCulture)} among its numbers cannot be written as a program: it would compute nothing else.");

    /// <summary>A text in double quotes, of ASCII characters alone: the escapes are those that both languages know.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune character in value.EnumerateRunes())
        {
            quoted.Append(character.Value switch
            {
                '"' or '\\' => $"\\{character}",
                >= ' ' and <= '~' => character.ToString(),
                <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $"\\u{character.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{character.Value:x8}"),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
