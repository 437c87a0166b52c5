using System.Diagnostics;
using System.Globalization;
using ChainRule.Cli.Output;
using Spectre.Console;

namespace ChainRule.Cli.Playground;

/// <summary>
/// Where the published page is: beside the tool, which brings it along; or, where the tool runs in its source tree, in
/// artifacts/playground, where it is published when it is missing or older than its source.
/// </summary>
internal static class PlaygroundFiles
{
    private const string Page = "index.html";
    private const string Solution = "ChainRule.slnx";
    private const int LinesOfAnError = 5;

    private static readonly string[] projects = ["ChainRule", "ChainRule.Data", "ChainRule.Lessons", "ChainRule.Playground"];

    /// <summary>The folder to serve; publishes it first if it must.</summary>
    /// <exception cref="CommandException">There is no page and no source, or publishing failed.</exception>
    public static async Task<string> FindAsync(CommandOutput output, CancellationToken cancellation)
    {
        string packaged = Path.Combine(AppContext.BaseDirectory, "playground");
        if (File.Exists(Path.Combine(packaged, Page)))
        {
            return packaged;
        }

        string root = SourceTree(AppContext.BaseDirectory) ?? SourceTree(Environment.CurrentDirectory)
            ?? throw new CommandException($"Found neither {Path.Combine(packaged, Page)} nor a source tree of ChainRule above {AppContext.BaseDirectory} or {Environment.CurrentDirectory}: install the tool as a package, or run it in its source tree.");
        string folder = Path.Combine(root, "artifacts", "playground");
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await using FileStream _ = await LockAsync($"{folder}.lock", cancellation).ConfigureAwait(false);
        if (!IsFresh(root, folder))
        {
            await PublishAsync(root, folder, output, cancellation).ConfigureAwait(false);
        }

        return Path.Combine(folder, "wwwroot");
    }

    /// <summary>The nearest folder above that is the root of the source tree.</summary>
    private static string? SourceTree(string folder)
    {
        for (DirectoryInfo? directory = new(folder); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Solution)) && Directory.Exists(Project(directory.FullName)))
            {
                return directory.FullName;
            }
        }

        return null;
    }

    private static string Project(string root) => Path.Combine(root, "src", "ChainRule.Playground");

    // Written when publishing has ended well; its time is the time that it began.
    private static string Stamp(string folder) => Path.Combine(folder, "published");

    private static bool IsFresh(string root, string folder)
    {
        if (!File.Exists(Stamp(folder)) || !File.Exists(Path.Combine(folder, "wwwroot", Page)))
        {
            return false;
        }

        DateTime published = File.GetLastWriteTimeUtc(Stamp(folder));
        IEnumerable<string> sources = projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, "src", project), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(root, "Directory.*"));
        return sources.All(source => File.GetLastWriteTimeUtc(source) <= published);
    }

    /// <summary>Two tools at once publish one after the other.</summary>
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!cancellation.IsCancellationRequested)
            {
                await Task.Delay(200, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task PublishAsync(string root, string folder, CommandOutput output, CancellationToken cancellation)
    {
        const string Title = "Publishing the playground from its source: about a minute, once";
        DateTime began = DateTime.UtcNow;
        string fresh = $"{folder}.new";
        Delete(fresh);
        try
        {
            if (output.IsLive)
            {
                await output.People.Status().StartAsync(Title, async status =>
                    await RunAsync(root, fresh, line => status.Status($"{Title}\n[grey]{Markup.Escape(Short(line))}[/]"), cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            }
            else
            {
                output.People.WriteLine($"{Title} …");
                await RunAsync(root, fresh, output.People.WriteLine, cancellation).ConfigureAwait(false);
            }

            Delete(folder);
            Directory.Move(fresh, folder);
            await File.WriteAllTextAsync(Stamp(folder), "", cancellation).ConfigureAwait(false);
            File.SetLastWriteTimeUtc(Stamp(folder), began);
            output.People.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Published to {folder} in {(DateTime.UtcNow - began).TotalSeconds:0} s"));
        }
        finally
        {
            Delete(fresh);
        }
    }

    private static async Task RunAsync(string root, string target, Action<string> tell, CancellationToken cancellation)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["publish", Project(root), "--configuration", "Release", "--output", target, "--nologo", "-v:minimal"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root,
        };
        var lines = new List<string>();
        void Read(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                lock (lines)
                {
                    lines.Add(line.Trim());
                    if (line.Contains("->", StringComparison.Ordinal) || line.Contains("Optimizing", StringComparison.Ordinal))
                    {
                        tell(line.Trim()); // what is done, without advice
                    }
                }
            }
        }

        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new CommandException($"Publishing the playground needs the .NET SDK: '{dotnet}' could not be started ({exception.Message}).");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            string[] errors = [.. lines.Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).DefaultIfEmpty(lines.LastOrDefault() ?? "it said nothing").Distinct().Take(LinesOfAnError)];
            throw new CommandException($"Publishing the playground failed: {string.Join("; ", errors)}");
        }
    }

    private static string Short(string line) => line.Length <= 90 ? line : $"{line[..90]}…";

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
