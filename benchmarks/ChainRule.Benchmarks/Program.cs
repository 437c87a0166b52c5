using System.Text;
using BenchmarkDotNet.Running;
using ChainRule.Benchmarks;

// "compare [FILE]" times the same work here and in the peers, in turn: every program gets the same noise, and the best time is
// what it can do. Everything else goes to BenchmarkDotNet.
if (args is ["compare", ..])
{
    var report = new StringBuilder();
    XorComparison.Run(report);
    StepComparison.Run(report);
    FashionComparison.Run(report);
    report.Append(Peer.Machine()).AppendLine(". Best of several rounds, the engines in turn.");
    Console.Write(report);
    if (args.Length > 1)
    {
        File.WriteAllText(args[1], report.ToString());
    }

    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(XorTraining).Assembly).Run(args);
return 0;
