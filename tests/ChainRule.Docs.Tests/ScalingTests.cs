using System.Globalization;

namespace ChainRule.Docs.Tests;

/// <summary>The formulas of docs/scaling.md against a simulation message by message, and the page's table against the formulas.</summary>
public sealed class ScalingTests
{
    // Measured on two cores; docs/scaling.md says how.
    private const double Latency = 1.6e-6;
    private const double Bandwidth = 2.8e9;

    public static TheoryData<int, double> Jobs => new MatrixTheoryData<int, double>([8, 64, 1024], [1e3, 1e6, 1e8]);

    [Theory]
    [MemberData(nameof(Jobs))]
    public void Formulas_are_what_the_simulation_takes(int ranks, double bytes)
    {
        var even = new AllReduceSimulation(() => Latency, Bandwidth);
        double[] together = new double[ranks];
        double ring = AllReduceModel.Ring(ranks, bytes, Latency, Bandwidth);
        double tree = AllReduceModel.Tree(ranks, bytes, Latency, Bandwidth);
        Assert.Equal(ring, even.Ring(together, bytes), ring * 1e-9);
        Assert.Equal(tree, even.Tree(together, bytes), tree * 1e-9);
    }

    /// <summary>With latencies that scatter (exponentially, of the same mean) the slowest message counts: the formulas are too friendly, by less than the number of harmonics.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1024)]
    public void Scattered_latencies_cost_more_but_not_without_bound(int ranks)
    {
        var random = new System.Random(1);
        var scattered = new AllReduceSimulation(() => -Latency * Math.Log(1 - random.NextDouble()), Bandwidth);
        double[] together = new double[ranks];
        double harmonics = Enumerable.Range(1, ranks).Sum(i => 1.0 / i);
        Assert.InRange(scattered.Ring(together, 1e3) / AllReduceModel.Ring(ranks, 1e3, Latency, Bandwidth), 1, harmonics);
        Assert.InRange(scattered.Tree(together, 1e3) / AllReduceModel.Tree(ranks, 1e3, Latency, Bandwidth), 1, harmonics);
    }

    /// <summary>A rank that comes late delays all by as much.</summary>
    [Fact]
    public void A_late_rank_delays_all()
    {
        double[] ready = new double[64];
        ready[17] = 0.25;
        Assert.InRange(new AllReduceSimulation(() => Latency, Bandwidth).Tree(ready, 1e6), 0.25, 0.26);
    }

    [Fact]
    public void The_page_shows_what_the_formulas_say()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "scaling.md")).ReplaceLineEndings("\n");
        foreach (int ranks in (int[])[8, 64, 1024])
        {
            foreach ((string name, double bytes) in new[] { ("0.4 MB", 0.4e6), ("7 MB", 7e6), ("100 MB", 1e8) })
            {
                double ring = AllReduceModel.Ring(ranks, bytes, Latency, Bandwidth) * 1e3;
                double tree = AllReduceModel.Tree(ranks, bytes, Latency, Bandwidth) * 1e3;
                Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {ranks:N0} | {name} | {ring:0.00} | {tree:0.00} |\n"), page, StringComparison.Ordinal);
            }
        }
    }
}
