using System.Numerics;
using ChainRule.Kernels;
using ChainRule.Random;
using Xunit;

namespace ChainRule.Tests.Kernels;

public class PoolingTests
{
    /// <summary>Enough channels that the work is divided, and more threads than processors.</summary>
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        var shape = new PoolingShape(new(3, 2), new(2, 1), new(1, 0), 1, new(23, 37));
        float[] one = Run<float>(shape, threads: 1);
        double[] wide = Run<double>(shape, threads: 1);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Assert.Equal(one.Select(BitConverter.SingleToInt32Bits), Run<float>(shape, threads).Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(wide.Select(BitConverter.DoubleToInt64Bits), Run<double>(shape, threads).Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Theory]
    [InlineData(-3, 5, 4, 2, 2, 4)] // taps at −3, −1, 1, 3
    [InlineData(0, 5, 3, 1, 0, 3)]
    [InlineData(3, 5, 4, 1, 0, 2)]
    [InlineData(-1, 1, 2, 2, 1, 1)] // taps at −1 and 1 of a single number: none
    [InlineData(2, 4, 3, 3, 0, 1)]
    public void Taps_on_the_image(int start, int size, int kernel, int dilation, int first, int end) =>
        Assert.Equal((first, end), PoolingShape.Inside(start, size, kernel, dilation));

    /// <summary>Outputs and gradients of both ways to pool.</summary>
    private static T[] Run<T>(PoolingShape shape, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int channels = 53;
        var random = new NumPyRandom(5);
        T[] x = [.. random.Randn(channels * shape.Image.Height * shape.Image.Width).Select(T.CreateTruncating)];
        T[] da = [.. random.Randn(channels * shape.Output.Height * shape.Output.Width).Select(T.CreateTruncating)];
        var results = new List<T>();
        foreach (Pooling<T> pooling in new Pooling<T>[] { new MaxPooling<T>(shape), new AveragePooling<T>(shape, countsPadding: false) })
        {
            T[] a = new T[da.Length];
            T[] choices = new T[da.Length];
            T[] dx = new T[x.Length];
            pooling.Forward(x, a, choices, threads);
            pooling.Backward(da, dx, choices, threads);
            results.AddRange(a);
            results.AddRange(dx);
        }

        return [.. results];
    }
}
