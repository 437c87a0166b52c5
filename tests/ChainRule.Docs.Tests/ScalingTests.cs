using System.Globalization;

namespace ChainRule.Docs.Tests;

/// <summary>The formulas of docs/scaling.md against a simulation message by message, and the page's table against the formulas.</summary>
public sealed class ScalingTests
{
    // Measured on two cores; docs/scaling.md says how.
    private const double Latency = 1.2e-6;
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

    /// <summary>The efficiency on a cluster: the step that was measured, over the step and the quicker of both sums.</summary>
    [Theory]
    [InlineData("784-128-10", 1.864, 407080)]
    [InlineData("784-1024-1024-10", 46.014, 7454760)]
    public void The_page_shows_what_follows_for_a_cluster(string network, double milliseconds, double bytes)
    {
        const double ClusterLatency = 50e-6;
        const double ClusterBandwidth = 1.25e9;
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "scaling.md")).ReplaceLineEndings("\n");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $" | 512 | {milliseconds:0.000} | "), page, StringComparison.Ordinal);
        foreach (int ranks in (int[])[8, 64, 1024])
        {
            double ring = AllReduceModel.Ring(ranks, bytes, ClusterLatency, ClusterBandwidth) * 1e3;
            double tree = AllReduceModel.Tree(ranks, bytes, ClusterLatency, ClusterBandwidth) * 1e3;
            double best = AllReduceModel.Best(ranks, bytes, ClusterLatency, ClusterBandwidth) * 1e3;
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {network} | {ranks:N0} | {ring:0.00} | {tree:0.00} | {100 * milliseconds / (milliseconds + best):0}% |\n"), page, StringComparison.Ordinal);
        }
    }

    /// <summary>The measured all-reduces of two ranks that α and β were taken from.</summary>
    [Theory]
    [InlineData(4, 1.1)]
    [InlineData(1 << 20, 335)]
    [InlineData(1 << 22, 1473)]
    public void The_model_is_near_what_was_measured(double bytes, double microseconds) =>
        Assert.InRange(AllReduceModel.Tree(2, bytes, Latency, Bandwidth) * 1e6 / microseconds, 0.85, 1.15);
}
