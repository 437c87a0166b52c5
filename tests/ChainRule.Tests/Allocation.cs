namespace ChainRule.Tests;

/// <summary>How much memory a piece of code allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes that 100 runs of warm code allocate on this thread: the least of five measurements. A collection that another
    /// test provokes takes this thread's allocation block away and counts what was left of it (up to 8 kB) as allocated; code
    /// that does allocate does so every time.
    /// </summary>
    public static long OfHundredRuns(Action run)
    {
        run();
        run();
        long least = long.MaxValue;
        for (int measurement = 0; measurement < 5 && least > 0; measurement++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                run();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
