using System.Globalization;

namespace ChainRule.Benchmarks;

/// <summary>Products of square matrices here and in NumPy with OpenBLAS, in turn, the best of several rounds, beside the peak of the multiply-add units.</summary>
internal static class ProductComparison
{
    /// <summary>The sizes that are measured.</summary>
    public static IReadOnlyList<int> AllSizes { get; } = [64, 128, 256, 512, 1024, 2048];

    private static readonly string[] types = ["float32", "float64"];

    /// <summary>Measures, and adds a table.</summary>
    public static void Run(Report report, int rounds, IReadOnlyList<int> sizes, IReadOnlyList<int> threadCounts)
    {
        var ours = new Dictionary<(string Type, int Threads, int Size), double>();
        var theirs = new Dictionary<(string Type, int Threads, int Size), double>();
        var peak = new Dictionary<string, double>();
        string version = "";
        for (int round = 1; round <= rounds; round++)
        {
            foreach (string type in types)
            {
                bool isSingle = type == "float32";
                peak[type] = Math.Max(peak.GetValueOrDefault(type), isSingle ? Acceleration.MeasurePeak<float>() : Acceleration.MeasurePeak<double>());
                foreach (int threads in threadCounts)
                {
                    foreach (int size in sizes)
                    {
                        double speed = isSingle ? Acceleration.MeasureProduct<float>(size, threads) : Acceleration.MeasureProduct<double>(size, threads);
                        ours[(type, threads, size)] = Math.Max(ours.GetValueOrDefault((type, threads, size)), speed);
                    }

                    if (Peer.Run("products_numpy.py", threads, [type, .. sizes.Select(size => $"{size}")]) is [[var found], .. var lines])
                    {
                        version = found;
                        for (int i = 0; i < sizes.Count; i++)
                        {
                            theirs[(type, threads, sizes[i])] = Math.Max(theirs.GetValueOrDefault((type, threads, sizes[i])), Peer.Number(lines[i][1]));
                        }
                    }
                }
            }

            Console.Error.WriteLine($"products: round {round} of {rounds}");
        }

        report.Text.AppendLine(CultureInfo.InvariantCulture, $"Product of two square matrices, GFLOP/s; NumPy {version} with {Peer.OpenBlas}; the peak of one core is {peak["float32"]:F0} in float32 and {peak["float64"]:F0} in float64:");
        report.Text.AppendLine();
        report.Text.AppendLine("| type | threads | size | ChainRule | share of peak | OpenBLAS | times as fast |");
        report.Text.AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (((string type, int threads, int size), double speed) in ours)
        {
            double? other = theirs.TryGetValue((type, threads, size), out double value) ? value : null;
            report.Text.AppendLine(CultureInfo.InvariantCulture, $"| {type} | {threads} | {size} | {speed:F0} | {speed / peak[type] / threads:P0} | {other:F0} | {speed / other:F2} |");
            report.Measurements.Add(new Measurement($"product {size} {type}", threads, "GFLOP/s", speed, $"NumPy {version}", other, speed / other));
            report.Measurements.Add(new Measurement($"product {size} {type}, share of the peak", threads, "of 1", speed / peak[type] / threads));
        }

        report.Text.AppendLine();
    }
}
