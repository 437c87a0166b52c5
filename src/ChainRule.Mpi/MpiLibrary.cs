using System.Runtime.InteropServices;

namespace ChainRule.Mpi;

/// <summary>
/// The MPI library of this machine, found at run time. Its functions have the same names everywhere; its constants do not: for Open
/// MPI they are addresses of objects within the library, for MPICH and its relatives whole numbers.
/// </summary>
/// <remarks>
/// A handle travels as a pointer-sized number. Where a function takes a 32-bit handle, as in MPICH, it reads the lower half of the
/// register, on x64 and on Arm64. Sources: the MPI standard 3.1; mpi.h of Open MPI 4.1 and of MPICH 4.0, whose numbers belong to the
/// MPICH ABI compatibility initiative (Intel MPI, MVAPICH, Cray).
/// </remarks>
internal sealed unsafe class MpiLibrary
{
    private const int LoadNow = 2;
    private const int ForAll = 0x100; // RTLD_GLOBAL: Open MPI's plug-ins look for its symbols

    private readonly nint handle;

    private MpiLibrary(nint handle, string name)
    {
        this.handle = handle;
        Name = name;
        IsOpenMpi = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out nint world);
        World = IsOpenMpi ? world : 0x44000000;
        Float = IsOpenMpi ? Export("ompi_mpi_float") : 0x4c00040a;
        Double = IsOpenMpi ? Export("ompi_mpi_double") : 0x4c00080b;
        Byte = IsOpenMpi ? Export("ompi_mpi_byte") : 0x4c00010d;
        Add = IsOpenMpi ? Export("ompi_mpi_op_sum") : 0x58000003;
        NoRequest = IsOpenMpi ? Export("ompi_request_null") : 0x2c000000;
        InPlace = IsOpenMpi ? 1 : -1;
        NoStatus = IsOpenMpi ? 0 : 1;
        AnySource = IsOpenMpi ? -1 : -2;
        InitThread = (delegate* unmanaged<nint, nint, int, int*, int>)Export("MPI_Init_thread");
        Finalize = (delegate* unmanaged<int>)Export("MPI_Finalize");
        Abort = (delegate* unmanaged<nint, int, int>)Export("MPI_Abort");
        CommRank = (delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Export("MPI_Comm_size");
        AllReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Export("MPI_Allreduce");
        Broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Export("MPI_Bcast");
        Barrier = (delegate* unmanaged<nint, int>)Export("MPI_Barrier");
        Send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Export("MPI_Isend");
        Receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Export("MPI_Irecv");
        Probe = (delegate* unmanaged<int, int, nint, int*, nint, int>)Export("MPI_Iprobe");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Export("MPI_Test");

        // MPI 3 of 2012; older libraries only have those that wait.
        BeginAllReduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int>)Optional("MPI_Iallreduce");
        BeginBroadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Optional("MPI_Ibcast");
        BeginBarrier = (delegate* unmanaged<nint, nint*, int>)Optional("MPI_Ibarrier");
    }

    public string Name { get; }

    public bool IsOpenMpi { get; }

    public nint World { get; }

    public nint Float { get; }

    public nint Double { get; }

    public nint Byte { get; }

    public nint Add { get; }

    public nint NoRequest { get; }

    public nint InPlace { get; }

    public nint NoStatus { get; }

    public int AnySource { get; }

    public bool HasNonBlocking => BeginAllReduce is not null && BeginBroadcast is not null && BeginBarrier is not null;

    public delegate* unmanaged<nint, nint, int, int*, int> InitThread { get; }

    public delegate* unmanaged<int> Finalize { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, int> AllReduce { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, int> Broadcast { get; }

    public delegate* unmanaged<nint, int> Barrier { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Send { get; }

    public delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> Receive { get; }

    public delegate* unmanaged<int, int, nint, int*, nint, int> Probe { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int> BeginAllReduce { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, nint*, int> BeginBroadcast { get; }

    public delegate* unmanaged<nint, nint*, int> BeginBarrier { get; }

    /// <summary>Loads the library that belongs to the mpirun that started this process.</summary>
    /// <exception cref="MpiException">There is none.</exception>
    public static MpiLibrary Load()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new MpiException("Training over MPI runs on Linux, where clusters are; here train with one process.");
        }

        bool isOpenMpi = JobSize("OMPI_COMM_WORLD_SIZE") is not null || JobSize("PMIX_RANK") is not null;
        bool isMpich = JobSize("PMI_SIZE") is not null || JobSize("PMI_RANK") is not null;
        string? chosen = Environment.GetEnvironmentVariable("CHAINRULE_MPI");
        string[] names = chosen is { Length: > 0 } ? [chosen]
            : isOpenMpi ? ["libmpi.so.40", "libmpi.so.80"]
            : isMpich ? ["libmpich.so.12", "libmpi.so.12"]
            : throw new MpiException("--distributed mpi: this process was not started by MPI. Start it so: mpirun -n 4 chainrule train … --distributed mpi. On Debian, apt-get install openmpi-bin (or mpich) brings mpirun.");
        foreach (string name in names)
        {
            if (dlopen(name, LoadNow | ForAll) is not 0 and var handle)
            {
                return NativeLibrary.TryGetExport(handle, "MPI_Init_thread", out _)
                    ? new MpiLibrary(handle, name)
                    : throw new MpiException($"'{name}' (from CHAINRULE_MPI) is no MPI library: it has no MPI_Init_thread. Name Open MPI's libmpi.so.40 or MPICH's libmpich.so.12.");
            }
        }

        string found = string.Join(" and ", names.Select(name => $"'{name}'"));
        throw new MpiException(chosen is { Length: > 0 }
            ? $"Cannot load '{chosen}', which CHAINRULE_MPI names as the MPI library."
            : $"Cannot load the library of the {(isOpenMpi ? "Open MPI" : "MPICH")} that started this process; tried {found}. On Debian: apt-get install {(isOpenMpi ? "libopenmpi3" : "libmpich12")}. If it is elsewhere, set CHAINRULE_MPI to its path.");
    }

    /// <summary>A number that mpirun leaves in the environment; null where it is not there.</summary>
    public static int? JobSize(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int size) ? size : null;

    private nint Optional(string name) => NativeLibrary.TryGetExport(handle, name, out nint address) ? address : 0;

    private nint Export(string name) => NativeLibrary.TryGetExport(handle, name, out nint address)
        ? address
        : throw new MpiException($"The MPI library '{Name}' lacks {name}. Open MPI 4 or later and MPICH 3.2 or later have it.");

    [DllImport("libc", EntryPoint = "dlopen", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
#pragma warning disable SYSLIB1054, CA2101, IDE1006 // a call of two plain arguments; the name is C's
    private static extern nint dlopen([MarshalAs(UnmanagedType.LPUTF8Str)] string name, int flags);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
