using ChainRule.Layers;
using Xunit;

namespace ChainRule.Mutation;

/// <summary>The one test that Stryker runs: it puts the engine with all mutants aside. Run without Stryker, it does nothing.</summary>
public class MutatedEngine
{
    /// <summary>Something must be called that has a mutant, or Stryker takes it that no test reaches any.</summary>
    [Fact]
    public void Is_put_aside()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LeakyReLU<double>(double.NaN));
        string engine = typeof(Layer<>).Assembly.Location;
        if (Environment.GetEnvironmentVariable("MUTATED_ENGINE") is { } folder && typeof(Layer<>).Assembly.GetTypes().Any(type => type.Name == "MutantControl"))
        {
            File.Copy(engine, Path.Combine(folder, Path.GetFileName(engine)), overwrite: true);
        }
    }
}
