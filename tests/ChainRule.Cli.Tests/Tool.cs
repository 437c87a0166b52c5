using System.Diagnostics;
using System.Text;

namespace ChainRule.Cli.Tests;

/// <summary>What one run of the tool said.</summary>
/// <param name="ExitCode">0 done, 1 failed, 2 wrong call.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    /// <summary>Standard error as the one line that it should be.</summary>
    public string OneLine => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The built tool, run as a process: as users run it, in a pipe.</summary>
internal static class Tool
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs <c>chainrule</c> in a folder of its own, in English, unless the environment says otherwise.</summary>
    public static Task<Run> RunAsync(string arguments, string? folder = null, params (string Name, string Value)[] environment) =>
        FinishAsync(Start(arguments, folder, environment));

    /// <summary>Runs <c>chainrule</c> with somebody at the other end who types.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="typed">All that is typed; then the input ends.</param>
    public static async Task<Run> RunWithInputAsync(string arguments, string typed)
    {
        Process process = Launch(arguments, null, []);
        await process.StandardInput.WriteAsync(typed);
        process.StandardInput.Close();
        return await FinishAsync(process);
    }

    private static async Task<Run> FinishAsync(Process started)
    {
        using Process process = started;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new Run(process.ExitCode, await output, await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts it, and leaves it to run or to be killed.</summary>
    public static Process Start(string arguments, string? folder = null, params (string Name, string Value)[] environment)
    {
        Process process = Launch(arguments, folder, environment);
        process.StandardInput.Close();
        return process;
    }

    private static Process Launch(string arguments, string? folder, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ChainRule.Cli.dll"));
        foreach (string argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
