namespace ChainRule.Kernels;

/// <summary>Work that is done in parts, each by one thread.</summary>
internal interface IParts
{
    /// <summary>Does one part.</summary>
    void Run(int part);
}

/// <summary>
/// Threads that wait for parts of kernels. A step of training has a few dozen of them, microseconds apart, so a worker first
/// spins and only then sleeps; handing out a part allocates nothing. Whoever is free takes the next part: where other
/// programs keep a worker from running, the calling thread does its share.
/// </summary>
internal static class Workers
{
    // About 20 µs: as long as waking a sleeping thread takes.
    private const int Spins = 2000;

    private static readonly Lock Gate = new();
    private static readonly object Bell = new();
    private static int started;
    private static int sleeping;

    // The work of this round; whoever holds a ticket of the round may read it, since the round waits for its parts.
    private static IParts? work;
    private static int unfinished;

    // The round (32 bits), how many parts it has (16) and which is next (16), in one word so that taking a part is one exchange.
    private static long tickets;

    /// <summary>Runs all parts. Where other work is under way, of which this may be a part, the calling thread does them all.</summary>
    /// <param name="job">The work. The same object may be used again and again.</param>
    /// <param name="count">The number of parts, from 1 to 32767.</param>
    public static void Run(IParts job, int count)
    {
        if (count == 1 || Gate.IsHeldByCurrentThread || !Gate.TryEnter())
        {
            for (int part = 0; part < count; part++)
            {
                job.Run(part);
            }

            return;
        }

        try
        {
            Start(count - 1);
            work = job;
            Volatile.Write(ref unfinished, count);
            int round = Round(tickets) + 1;
            Interlocked.Exchange(ref tickets, ((long)round << 32) | ((long)count << 16));
            if (Volatile.Read(ref sleeping) > 0)
            {
                lock (Bell)
                {
                    Monitor.PulseAll(Bell);
                }
            }

            TakeParts(round);
            var spin = default(SpinWait);
            while (Volatile.Read(ref unfinished) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            work = null;
        }
        finally
        {
            Gate.Exit();
        }
    }

    private static void Start(int count)
    {
        for (; started < count; started++)
        {
            new Thread(Loop) { IsBackground = true, Name = $"ChainRule {started + 1}" }.Start();
        }
    }

    private static void Loop()
    {
        int seen = 0;
        while (true)
        {
            for (int i = 0; i < Spins && CurrentRound == seen; i++)
            {
                Thread.SpinWait(4);
            }

            if (CurrentRound == seen)
            {
                lock (Bell)
                {
                    Interlocked.Increment(ref sleeping);
                    while (CurrentRound == seen)
                    {
                        Monitor.Wait(Bell);
                    }

                    Interlocked.Decrement(ref sleeping);
                }
            }

            seen = CurrentRound;
            TakeParts(seen);
        }
    }

    private static void TakeParts(int round)
    {
        while (true)
        {
            long now = Volatile.Read(ref tickets);
            int next = (int)(now & 0xFFFF);
            if (Round(now) != round || next >= (int)((now >> 16) & 0xFFFF))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref tickets, now + 1, now) == now)
            {
                work!.Run(next);
                Interlocked.Decrement(ref unfinished);
            }
        }
    }

    private static int CurrentRound => Round(Volatile.Read(ref tickets));

    private static int Round(long word) => (int)(word >> 32);
}
