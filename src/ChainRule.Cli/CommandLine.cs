using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using ChainRule.Mpi;

namespace ChainRule.Cli;

/// <summary>Runs the tool: parses the call, runs its command and turns everything that goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    public static int Run(RootCommand root, string[] args)
    {
        if (MpiCollective.IsStartedByMpi)
        {
            // mpirun gives each process a terminal of its own and mixes what they write: no place for a bar that moves.
            Environment.SetEnvironmentVariable("TERM", "dumb");
        }

        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

        // A call without a command is a question.
        ParseResult call = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UnknownOption(call) is { } unknown)
        {
            return Fail($"There is no option '{unknown}'. See: chainrule{Path(call.CommandResult, root)} --help", ExitCode.WrongCall);
        }

        if (call.Action is ParseErrorAction)
        {
            Command command = call.CommandResult.Command;
            string problem = command == root && call.UnmatchedTokens.Count > 0
                ? $"Expected a command ({string.Join(", ", root.Subcommands.Select(subcommand => subcommand.Name))}), got '{call.UnmatchedTokens[0]}'."
                : call.Errors[0].Message;
            return Fail($"{problem} See: chainrule{Path(call.CommandResult, root)} --help", ExitCode.WrongCall);
        }

        // The first Ctrl-C asks the command to stop; the second one is the runtime's: it ends the process.
        using var cancellation = new CancellationTokenSource();
        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        try
        {
            return call.InvokeAsync(configuration, cancellation.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            (string message, int exitCode) = Explain(exception);
            return Fail(message, exitCode);
        }
    }

    /// <summary>What looks like an option and was taken for an argument, e.g. --wieght for the name of a model; null where there is none.</summary>
    private static string? UnknownOption(ParseResult call) =>
        call.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .FirstOrDefault(value => value.StartsWith('-') && value.TrimStart('-') is [var letter, ..] && char.IsAsciiLetter(letter) && !File.Exists(value));

    /// <summary>The names of a command and those it stands below, e.g. <c> lesson bugs</c>; empty for the root.</summary>
    private static string Path(SymbolResult? result, RootCommand root) =>
        result is CommandResult { Command: var command } && command != root ? $"{Path(result.Parent, root)} {command.Name}" : "";

    /// <summary>What people are told of something that went wrong, and what the shell is.</summary>
    public static (string Message, int ExitCode) Explain(Exception exception) => exception switch
    {
        CommandException => (exception.Message, ExitCode.WrongCall),
        OperationCanceledException => ("Stopped.", ExitCode.Cancelled),
        IOException or UnauthorizedAccessException or InvalidDataException => (exception.Message, ExitCode.WrongCall),
        _ => ($"This is a mistake in chainrule itself. {exception.GetType().Name}: {exception.Message}", ExitCode.Failed),
    };

    /// <summary>Writes one line to standard error.</summary>
    public static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"chainrule: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}
