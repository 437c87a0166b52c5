using System.Diagnostics;
using System.Globalization;

namespace ChainRule.Fuzz.Tests;

/// <summary>
/// Whatever a file holds, a reader reads it or refuses it with the exception that it documents; it allocates no more than a stated
/// multiple of the file's size, and it ends. 60 seconds for all readers together where CI is true, 5 elsewhere; the environment
/// variable CHAINRULE_FUZZ_SECONDS says another number, and CHAINRULE_FUZZ_REPORT a file for the counts.
/// </summary>
public sealed class ReaderTests
{
    // Buffers of fixed size, an exception with its message, a decompressor.
    private const long EveryCall = 2 << 20;
    private const int MostMilliseconds = 5000;

    public static TheoryData<string> Readers => [.. Reader.All.Keys];

    private static double Seconds =>
        double.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double given) ? given
        : Environment.GetEnvironmentVariable("CI") == "true" ? 60 : 5;

    [Theory]
    [MemberData(nameof(Readers))]
    public void Reads_or_refuses(string name)
    {
        Reader reader = Reader.All[name]();
        int seed = int.TryParse(Environment.GetEnvironmentVariable("CHAINRULE_FUZZ_SEED"), CultureInfo.InvariantCulture, out int given) ? given : Environment.TickCount;
        var random = new System.Random(seed);
        var mutator = new Mutator(random, reader.Words);
        IReadOnlyList<byte[]> whole = reader.Seal is { } sealing ? [.. reader.Seeds, .. reader.Seeds.Select(sealing)] : reader.Seeds;
        long refused = 0;
        long count = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed.TotalSeconds < Seconds / Reader.All.Count; count++)
        {
            byte[] input = reader.Seal is { } seal && random.Next(2) == 0 ? seal(mutator.Next(reader.Seeds)) : mutator.Next(whole);
            string Context() => $"{name}, seed {seed}, input {count}: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 2048)))}";
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                reader.Read(input);
            }
            catch (Exception exception)
            {
                refused++;
                Assert.True(exception.GetType() == reader.Documented, $"{exception.GetType().Name} instead of {reader.Documented.Name}: {exception.Message}\n{exception.StackTrace}\n{Context()}");
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.True(allocated <= EveryCall + ((long)reader.Factor * input.Length), $"{allocated} bytes for a file of {input.Length}. {Context()}");
            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < MostMilliseconds, $"Took {Stopwatch.GetElapsedTime(start)}. {Context()}");
        }

        if (Environment.GetEnvironmentVariable("CHAINRULE_FUZZ_REPORT") is { } file)
        {
            System.IO.File.AppendAllText(file, $"{name}: {count} inputs, {refused} refused, seed {seed}\n");
        }

        Assert.InRange(refused, 1, count - 1); // both happen, or the fuzzer is blind
    }
}
