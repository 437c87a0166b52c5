using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace ChainRule.Cli.Output;

/// <summary>
/// Where a command writes. Text for people goes to standard output, or to standard error where standard output belongs to
/// a JSON document. Colour and movement are for real terminals: anywhere else, and with NO_COLOR, it is plain text.
/// </summary>
internal sealed class CommandOutput
{
    private const int PlainWidth = 80;
    private const int MaximumWidth = 100;

    private CommandOutput(IAnsiConsole people, int terminalWidth, bool isLive, bool json)
    {
        TerminalWidth = terminalWidth;
        People = people;
        IsLive = isLive;
        IsJson = json;
    }

    /// <summary>For text, tables and pictures.</summary>
    public IAnsiConsole People { get; }

    /// <summary>How wide the terminal is; as wide as can be where there is none.</summary>
    public int TerminalWidth { get; }

    /// <summary>Whether a terminal shows the text, so that a progress bar may move.</summary>
    public bool IsLive { get; }

    /// <summary>Whether a JSON document was asked for.</summary>
    public bool IsJson { get; }

    /// <summary>Opens the output of a command.</summary>
    public static CommandOutput Open(bool json, bool quiet)
    {
        bool isTerminal = !quiet && !(json ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        bool isPlain = !isTerminal || IsSet("NO_COLOR") || Environment.GetEnvironmentVariable("TERM") == "dumb";
        TextWriter writer = quiet ? TextWriter.Null : json ? Console.Error : Console.Out;
        IAnsiConsole people = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        int terminalWidth = isTerminal ? people.Profile.Width : int.MaxValue;
        people.Profile.Width = isTerminal ? Math.Clamp(people.Profile.Width, 40, MaximumWidth) : PlainWidth;
        people.Profile.Capabilities.Unicode = true; // the encoding is UTF-8, whatever the environment says
        return new CommandOutput(people, terminalWidth, !isPlain && people.Profile.Capabilities.Ansi, json);
    }

    /// <summary>Writes lines that are columns: nothing is broken that a terminal need not break.</summary>
    public void WriteTable(IReadOnlyList<string> lines)
    {
        int width = People.Profile.Width;
        People.Profile.Width = Math.Max(width, lines.Max(line => line.Length) + 1);
        foreach (string line in lines)
        {
            People.WriteLine(line);
        }

        People.Profile.Width = width;
    }

    /// <summary>Prints the JSON document, if one was asked for.</summary>
    public void WriteJson<T>(T document, JsonTypeInfo<T> type)
    {
        if (IsJson)
        {
            // Greek letters and Korean as they are: the document is no part of a page.
            using var content = new MemoryStream();
            using (var writer = new Utf8JsonWriter(content, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                JsonSerializer.Serialize(writer, document, type);
            }

            Console.Out.WriteLine(Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length));
        }
    }

    /// <summary>Prints a JSON document that writes itself, if one was asked for.</summary>
    public void WriteJson(Func<string> document)
    {
        if (IsJson)
        {
            Console.Out.WriteLine(document());
        }
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
