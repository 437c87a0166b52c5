using ChainRule.Distributed;
using ChainRule.Mpi;

namespace ChainRule.Cli.Training;

/// <summary>One process of a training job, or the only one: what it says, what it writes, and how it ends with the others.</summary>
/// <param name="collective">The processes.</param>
internal sealed class Distribution(ICollective collective)
{
    private bool isReady;

    /// <summary>One process alone.</summary>
    public static Distribution None => new(SingleProcess.Instance);

    /// <summary>The processes.</summary>
    public ICollective Collective => collective;

    /// <summary>Whether this process talks to people and writes files.</summary>
    public bool IsSpeaker => collective.Rank == 0;

    /// <summary>Tells the others that data and network are here, and waits until they have told it too.</summary>
    /// <exception cref="CollectiveException">One of them failed; it says so itself.</exception>
    public void Ready()
    {
        isReady = true;
        if (collective.Size > 1 && Agreement.First(collective, holds: false) is { } failed)
        {
            throw new CollectiveException($"Rank {failed} could not start.", failed, isCommon: true);
        }
    }

    /// <summary>
    /// Which process of which machine each rank is, where mpirun needs it: when a rank dies, MPICH's names no more than the process.
    /// All ranks call it.
    /// </summary>
    /// <returns>A line for people; null where mpirun names ranks.</returns>
    public string? Roster()
    {
        if (collective is not MpiCollective mpi || !mpi.Library.StartsWith("MPICH", StringComparison.Ordinal))
        {
            return null;
        }

        string own = $"{Environment.ProcessId} on {Environment.MachineName}";
        return $"Processes: {string.Join(", ", Enumerable.Range(0, mpi.Size).Select(rank => $"rank {rank} is {Agreement.Share(mpi, own, rank)}"))}.";
    }

    /// <summary>Runs a job of several processes; what goes wrong on one ends it on all, and is said once.</summary>
    /// <param name="patience">How long to wait for a rank that does not answer.</param>
    /// <param name="run">The work of this process.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">There is no MPI.</exception>
    public static int RunOverMpi(TimeSpan patience, Func<Distribution, int> run)
    {
        MpiCollective mpi;
        try
        {
            mpi = MpiCollective.Start(patience);
        }
        catch (MpiException exception)
        {
            return MpiCollective.AnnouncedRank == 0 ? throw new CommandException(exception.Message) : ExitCode.WrongCall;
        }

        var distribution = new Distribution(mpi);
        try
        {
            int exitCode = run(distribution);
            mpi.Barrier();
            mpi.Dispose();
            return exitCode;
        }
        catch (CollectiveException exception) when (exception.IsCommon)
        {
            // Where a rank could not start, it has said why.
            if (exception.Reporter == mpi.Rank)
            {
                CommandLine.Fail(exception.Message, ExitCode.WrongCall);
            }

            mpi.Dispose();
            return ExitCode.WrongCall;
        }
        catch (CollectiveException exception)
        {
            if (exception.Reporter == mpi.Rank)
            {
                CommandLine.Fail(exception.Message, ExitCode.Failed);
                LetRead();
                mpi.Abort(ExitCode.Failed);
            }

            Thread.Sleep(TimeSpan.FromSeconds(2)); // the reporter ends the job
            mpi.Abort(ExitCode.Failed);
            return ExitCode.Failed;
        }
        catch (Exception exception)
        {
            (string message, int exitCode) = CommandLine.Explain(exception);
            if (!distribution.isReady && mpi.Size > 1)
            {
                // The others are on their way to the same vote: all end in order, and the lowest rank that failed speaks.
                distribution.isReady = true;
                if (Agreement.First(mpi, holds: true) == mpi.Rank)
                {
                    CommandLine.Fail(mpi.Rank == 0 ? message : $"Rank {mpi.Rank}: {message}", exitCode);
                }

                mpi.Dispose();
                return exitCode;
            }

            CommandLine.Fail(mpi.Size > 1 ? $"Rank {mpi.Rank}: {message}" : message, exitCode);
            LetRead();
            mpi.Abort(exitCode);
            return exitCode;
        }
    }

    /// <summary>What mpirun has not read when it is told to end the job, it may throw away.</summary>
    private static void LetRead() => Thread.Sleep(TimeSpan.FromMilliseconds(300));
}

/// <summary>How training is spread over processes.</summary>
internal enum DistributionKind
{
    None,
    Mpi,
}
