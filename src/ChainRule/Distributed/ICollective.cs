using System.Numerics;

namespace ChainRule.Distributed;

/// <summary>
/// Processes that train one network together. Each has a rank; all of them call the same operations in the same order, and an
/// operation ends when all have called it.
/// </summary>
/// <remarks>
/// The engine knows no more of a cluster than this. <see cref="SingleProcess"/> is the usual case of one process;
/// <c>ChainRule.Mpi</c> is the one for clusters.
/// </remarks>
public interface ICollective
{
    /// <summary>The number of this process, from 0 to <see cref="Size"/> − 1. Rank 0 writes files and talks to people.</summary>
    int Rank { get; }

    /// <summary>The number of processes.</summary>
    int Size { get; }

    /// <summary>All-reduce: replaces the values by their sums over all ranks, the same bits on each.</summary>
    /// <param name="values">As many on each rank.</param>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="CollectiveException">A rank is lost, or does not take part.</exception>
    void Sum<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Copies the bytes of one rank to all others.</summary>
    /// <param name="bytes">As many on each rank.</param>
    /// <param name="root">The rank whose bytes they are.</param>
    /// <exception cref="CollectiveException">A rank is lost, or does not take part.</exception>
    void Broadcast(Span<byte> bytes, int root);

    /// <summary>Waits until all ranks are here.</summary>
    /// <exception cref="CollectiveException">A rank is lost, or does not take part.</exception>
    void Barrier();

    /// <summary>Starts a <see cref="Sum"/> that runs beside further work. Where nothing can run beside it, it is done at once.</summary>
    /// <param name="values">Memory that is pinned, and left alone until <see cref="EndSum"/>.</param>
    /// <returns>What <see cref="EndSum"/> takes.</returns>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    int BeginSum<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sum(values);
        return 0;
    }

    /// <summary>Lets sums that have been started go on; called now and then from other work, as many libraries move only when they are called.</summary>
    void Progress()
    {
    }

    /// <summary>Waits for a sum that was started.</summary>
    /// <param name="ticket">What <see cref="BeginSum"/> returned.</param>
    /// <exception cref="CollectiveException">A rank is lost, or does not take part.</exception>
    void EndSum(int ticket)
    {
    }
}
