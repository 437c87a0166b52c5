using BenchmarkDotNet.Running;
using ChainRule.Benchmarks;

// "compare" times the same work here and in the peers, in turn; everything else goes to BenchmarkDotNet.
if (args is ["compare", ..])
{
    return Comparison.Run(args.Length > 1 ? args[1] : null);
}

BenchmarkSwitcher.FromAssembly(typeof(XorTraining).Assembly).Run(args);
return 0;
