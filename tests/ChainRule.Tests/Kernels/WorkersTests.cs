using ChainRule.Kernels;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>Threads change the time that a product takes, and nothing else.</summary>
public class WorkersTests
{
    /// <summary>By rows, by columns, with sizes that no thread's share divides, transposed and added.</summary>
    [Theory]
    [InlineData(257, 130, 131)]
    [InlineData(131, 257, 259)]
    [InlineData(1000, 33, 40)]
    [InlineData(30, 40, 1000)]
    public void Any_number_of_threads_gives_the_same_bits(int rows, int depth, int columns)
    {
        var random = new NumPyRandom(1);
        float[] a = [.. random.Randn(rows * depth).Select(value => (float)value)];
        float[] b = [.. random.Randn(columns * depth).Select(value => (float)value)];
        float[] one = [.. random.Randn(rows * columns).Select(value => (float)value)];
        float[] start = [.. one];
        MatrixProduct.Multiply(new Matrix<float>(a, rows, depth), new Matrix<float>(b, columns, depth).Transposed, one, accumulate: true, threads: 1);
        foreach (int threads in new[] { 2, 3, 4, 7, 32 })
        {
            float[] many = [.. start];
            MatrixProduct.Multiply(new Matrix<float>(a, rows, depth), new Matrix<float>(b, columns, depth).Transposed, many, accumulate: true, threads);
            Assert.Equal(one, many);
        }
    }

    [Fact]
    public void Every_part_runs_exactly_once_round_after_round()
    {
        var job = new Count(new int[5]);
        for (int round = 1; round <= 2000; round++)
        {
            Workers.Run(job, 5);
            Assert.All(job.Runs, runs => Assert.Equal(round, runs));
        }
    }

    /// <summary>A part that calls for threads itself does that work alone.</summary>
    [Fact]
    public void A_part_may_have_parts()
    {
        var inner = new Count(new int[3]);
        var outer = new Nested(inner);
        for (int round = 1; round <= 500; round++)
        {
            Workers.Run(outer, 4);
        }

        Assert.Equal([2000, 2000, 2000], inner.Runs);
    }

    /// <summary>Two networks that train at the same time on two threads of the program.</summary>
    [Fact]
    public void Callers_do_not_disturb_each_other() =>
        Parallel.For(0, 4, _ =>
        {
            var job = new Count(new int[3]);
            for (int round = 1; round <= 500; round++)
            {
                Workers.Run(job, 3);
                Assert.All(job.Runs, runs => Assert.Equal(round, runs));
            }
        });

    [Fact]
    public void Handing_out_parts_allocates_nothing()
    {
        float[] a = new float[200 * 200];
        float[] c = new float[200 * 200];
        void Product() => MatrixProduct.Multiply(new Matrix<float>(a, 200, 200), new Matrix<float>(a, 200, 200), c, accumulate: false, threads: 2);
        Assert.Equal(0, Allocation.OfHundredRuns(Product));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void The_number_of_threads_has_a_range(int threads) =>
        Assert.Contains($"Cannot compute with {threads} threads", Assert.Throws<ArgumentOutOfRangeException>(() => Parallelism.Threads = threads).Message, StringComparison.Ordinal);

    private sealed class Nested(IParts inner) : IParts
    {
        public void Run(int part) => Workers.Run(inner, 3);
    }

    private sealed class Count(int[] runs) : IParts
    {
        public int[] Runs => runs;

        public void Run(int part) => Interlocked.Increment(ref runs[part]);
    }
}
