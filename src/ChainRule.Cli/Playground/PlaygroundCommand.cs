using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Serialization;
using ChainRule.Cli.Output;
using Spectre.Console;

namespace ChainRule.Cli.Playground;

/// <summary><c>chainrule playground</c>: serves the page with the playground to browsers on this machine, until it is stopped.</summary>
internal static class PlaygroundCommand
{
    private const int UsualPort = 8127;
    private const int PortsToTry = 20;

    public static Command Create()
    {
        Option<long?> port = OptionFactory.WholeNumber("--port", $"The port; 0 for any free one. [default: {UsualPort}, or the next free one]", 0, IPEndPoint.MaxPort);
        var open = new Option<bool>("--open") { Description = "Open the page in the browser." };
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("playground", "See the chain rule in the browser: a network whose every derivative can be looked at. Serves the page to this machine alone, until Ctrl-C.")
        {
            port, open, json, quiet,
        };
        command.SetAction((call, cancellation) => RunAsync(CommandOutput.Open(call.GetValue(json), call.GetValue(quiet)), (int?)call.GetValue(port), call.GetValue(open), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandOutput output, int? port, bool open, CancellationToken cancellation)
    {
        string folder = await PlaygroundFiles.FindAsync(output, cancellation).ConfigureAwait(false);
        using FileServer server = Start(folder, port);
        output.People.WriteLine($"The playground is at {server.Address} (Ctrl-C stops it)");
        output.WriteJson(new PlaygroundDocument { Address = server.Address.ToString(), Port = server.Address.Port, Folder = folder }, PlaygroundJsonContext.Default.PlaygroundDocument);
        if (open)
        {
            Open(server.Address, output);
        }

        await server.RunAsync(cancellation).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static FileServer Start(string folder, int? port)
    {
        if (port is { } wanted and not 0)
        {
            return FileServer.TryStart(folder, wanted, "/") ?? throw new CommandException($"Port {wanted} is taken or not allowed: expected a free one; --port 0 finds one.");
        }

        foreach (int candidate in port == 0 ? Enumerable.Repeat(0, PortsToTry) : Enumerable.Range(UsualPort, PortsToTry))
        {
            if (FileServer.TryStart(folder, candidate == 0 ? FileServer.FreePort() : candidate, "/") is { } server)
            {
                return server;
            }
        }

        throw new CommandException($"Found no free port from {UsualPort} to {UsualPort + PortsToTry - 1}: choose one with --port.");
    }

    private static void Open(Uri address, CommandOutput output)
    {
        try
        {
            using Process? _ = OperatingSystem.IsLinux() ? Process.Start("xdg-open", [address.ToString()])
                : OperatingSystem.IsMacOS() ? Process.Start("open", [address.ToString()])
                : Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            output.People.WriteLine("No browser could be started: open the address yourself.");
        }
    }
}

/// <summary>The JSON document of <c>chainrule playground</c>: printed when it begins to serve.</summary>
internal sealed record PlaygroundDocument
{
    /// <summary>Where the page is.</summary>
    public required string Address { get; init; }

    /// <summary>The port of it.</summary>
    public required int Port { get; init; }

    /// <summary>The folder that is served.</summary>
    public required string Folder { get; init; }
}

/// <summary>How the document is written: by code that the compiler made, so that NativeAOT can.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlaygroundDocument))]
internal sealed partial class PlaygroundJsonContext : JsonSerializerContext;
