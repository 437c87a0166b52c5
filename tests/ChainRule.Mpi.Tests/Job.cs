using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ChainRule.Mpi.Tests;

/// <summary>What a job said, and how long it took.</summary>
internal sealed record JobRun(int ExitCode, string Output, string Error, TimeSpan Time);

/// <summary>The tool, run by mpirun as users run it.</summary>
internal sealed class Job : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly string rankVariable;
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> error;

    /// <summary>Starts a job.</summary>
    /// <param name="launcher">The mpirun.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="parts">Ranks and their arguments; several parts are ranks that are started differently.</param>
    public Job(Launcher launcher, string folder, params (int Ranks, string Arguments)[] parts)
    {
        rankVariable = launcher.IsOpenMpi ? "OMPI_COMM_WORLD_RANK" : "PMI_RANK";
        var start = new ProcessStartInfo(launcher.Path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = folder,
        };
        if (launcher.IsOpenMpi)
        {
            start.ArgumentList.Add("--oversubscribe");
        }

        for (int i = 0; i < parts.Length; i++)
        {
            string[] command =
            [
                .. i == 0 ? Array.Empty<string>() : [":"], "-n", parts[i].Ranks.ToString(CultureInfo.InvariantCulture),
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "ChainRule.Cli.dll"),
                .. parts[i].Arguments.Split(' '),
            ];
            Array.ForEach(command, start.ArgumentList.Add);
        }

        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        process = Process.Start(start)!;
        process.StandardInput.Close();
        output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whether mpirun has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>The process of a rank, once it runs.</summary>
    public int ProcessOf(int rank)
    {
        byte[] mark = Encoding.ASCII.GetBytes($"\0{rankVariable}={rank}\0");
        for (; ; Thread.Sleep(20))
        {
            Assert.False(process.HasExited, "The job ended before its processes were found.");
            if (Ranks().FirstOrDefault(candidate => Environ(candidate).AsSpan().IndexOf(mark) >= 0) is > 0 and var found)
            {
                return found;
            }
        }
    }

    /// <summary>The ranks that this mpirun started and that still run. MPICH's has a helper between itself and them.</summary>
    public IEnumerable<int> Ranks()
    {
        byte[] mark = Encoding.ASCII.GetBytes($"\0{rankVariable}=");
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && ParentOf(id) is var parent and > 0
                && (parent == process.Id || ParentOf(parent) == process.Id) && Environ(id).AsSpan().IndexOf(mark) >= 0)
            {
                yield return id;
            }
        }
    }

    /// <summary>Waits for its end.</summary>
    public async Task<JobRun> EndAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(patience);
        await process.WaitForExitAsync(timeout.Token);
        return new JobRun(process.ExitCode, await output, await error, watch.Elapsed);
    }

    /// <summary>Sends a signal, e.g. KILL.</summary>
    public static void Signal(string name, int id)
    {
        using Process kill = Process.Start("kill", [$"-{name}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static byte[] Environ(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // it has just ended
        }
    }

    private static int ParentOf(int id)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
