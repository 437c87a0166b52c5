using System.Diagnostics;

namespace ChainRule.Mpi.Tests;

/// <summary>An mpirun of this machine. Debian has both side by side and calls one of them mpirun.</summary>
/// <param name="Path">The program.</param>
/// <param name="IsOpenMpi">Whether it is Open MPI's; else MPICH's.</param>
internal sealed record Launcher(string Path, bool IsOpenMpi)
{
    private static readonly Lazy<Launcher?> openMpi = new(() => Find(true, "Open MPI", "mpirun.openmpi", "mpirun"));
    private static readonly Lazy<Launcher?> mpich = new(() => Find(false, "HYDRA", "mpirun.mpich", "mpiexec.hydra", "mpirun"));

    /// <summary>Skips the test where the library is not installed; in continuous integration it has to be.</summary>
    /// <param name="name">openmpi or mpich.</param>
    public static Launcher Require(string name)
    {
        bool isOpenMpi = name == "openmpi";
        if ((isOpenMpi ? openMpi : mpich).Value is { } found)
        {
            return found;
        }

        string message = isOpenMpi ? "There is no mpirun of Open MPI. On Debian: apt-get install openmpi-bin." : "There is no mpirun of MPICH. On Debian: apt-get install mpich.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", message);
        Assert.Skip(message);
        return null!;
    }

    private static Launcher? Find(bool isOpenMpi, string mark, params string[] names)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        IEnumerable<string> paths = names.SelectMany(name => folders.Select(folder => System.IO.Path.Combine(folder, name))).Where(File.Exists);
        return paths.FirstOrDefault(path => Version(path).Contains(mark, StringComparison.Ordinal)) is { } path ? new Launcher(path, isOpenMpi) : null;
    }

    private static string Version(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
