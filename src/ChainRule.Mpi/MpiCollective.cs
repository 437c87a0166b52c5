using System.Diagnostics;
using System.Numerics;
using ChainRule.Distributed;

namespace ChainRule.Mpi;

/// <summary>The processes that one <c>mpirun</c> started, over Open MPI or MPICH.</summary>
/// <remarks>
/// <para>
/// All calls come from one thread. Waiting is done by asking again and again (MPI_Test), so that a wait can end: after
/// <see cref="Patience"/> the ranks that wait call the roll with small messages. Who does not answer hangs, and is named.
/// </para>
/// <para>A rank that dies is noticed by mpirun, which ends the others.</para>
/// </remarks>
public sealed unsafe class MpiCollective : ICollective, IDisposable
{
    private const int Serialized = 2; // MPI_THREAD_SERIALIZED: any thread, one at a time
    private const int RollTag = 4711;
    private const int SpinsBeforeYield = 256;
    private const int SpinsBetweenLooks = 1024;

    private static readonly TimeSpan answerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan startTime = TimeSpan.FromSeconds(60);

    private readonly MpiLibrary library;
    private readonly List<nint> requests = [];
    private long operations;
    private bool isLost;

    private MpiCollective(MpiLibrary library, TimeSpan patience, bool overlap)
    {
        this.library = library;
        Patience = patience;
        IsOverlapping = overlap && library.HasNonBlocking;
        int value;
        library.CommRank(library.World, &value);
        Rank = value;
        library.CommSize(library.World, &value);
        Size = value;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>How long a rank waits for the others before it calls the roll.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Whether sums run beside other work: the library has MPI_Iallreduce, and it is wanted.</summary>
    public bool IsOverlapping { get; }

    /// <summary>Which library it is, e.g. Open MPI (libmpi.so.40).</summary>
    public string Library => $"{(library.IsOpenMpi ? "Open MPI" : "MPICH")} ({library.Name})";

    /// <summary>The processes of this job that share this machine, as mpirun says; 1 where it does not.</summary>
    public static int ProcessesHere => MpiLibrary.JobSize("OMPI_COMM_WORLD_LOCAL_SIZE") ?? MpiLibrary.JobSize("MPI_LOCALNRANKS") ?? 1;

    /// <summary>Whether an mpirun started this process.</summary>
    public static bool IsStartedByMpi => MpiLibrary.JobSize("OMPI_COMM_WORLD_SIZE") is not null || MpiLibrary.JobSize("PMI_SIZE") is not null;

    /// <summary>The rank of this process as mpirun says, before MPI has started; 0 where it does not.</summary>
    public static int AnnouncedRank => MpiLibrary.JobSize("OMPI_COMM_WORLD_RANK") ?? MpiLibrary.JobSize("PMI_RANK") ?? MpiLibrary.JobSize("PMIX_RANK") ?? 0;

    /// <summary>Joins the job. A process can do it once.</summary>
    /// <param name="patience">How long a rank waits for the others before it calls the roll; 30 seconds where nothing is said.</param>
    /// <param name="overlap">Whether sums run beside other work where the library can.</param>
    /// <exception cref="MpiException">There is no MPI, not the right one, or mpirun did not start this process.</exception>
    public static MpiCollective Start(TimeSpan? patience = null, bool overlap = true)
    {
        MpiLibrary library = MpiLibrary.Load();
        using (new Timer(_ => GiveUpStarting(), null, startTime, Timeout.InfiniteTimeSpan))
        {
            int provided;
            Require(library.InitThread(0, 0, Serialized, &provided), "MPI_Init_thread");
        }

        var collective = new MpiCollective(library, patience ?? TimeSpan.FromSeconds(30), overlap);
        int announced = MpiLibrary.JobSize("OMPI_COMM_WORLD_SIZE") ?? MpiLibrary.JobSize("PMI_SIZE") ?? collective.Size;
        if (announced != collective.Size)
        {
            collective.Dispose();
            throw new MpiException($"mpirun started {announced} processes, and '{library.Name}' sees {collective.Size}: it belongs to another MPI than mpirun. Use the mpirun of the library, or set CHAINRULE_MPI to the library of the mpirun.");
        }

        return collective;
    }

    /// <inheritdoc/>
    public void Sum<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* memory = values)
        {
            operations++;
            if (!library.HasNonBlocking)
            {
                Require(library.AllReduce(library.InPlace, memory, values.Length, TypeOf<T>(), library.Add, library.World), "MPI_Allreduce");
                return;
            }

            nint request = 0;
            Require(library.BeginAllReduce(library.InPlace, memory, values.Length, TypeOf<T>(), library.Add, library.World, &request), "MPI_Iallreduce");
            Wait(&request);
        }
    }

    /// <inheritdoc/>
    public int BeginSum<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!IsOverlapping)
        {
            Sum(values);
            return -1;
        }

        operations++;
        nint request = 0;
        fixed (T* memory = values)
        {
            Require(library.BeginAllReduce(library.InPlace, memory, values.Length, TypeOf<T>(), library.Add, library.World, &request), "MPI_Iallreduce");
        }

        int free = requests.IndexOf(0);
        if (free < 0)
        {
            requests.Add(request);
            return requests.Count - 1;
        }

        requests[free] = request;
        return free;
    }

    /// <inheritdoc/>
    public void Progress()
    {
        for (int i = 0; i < requests.Count; i++)
        {
            if (requests[i] is not 0 and var request && request != library.NoRequest)
            {
                // Where it has ended, the request becomes none, and EndSum finds it so.
                IsDone(&request);
                requests[i] = request;
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void EndSum(int ticket)
    {
        if (ticket >= 0)
        {
            nint request = requests[ticket];
            if (request != library.NoRequest)
            {
                Wait(&request);
            }

            requests[ticket] = 0;
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes, int root)
    {
        fixed (byte* memory = bytes)
        {
            operations++;
            if (!library.HasNonBlocking)
            {
                Require(library.Broadcast(memory, bytes.Length, library.Byte, root, library.World), "MPI_Bcast");
                return;
            }

            nint request = 0;
            Require(library.BeginBroadcast(memory, bytes.Length, library.Byte, root, library.World, &request), "MPI_Ibcast");
            Wait(&request);
        }
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        operations++;
        if (!library.HasNonBlocking)
        {
            Require(library.Barrier(library.World), "MPI_Barrier");
            return;
        }

        nint request = 0;
        Require(library.BeginBarrier(library.World, &request), "MPI_Ibarrier");
        Wait(&request);
    }

    /// <summary>Ends all processes of the job at once, this one too.</summary>
    /// <param name="exitCode">What mpirun returns.</param>
    public void Abort(int exitCode)
    {
        isLost = true;
        library.Abort(library.World, exitCode);
        Environment.Exit(exitCode);
    }

    /// <summary>Leaves the job, when all ranks do.</summary>
    public void Dispose()
    {
        if (!isLost)
        {
            isLost = true;
            library.Finalize();
        }
    }

    private static void Require(int code, string function)
    {
        if (code != 0)
        {
            throw new MpiException($"{function} failed with code {code}.");
        }
    }

    private static void GiveUpStarting()
    {
        Console.Error.WriteLine($"chainrule: rank {AnnouncedRank} has waited {startTime.TotalSeconds:0} seconds for the other ranks to start. Is the program on every machine, and can they reach each other?");
        Environment.Exit(2);
    }

    private nint TypeOf<T>() => typeof(T) == typeof(float) ? library.Float : library.Double;

    private bool IsDone(nint* request)
    {
        int done;
        Require(library.Test(request, &done, library.NoStatus), "MPI_Test");
        return done != 0;
    }

    private void Wait(nint* request)
    {
        long start = 0;
        for (int spins = 1; !IsDone(request); spins++)
        {
            if (spins > SpinsBeforeYield)
            {
                Thread.Yield(); // where there are more ranks than processors, the rank that is waited for needs this one
            }

            if (spins % SpinsBetweenLooks == 0)
            {
                start = start == 0 ? Stopwatch.GetTimestamp() : start;
                if (Stopwatch.GetElapsedTime(start) > Patience || IsRollCalled())
                {
                    CallTheRoll();
                }
            }
        }
    }

    private bool IsRollCalled()
    {
        int found;
        Require(library.Probe(library.AnySource, RollTag, library.World, &found, library.NoStatus), "MPI_Iprobe");
        return found != 0;
    }

    /// <summary>Tells all ranks which operation this one waits in, and hears the same from them.</summary>
    private void CallTheRoll()
    {
        isLost = true;
        long[] heard = GC.AllocateArray<long>(Size, pinned: true);
        long[] said = GC.AllocateArray<long>(1, pinned: true);
        said[0] = operations;
        Array.Fill(heard, -1);
        heard[Rank] = operations;
        var sending = new nint[Size];
        var receiving = new nint[Size];
        fixed (long* to = heard, from = said)
        fixed (nint* sends = sending, receives = receiving)
        {
            for (int rank = 0; rank < Size; rank++)
            {
                if (rank != Rank)
                {
                    library.Receive(to + rank, sizeof(long), library.Byte, rank, RollTag, library.World, receives + rank);
                    library.Send(from, sizeof(long), library.Byte, rank, RollTag, library.World, sends + rank);
                }
            }

            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < answerTime)
            {
                for (int rank = 0; rank < Size; rank++)
                {
                    if (rank != Rank)
                    {
                        IsDone(receives + rank);
                        IsDone(sends + rank);
                    }
                }

                Thread.Sleep(1);
            }
        }

        int[] silent = [.. Enumerable.Range(0, Size).Where(rank => heard[rank] < 0)];
        int[] elsewhere = [.. Enumerable.Range(0, Size).Where(rank => heard[rank] >= 0 && heard[rank] != heard.Max())];
        string problem = silent.Length > 0
            ? $"{Name(silent)} {(silent.Length == 1 ? "does" : "do")} not answer"
            : elsewhere.Length > 0 ? $"{Name(elsewhere)} {(elsewhere.Length == 1 ? "waits" : "wait")} in another operation than the others"
            : "all ranks wait in the same operation, and nothing arrives: the network between them does not work";
        throw new CollectiveException($"After {Patience.TotalSeconds:0} seconds of waiting: {problem}. The job ends; the last checkpoint is as it was.", Array.FindIndex(heard, operation => operation >= 0), isCommon: false);
    }

    private static string Name(int[] ranks) => $"{(ranks.Length == 1 ? "rank" : "ranks")} {string.Join(", ", ranks)}";
}
