using System.Globalization;
using ScottPlot;

namespace ChainRule.Benchmarks;

/// <summary>What a training step costs as the batch, the width or the depth grows: rows, and a plot with one line for each and each engine.</summary>
internal static class SizeComparison
{
    private static readonly (string Name, string[] Jobs)[] series =
    [
        ("batch of 784-128-10", [.. new[] { 1, 4, 16, 64, 256, 1024 }.Select(batch => $"784-128-10/{batch}")]),
        ("width w of 64-w-w-10, batch 64", [.. new[] { 16, 32, 64, 128, 256, 512, 1024 }.Select(width => $"64-{width}-{width}-10/64")]),
        ("depth of layers of 128, batch 64", [.. new[] { 1, 2, 4, 8, 16 }.Select(depth => $"64-{string.Concat(Enumerable.Repeat("128-", depth))}10/64")]),
    ];

    /// <summary>Measures, adds a table and writes <c>PATH-size.svg</c>.</summary>
    public static void Run(Report report, int rounds, string path)
    {
        string[] jobs = [.. series.SelectMany(s => s.Jobs).Distinct()];
        Dictionary<(string Job, int Threads), StepComparison.Times> all = StepComparison.Measure(rounds, jobs, [1], out string version);
        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Cost against size: microseconds of a training step, one thread, ChainRule and PyTorch {version}:");
        report.Text.AppendLine();
        report.Text.AppendLine("| what grows | network/batch | multiply-adds | ChainRule | PyTorch | times as long |");
        report.Text.AppendLine("|---|---|---:|---:|---:|---:|");
        using var plot = new Plot();
        foreach ((string name, string[] members) in series)
        {
            foreach (string job in members)
            {
                StepComparison.Times times = all[(job, 1)];
                bool hasPeer = double.IsFinite(times.Theirs);
                report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Short(job)} | {MultiplyAdds(job):N0} | {times.Ours:N1} | {(hasPeer ? times.Theirs : null):N0} | {(hasPeer ? times.Theirs / times.Ours : null):F2} |");
                report.Measurements.Add(new Measurement($"cost against size, {name}: {job}", 1, "µs", times.Ours, hasPeer ? $"PyTorch {version}" : null, hasPeer ? times.Theirs : null, hasPeer ? times.Theirs / times.Ours : null));
            }

            Add(plot, $"ChainRule, {name}", members, job => all[(job, 1)].Ours, LinePattern.Solid);
            Add(plot, $"PyTorch, {name}", members, job => all[(job, 1)].Theirs, LinePattern.Dashed);
        }

        plot.XLabel("multiply-adds of a step");
        plot.YLabel("microseconds");
        UsePowersOfTen(plot.Axes.Bottom);
        UsePowersOfTen(plot.Axes.Left);
        plot.ShowLegend(Alignment.UpperLeft);
        File.WriteAllText($"{path}-size.svg", plot.GetSvgXml(900, 600));
        report.Text.AppendLine();
    }

    /// <summary>Forward, weight gradient and, above the first layer, input gradient.</summary>
    internal static long MultiplyAdds(string job)
    {
        long[] sizes = [.. job.Split('/')[0].Split('-').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        long sum = 0;
        for (int i = 1; i < sizes.Length; i++)
        {
            sum += (i == 1 ? 2 : 3) * sizes[i - 1] * sizes[i];
        }

        return sum * long.Parse(job.Split('/')[1], CultureInfo.InvariantCulture);
    }

    private static string Short(string job)
    {
        int hidden = job.Split("-128").Length - 1;
        return hidden > 2 ? $"64-{hidden}×128-10/64" : job;
    }

    private static void Add(Plot plot, string name, string[] jobs, Func<string, double> time, LinePattern pattern)
    {
        string[] measured = [.. jobs.Where(job => double.IsFinite(time(job)))];
        if (measured.Length == 0)
        {
            return;
        }

        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(measured.Select(job => Math.Log10(MultiplyAdds(job))).ToArray(), measured.Select(job => Math.Log10(time(job))).ToArray());
        line.LegendText = name;
        line.LinePattern = pattern;
    }

    private static void UsePowersOfTen(IAxis axis) => axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
    {
        IntegerTicksOnly = true,
        LabelFormatter = power => Math.Pow(10, power).ToString("#,0.####", CultureInfo.InvariantCulture),
    };
}
