namespace ChainRule;

/// <summary>How many threads the engine computes with.</summary>
/// <remarks>
/// Threads are used where they pay: for large products, convolutions, pooling and long layers of activations. Work is divided by
/// what it results in, and each number is computed in the same order by whichever thread: results have the same bits for any
/// number of threads.
/// </remarks>
public static class Parallelism
{
    private const int Most = 1024;

    private static int threads = Default;

    /// <summary>The number of threads; all processors where nothing is said, and 1 where the platform has no threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not from 1 to 1024.</exception>
    public static int Threads
    {
        get => threads;
        set
        {
            if (value is < 1 or > Most)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"Cannot compute with {value} threads: expected from 1 to {Most}.");
            }

            threads = OperatingSystem.IsBrowser() ? 1 : value;
        }
    }

    private static int Default => OperatingSystem.IsBrowser() ? 1 : Math.Min(Environment.ProcessorCount, Most);
}
