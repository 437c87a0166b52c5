using System.Text.Json;
using ChainRule.Serialization;

namespace ChainRule.Mpi.Tests;

/// <summary><c>mpirun -n N chainrule train … --distributed mpi</c>: trains as one process does, and ends cleanly when a rank does not;
/// with Open MPI and with MPICH.</summary>
public sealed class MpiTrainingTests : IDisposable
{
    private const string Long = "train digits --epochs 100000 --validation 0 --quiet --distributed mpi --distributed-timeout 3 --checkpoint state --checkpoint-every 5";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public static TheoryData<string> Libraries => ["openmpi", "mpich"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A batch of 100 does not divide by 3, and the last batch of 1,617 samples has 17. With 4 ranks every share is another.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Any_number_of_ranks_trains_the_network_of_one_process(string library)
    {
        var mpi = Launcher.Require(library);
        const string Call = "train digits --hidden 20 --optimizer sgd --lr 0.1 --batch 100 --epochs 2 --precision float64 --seed 5 --json --quiet";
        var runs = new List<(double[] Parameters, double Loss, double Validation)>();
        for (int ranks = 1; ranks <= 4; ranks++)
        {
            using var job = new Job(mpi, folder, (ranks, $"{Call} --save {ranks}.safetensors --distributed mpi"));
            JobRun run = await job.EndAsync();
            Assert.True(run.ExitCode == 0, run.Error);
            using JsonDocument document = JsonDocument.Parse(run.Output); // one document: only rank 0 speaks
            JsonElement last = document.RootElement.GetProperty("epochs")[1];
            double[] parameters = [.. ModelFile.Read<double>(Path.Combine(folder, $"{ranks}.safetensors")).Network.Parameters.SelectMany(parameter => parameter.Value)];
            runs.Add((parameters, last.GetProperty("trainLoss").GetDouble(), document.RootElement.GetProperty("validation").GetProperty("loss").GetDouble()));
        }

        foreach ((double[] parameters, double loss, double validation) in runs)
        {
            Assert.Equal(runs[0].Loss, loss, 1e-12);
            Assert.Equal(runs[0].Validation, validation, 1e-12);
            Assert.Equal(runs[0].Parameters.Length, parameters.Length);
            Assert.All(parameters.Zip(runs[0].Parameters), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        }
    }

    /// <summary>mpirun sees the death and ends the others; the last checkpoint is whole.</summary>
    [Theory]
    [InlineData("openmpi", 0)]
    [InlineData("openmpi", 1)]
    [InlineData("mpich", 0)]
    [InlineData("mpich", 1)]
    public async Task A_rank_that_dies_ends_the_job(string library, int rank)
    {
        var mpi = Launcher.Require(library);
        using var job = new Job(mpi, folder, (2, mpi.IsOpenMpi ? Long : Long.Replace(" --quiet", "", StringComparison.Ordinal)));
        int[] ranks = await RunningAsync(job);
        Job.Signal("KILL", ranks[rank]);
        JobRun run = await RequireQuickEndAsync(job, ranks);
        if (mpi.IsOpenMpi)
        {
            Assert.Contains($"rank {rank}", run.Error, StringComparison.Ordinal);
        }
        else
        {
            // MPICH's mpirun names the process; training has said which rank that is. Where the other rank is reading the memory of the one
            // that dies, MPICH ends that rank too, often before mpirun has seen the first death, and says whose memory is gone.
            Assert.Matches($@"PID {ranks[rank]} RUNNING|process_vm_\w+\(pid={ranks[rank]} .*No such process", run.Output + run.Error);
            Assert.Contains($"rank {rank} is {ranks[rank]} on {Environment.MachineName}", run.Output, StringComparison.Ordinal);
        }

        await RequireUsableCheckpointAsync(mpi);
    }

    /// <summary>A stopped process looks alive to mpirun. The others call the roll.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task A_rank_that_hangs_is_named_and_ends_the_job(string library)
    {
        var mpi = Launcher.Require(library);
        using var job = new Job(mpi, folder, (3, Long));
        int[] ranks = await RunningAsync(job);
        Job.Signal("STOP", ranks[1]);
        JobRun run = await RequireQuickEndAsync(job, ranks);
        Assert.Contains("After 3 seconds of waiting: rank 1 does not answer.", run.Error, StringComparison.Ordinal);
        await RequireUsableCheckpointAsync(mpi);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task A_rank_that_disagrees_about_the_model_is_named(string library)
    {
        var mpi = Launcher.Require(library);
        using var job = new Job(mpi, folder, (1, "train digits --hidden 8 --distributed mpi"), (1, "train digits --hidden 9 --distributed mpi"));
        JobRun run = await job.EndAsync();
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Rank 1 does not agree with rank 0: its network is Sequential(Linear(64, 9)", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A mistake that all ranks make is told once; one that a single rank makes is told with its number.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public async Task Wrong_input_is_told_once(string library)
    {
        var mpi = Launcher.Require(library);
        using var all = new Job(mpi, folder, (3, "train nowhere.csv --distributed mpi"));
        JobRun run = await all.EndAsync();
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Error.Split('\n'), line => line.StartsWith("chainrule: DATA: expected", StringComparison.Ordinal));
        using var one = new Job(mpi, folder, (1, "train digits --distributed mpi"), (1, "train nowhere.csv --distributed mpi"));
        run = await one.EndAsync();
        Assert.Contains("chainrule: Rank 1: DATA: expected", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libc.so.6", "'libc.so.6' (from CHAINRULE_MPI) is no MPI library")]
    [InlineData("/nowhere/libmpi.so", "Cannot load '/nowhere/libmpi.so', which CHAINRULE_MPI names")]
    public void A_wrong_library_is_told_by_name(string library, string message)
    {
        Environment.SetEnvironmentVariable("CHAINRULE_MPI", library);
        try
        {
            Environment.SetEnvironmentVariable("OMPI_COMM_WORLD_SIZE", "2");
            Assert.Contains(message, Assert.Throws<MpiException>(() => MpiCollective.Start()).Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHAINRULE_MPI", null);
            Environment.SetEnvironmentVariable("OMPI_COMM_WORLD_SIZE", null);
        }
    }

    [Fact]
    public void Without_mpirun_the_message_says_how_to_start() =>
        Assert.Contains("apt-get install openmpi-bin", Assert.Throws<MpiException>(() => MpiCollective.Start()).Message, StringComparison.Ordinal);

    /// <summary>The ranks' processes, when the first checkpoint is there.</summary>
    private async Task<int[]> RunningAsync(Job job)
    {
        while (!File.Exists(Path.Combine(folder, "state")))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        int count = job.Ranks().Count();
        return [.. Enumerable.Range(0, count).Select(job.ProcessOf)];
    }

    private static async Task<JobRun> RequireQuickEndAsync(Job job, int[] ranks)
    {
        long start = Environment.TickCount64;
        JobRun run = await job.EndAsync();
        Assert.NotEqual(0, run.ExitCode);
        Assert.InRange(Environment.TickCount64 - start, 0, 30_000); // seconds, also on a machine that is busy
        for (int i = 0; ranks.Any(rank => Directory.Exists($"/proc/{rank}")); i++)
        {
            Assert.True(i < 100, "A process of the job is left over.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return run;
    }

    private async Task RequireUsableCheckpointAsync(Launcher mpi)
    {
        File.Copy(Path.Combine(folder, "state"), Path.Combine(folder, "kept"));
        using var job = new Job(mpi, folder, (2, $"{Long} --resume kept"));
        await RunningAgainAsync(job);
    }

    private async Task RunningAgainAsync(Job job)
    {
        DateTime before = File.GetLastWriteTimeUtc(Path.Combine(folder, "state"));
        while (File.GetLastWriteTimeUtc(Path.Combine(folder, "state")) == before)
        {
            Assert.False(job.HasEnded, "The job does not go on from its checkpoint.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
