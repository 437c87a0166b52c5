using System.Diagnostics;

namespace ChainRule.Kernels;

/// <summary>Times a piece of code.</summary>
internal static class Timing
{
    private const int Fewest = 2;
    private static readonly TimeSpan budget = TimeSpan.FromMilliseconds(250);

    /// <summary>The best time of a quarter of a second's runs: what the machine can do where nothing disturbs it.</summary>
    public static TimeSpan Best(Action run)
    {
        TimeSpan best = TimeSpan.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < Fewest || Stopwatch.GetElapsedTime(begin) < budget; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }

        return best;
    }
}
