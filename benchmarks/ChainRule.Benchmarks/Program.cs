using System.Globalization;
using BenchmarkDotNet.Running;
using ChainRule.Benchmarks;

// "compare PATH --rounds N [--only PART,PART…] [NATIVE-TOOL JIT-TOOL NUMSHARP-PEER SITE]" times the same work here and in the peers, in
// turn: every program gets the same noise, and the best time is what it can do. It writes PATH.md, PATH.json and PATH-size.svg.
// "scaling", started by mpirun, measures what several processes cost. "soak MINUTES FILE.csv" looks for what grows. Everything else goes to BenchmarkDotNet.
switch (args)
{
    case ["compare", var path, "--rounds", var rounds, "--only", var parts, .. var programs]:
        Compare(path, int.Parse(rounds, CultureInfo.InvariantCulture), parts.Split(','), programs);
        return 0;
    case ["compare", var path, "--rounds", var rounds, .. var programs]:
        Compare(path, int.Parse(rounds, CultureInfo.InvariantCulture), [], programs);
        return 0;
    case ["narrow", var path, var rounds]:
        NarrowComparison.Measure(path, int.Parse(rounds, CultureInfo.InvariantCulture));
        return 0;
    case ["scaling"]:
        ScalingMeasurement.Run();
        return 0;
    case ["soak", var minutes, var file]:
        Soak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), file);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(XorTraining).Assembly).Run(args);
        return 0;
}

static void Compare(string path, int rounds, string[] parts, string[] programs)
{
    int[] threadCounts = Environment.ProcessorCount > 1 ? [1, 2] : [1];
    var report = new Report();
    foreach ((string name, Action run) in new (string, Action)[]
    {
        ("products", () => ProductComparison.Run(report, rounds, ProductComparison.AllSizes, threadCounts)),
        ("xor", () => XorComparison.Run(report, rounds, programs.ElementAtOrDefault(2))),
        ("steps", () => StepComparison.Run(report, rounds, StepComparison.AllJobs, threadCounts)),
        ("convolutions", () => ConvolutionComparison.Run(report)),
        ("samples", () => SampleComparison.Run(report, threadCounts)),
        ("fashion", () => FashionComparison.Run(report)),
        ("inference", () => InferenceComparison.Run(report, rounds)),
        ("start", () => StartComparison.Run(report, programs.ElementAtOrDefault(0), programs.ElementAtOrDefault(1))),
        ("memory", () => MemoryMeasurement.Run(report)),
        ("subnormals", () => SubnormalMeasurement.Run(report)),
        ("size", () => SizeComparison.Run(report, Math.Min(rounds, 2), path)),
        ("narrow", () => NarrowComparison.Run(report, Math.Min(rounds, 2))),
        ("browser", () => BrowserComparison.Run(report, programs.ElementAtOrDefault(3))),
    })
    {
        if (parts.Length == 0 || parts.Contains(name))
        {
            run();
        }
    }

    report.Text.AppendLine("TorchSharp: not measured. Its native part wants a newer C++ library than Debian 12 has.");
    report.Text.AppendLine();
    report.Text.Append(Peer.Machine()).AppendLine(". Best of several rounds, the engines in turn.");
    Console.Write(report.Text);
    report.Write(path);
}
