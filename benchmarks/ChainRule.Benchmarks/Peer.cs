using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ChainRule.Benchmarks;

/// <summary>The same work in another engine: a Python script under peers/.</summary>
internal static class Peer
{
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// The kernels that OpenBLAS is told to use; empty where its own choice is the fastest. An OpenBLAS that is older than the
    /// processor falls back to kernels of 2004, which would make a poor peer.
    /// </summary>
    public static string Kernels => Environment.GetEnvironmentVariable(ForcedKernels) ?? fastestKernels.Value;

    /// <summary>The variable that settles <see cref="Kernels"/>.</summary>
    public const string ForcedKernels = "CHAINRULE_BENCHMARK_KERNELS";

    private static readonly Lazy<string> fastestKernels = new(() => new[] { "", "Haswell", "Zen", "SkylakeX" }.MaxBy(ProductSpeed)!);

    /// <summary>What a table says of OpenBLAS.</summary>
    public static string OpenBlas => Kernels.Length == 0 ? "OpenBLAS" : $"OpenBLAS ({Kernels} kernels)";

    /// <summary>Runs a script with the kernels that are the fastest on this processor.</summary>
    /// <param name="script">The script.</param>
    /// <param name="threads">The threads that it may use.</param>
    /// <param name="arguments">What it is told.</param>
    /// <returns>The words of each line that it prints; null where it does not run here.</returns>
    public static string[][]? Run(string script, int threads, params string[] arguments)
    {
        string[][]? lines = Run(script, threads, Kernels, arguments);
        if (lines is null)
        {
            Console.Error.WriteLine($"{script} does not run here; on Debian: apt-get install python3-numpy python3-torch libopenblas0-openmp dataset-fashion-mnist");
        }

        return lines;
    }

    private static double ProductSpeed(string kernels) =>
        Enumerable.Range(0, 3).Max(_ => Run("products_numpy.py", 1, kernels, ["float32", "256"]) is [_, [_, var speed]] ? Number(speed) : 0);

    private static string[][]? Run(string script, int threads, string kernels, string[] arguments)
    {
        if (!File.Exists(Python))
        {
            return null;
        }

        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments]) { RedirectStandardOutput = true };
        foreach (string variable in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS" })
        {
            start.Environment[variable] = threads.ToString(CultureInfo.InvariantCulture);
        }

        start.Environment.Remove("OPENBLAS_CORETYPE");
        if (kernels.Length > 0)
        {
            start.Environment["OPENBLAS_CORETYPE"] = kernels;
        }

        start.Environment.Remove("OPENBLAS_L2_SIZE");
        using Process process = Process.Start(start)!;
        string[][] lines = [.. process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Length > 0 ? lines : null;
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
