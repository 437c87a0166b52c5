using System.Globalization;
using BenchmarkDotNet.Running;
using ChainRule.Benchmarks;

// "compare PATH [NATIVE-TOOL JIT-TOOL]" times the same work here and in the peers, in turn: every program gets the same noise,
// and the best time is what it can do. It writes PATH.md and PATH.json. "soak MINUTES FILE.csv" looks for what grows. Everything else goes to BenchmarkDotNet.
if (args is ["compare", var path, .. var tools])
{
    var report = new Report();
    ProductComparison.Run(report);
    XorComparison.Run(report);
    StepComparison.Run(report);
    ConvolutionComparison.Run(report);
    FashionComparison.Run(report);
    StartComparison.Run(report, tools.ElementAtOrDefault(0), tools.ElementAtOrDefault(1));
    report.Text.Append(Peer.Machine()).AppendLine(". Best of several rounds, the engines in turn.");
    Console.Write(report.Text);
    report.Write(path);
    return 0;
}

if (args is ["soak", var minutes, var file])
{
    Soak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), file);
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(XorTraining).Assembly).Run(args);
return 0;
