using System.Diagnostics;
using System.Text.Json;

namespace ChainRule.Cli.Tests;

/// <summary>Training that is killed, and training that cannot write, as their users meet them.</summary>
public sealed class CheckpointCommandTests : IDisposable
{
    private const int Kills = 20;
    private const string Training = "train spirals --samples 600 --noise 0.1 --hidden 32,32 --dropout 0.1 --schedule cosine --lr 0.003 --epochs 150 --batch 7 --threads 1 --quiet";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>SIGKILL at random moments, with a checkpoint after every 20 steps, so that some of them hit the writing.</summary>
    [Fact]
    public async Task Training_that_is_killed_twenty_times_ends_with_the_same_bits()
    {
        Run whole = await Tool.RunAsync($"{Training} --save whole.safetensors --json", folder.Path);
        Assert.Equal(0, whole.ExitCode);
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new System.Random(seed);
        string state = Path.Combine(folder.Path, "state");
        int kills = 0;
        Run last;
        while (true)
        {
            string resume = File.Exists(state) ? "--resume state" : "";
            string call = $"{Training} --checkpoint state --checkpoint-every 20 {resume} --save killed.safetensors --json";
            if (kills == Kills)
            {
                last = await Tool.RunAsync(call, folder.Path);
                break;
            }

            // Start-up takes most of it at first; from the first checkpoint on, somewhere in the training.
            long before = File.Exists(state) ? new FileInfo(state).LastWriteTimeUtc.Ticks : 0;
            using Process process = Tool.Start(call, folder.Path);
            while (!process.HasExited && (!File.Exists(state) || new FileInfo(state).LastWriteTimeUtc.Ticks == before))
            {
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(30), TestContext.Current.CancellationToken);
            Assert.False(process.HasExited, "training ended before it could be killed twenty times: make it longer");
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            kills++;
        }

        Assert.Equal(0, last.ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "whole.safetensors")), File.ReadAllBytes(Path.Combine(folder.Path, "killed.safetensors")));
        Assert.Equal(Losses(whole), Losses(last));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_a_wrong_call()
    {
        Assert.Equal(0, (await Tool.RunAsync("train xor --hidden 4 --epochs 30 --checkpoint state --quiet", folder.Path)).ExitCode);
        Assert.Equal(["state", "state.previous"], folder.Files);
        using (FileStream file = File.OpenWrite(Path.Combine(folder.Path, "state")))
        {
            file.Position = file.Length / 2;
            file.WriteByte(77);
            file.WriteByte(78);
        }

        Run run = await Tool.RunAsync("train xor --hidden 4 --epochs 30 --resume state --quiet", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'state' is no checkpoint that can be used: its checksum is wrong", run.OneLine, StringComparison.Ordinal);
        Assert.Contains("'state.previous', is whole", run.OneLine, StringComparison.Ordinal);
        Assert.Equal(0, (await Tool.RunAsync("train xor --hidden 4 --epochs 30 --resume state.previous --quiet", folder.Path)).ExitCode);
    }

    [Theory]
    [InlineData("--resume nowhere", "there is no file 'nowhere'")]
    [InlineData("--checkpoint-every 5", "add --checkpoint FILE")]
    [InlineData("--checkpoint no/state", "there is no folder")]
    public async Task Wrong_calls_say_what_was_expected(string options, string problem)
    {
        Run run = await Tool.RunAsync($"train xor --epochs 2 {options}", folder.Path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(problem, run.OneLine, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    /// <summary>On a disk of 64 kB a second checkpoint finds no room: the first one stays usable.</summary>
    [Fact]
    public async Task A_full_disk_leaves_the_last_checkpoint_usable()
    {
        string disk = Directory.CreateDirectory(Path.Combine(folder.Path, "disk")).FullName;
        if (!OperatingSystem.IsLinux() || await Execute("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk) != 0)
        {
            Assert.SkipWhen(true, "Mounting a small disk needs root on Linux.");
        }

        try
        {
            // 13 kB a checkpoint: one and the one before it fit, and what is written beside them, but not after the ballast.
            Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 16 --epochs 2 --checkpoint state --quiet", disk)).ExitCode);
            File.WriteAllBytes(Path.Combine(disk, "ballast"), new byte[(int)new DriveInfo(disk).AvailableFreeSpace - 4096]);
            byte[] before = File.ReadAllBytes(Path.Combine(disk, "state"));
            Run run = await Tool.RunAsync("train moons --hidden 16 --epochs 4 --resume state --checkpoint state --quiet", disk);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("Cannot write 'state", run.OneLine, StringComparison.Ordinal);
            Assert.Equal(["ballast", "state", "state.previous"], Directory.EnumerateFiles(disk).Select(path => Path.GetFileName(path)).Order());
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(disk, "state")));
            File.Delete(Path.Combine(disk, "ballast"));
            Assert.Equal(0, (await Tool.RunAsync("train moons --hidden 16 --epochs 4 --resume state --checkpoint state --quiet", disk)).ExitCode);
        }
        finally
        {
            await Execute("umount", disk);
        }
    }

    private static async Task<int> Execute(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private static double[] Losses(Run run)
    {
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return [.. document.RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("trainLoss").GetDouble())];
    }
}
