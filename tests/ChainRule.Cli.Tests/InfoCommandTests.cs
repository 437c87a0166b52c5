using System.Text.Json;

namespace ChainRule.Cli.Tests;

public sealed class InfoCommandTests
{
    /// <summary>The speeds are those of the machine; that they are numbers in a sensible order is not.</summary>
    [Fact]
    public async Task It_says_what_is_used_and_how_fast_it_is()
    {
        Run run = await Tool.RunAsync("info --json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("GFLOP/s", run.Error, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Contains(document.RootElement.GetProperty("registerBits").GetInt32(), new[] { 64, 128, 256, 512 });
        Assert.Equal(Environment.ProcessorCount, document.RootElement.GetProperty("threads").GetInt32());
        JsonElement single = document.RootElement.GetProperty("single");
        Assert.True(single.GetProperty("peak").GetDouble() > 0 && single.GetProperty("product").GetDouble() > 0);
    }

    [Fact]
    public async Task Without_avx512_it_says_so()
    {
        Run run = await Tool.RunAsync("info --json", null, ("DOTNET_EnableAVX512", "0"));
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.InRange(document.RootElement.GetProperty("registerBits").GetInt32(), 64, 256);
    }
}
