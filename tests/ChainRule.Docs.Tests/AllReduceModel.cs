namespace ChainRule.Docs.Tests;

/// <summary>
/// How long an all-reduce takes by formula: n bytes, N ranks, α seconds for a message of nothing, β bytes a second.
/// </summary>
/// <remarks>
/// <para>Ring: each rank sends 2(N − 1) pieces of n/N bytes to its neighbour: T = 2(N − 1)·(α + n/(N·β)).</para>
/// <para>Tree (recursive doubling): in each of ⌈log₂ N⌉ rounds each rank exchanges all n bytes: T = ⌈log₂ N⌉·(α + n/β).</para>
/// <para>Source: Thakur, Rabenseifner and Gropp, Optimization of Collective Communication Operations in MPICH (2005).</para>
/// </remarks>
internal static class AllReduceModel
{
    public static double Ring(int ranks, double bytes, double latency, double bandwidth) =>
        2 * (ranks - 1) * (latency + (bytes / ranks / bandwidth));

    public static double Tree(int ranks, double bytes, double latency, double bandwidth) =>
        Math.Ceiling(Math.Log2(ranks)) * (latency + (bytes / bandwidth));

    /// <summary>What a library picks: the quicker of both.</summary>
    public static double Best(int ranks, double bytes, double latency, double bandwidth) =>
        Math.Min(Ring(ranks, bytes, latency, bandwidth), Tree(ranks, bytes, latency, bandwidth));
}

/// <summary>The same, message by message: every rank has a clock, and goes on when the message that it waits for is there.</summary>
/// <param name="latency">α of a message, drawn for each.</param>
/// <param name="bandwidth">β.</param>
internal sealed class AllReduceSimulation(Func<double> latency, double bandwidth)
{
    /// <summary>The ring: in each round everybody sends a piece to the right and waits for one from the left.</summary>
    /// <param name="ready">When each rank is ready.</param>
    /// <param name="bytes">How much is reduced.</param>
    /// <returns>When the last rank has its result.</returns>
    public double Ring(double[] ready, double bytes)
    {
        double[] clock = [.. ready];
        for (int round = 0; round < 2 * (clock.Length - 1); round++)
        {
            double[] arrival = [.. clock.Select(time => time + latency() + (bytes / clock.Length / bandwidth))];
            clock = [.. clock.Select((time, rank) => Math.Max(time, arrival[(rank + clock.Length - 1) % clock.Length]))];
        }

        return clock.Max();
    }

    /// <summary>Recursive doubling; the number of ranks is a power of 2.</summary>
    public double Tree(double[] ready, double bytes)
    {
        double[] clock = [.. ready];
        for (int distance = 1; distance < clock.Length; distance *= 2)
        {
            double[] arrival = [.. clock.Select(time => time + latency() + (bytes / bandwidth))];
            clock = [.. clock.Select((time, rank) => Math.Max(time, arrival[rank ^ distance]))];
        }

        return clock.Max();
    }
}
