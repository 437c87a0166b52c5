using System.Numerics;
using System.Runtime.InteropServices;
using ChainRule.Distributed;

namespace ChainRule.Tests.Distributed;

/// <summary>Ranks that are threads of this process: what the engine does with several ranks, without MPI.</summary>
internal sealed class ThreadCollective : ICollective
{
    private readonly Room room;

    private ThreadCollective(Room room, int rank)
    {
        this.room = room;
        Rank = rank;
    }

    public int Rank { get; }

    public int Size => room.Slots.Length;

    /// <summary>Runs something on so many ranks.</summary>
    /// <returns>What each of them returned; the exception of the lowest rank that failed by itself is thrown.</returns>
    public static TResult[] Run<TResult>(int size, Func<ICollective, TResult> run)
    {
        var room = new Room(size);
        var results = new TResult[size];
        var errors = new Exception?[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = run(new ThreadCollective(room, rank));
            }
            catch (Exception exception)
            {
                errors[rank] = exception;
                room.Barrier.RemoveParticipant();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return errors.FirstOrDefault(error => error is not null) is { } first ? throw first : results;
    }

    public void Sum<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        room.Slots[Rank] = MemoryMarshal.AsBytes(values).ToArray();
        Barrier();
        for (int i = 0; i < values.Length; i++)
        {
            T sum = T.Zero;
            foreach (byte[] slot in room.Slots)
            {
                sum += MemoryMarshal.Cast<byte, T>(slot)[i];
            }

            values[i] = sum;
        }

        Barrier();
    }

    public void Broadcast(Span<byte> bytes, int root)
    {
        if (Rank == root)
        {
            room.Slots[root] = bytes.ToArray();
        }

        Barrier();
        room.Slots[root].CopyTo(bytes);
        Barrier();
    }

    public void Barrier() => room.Barrier.SignalAndWait();

    private sealed class Room(int size)
    {
        public byte[][] Slots { get; } = new byte[size][];

        public Barrier Barrier { get; } = new(size);
    }
}
