using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChainRule.Benchmarks;

/// <summary>The same work in another engine: a Python script under peers/.</summary>
internal static class Peer
{
    /// <summary>Runs a script with the kernels that its library chooses for this processor.</summary>
    /// <param name="script">The script.</param>
    /// <param name="threads">The threads that it may use.</param>
    /// <param name="arguments">What it is told.</param>
    /// <returns>The words of each line that it prints; null where it does not run here.</returns>
    public static string[][]? Run(string script, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments]) { RedirectStandardOutput = true };
        foreach (string variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
        {
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        }

        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        using Process process = Process.Start(start)!;
        string[][] lines = [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        process.WaitForExit();
        if (process.ExitCode == 0 && lines.Length > 0)
        {
            return lines;
        }

        Console.Error.WriteLine($"{script} does not run here; on Debian: apt-get install python3-numpy python3-torch libopenblas0-openmp dataset-fashion-mnist");
        return null;
    }

    /// <summary>The processor, the runtime and the day, for a table.</summary>
    public static string Machine()
    {
        const string Key = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        string processor = line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return string.Create(CultureInfo.InvariantCulture, $"{processor}, {Environment.ProcessorCount} cores, {Acceleration.RegisterBits}-bit registers, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
    }

    /// <summary>A number as Python prints it.</summary>
    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
