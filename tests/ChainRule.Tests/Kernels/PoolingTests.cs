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

    /// <summary>Rows shorter and longer than registers, odd and even, with phases of any number and padding of either parity.</summary>
    [Fact]
    public void Outputs_and_gradients_are_those_of_the_definition()
    {
        const int seed = 20;
        var random = new System.Random(seed);
        for (int round = 0; round < 400; round++)
        {
            Extent kernel = new(random.Next(1, 5), random.Next(1, 5));
            Extent dilation = new(random.Next(1, 3), random.Next(1, 3));
            Extent image = new(random.Next(1, 12) + ((kernel.Height - 1) * dilation.Height), random.Next(1, 45) + ((kernel.Width - 1) * dilation.Width));
            var shape = new PoolingShape(kernel, new(random.Next(1, 4), random.Next(1, 4)), new(random.Next((kernel.Height / 2) + 1), random.Next((kernel.Width / 2) + 1)), dilation, image);
            if (shape.SeesTheImageEverywhere)
            {
                Compare<float>(shape, round);
                Compare<double>(shape, round);
            }
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

    private static void Compare<T>(PoolingShape shape, int seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int channels = 2;
        var random = new NumPyRandom((uint)seed);
        (int image, int windows) = (shape.Image.Height * shape.Image.Width, shape.Output.Height * shape.Output.Width);

        // Whole numbers: sums are exact, and numbers often equal.
        T[] x = [.. random.RandInt(-9, 10, [channels * image]).Select(T.CreateTruncating)];
        T[] da = [.. random.RandInt(-9, 10, [channels * windows]).Select(T.CreateTruncating)];
        T[] largest = new T[da.Length];
        T[] mean = new T[da.Length];
        T[] ofLargest = new T[x.Length];
        T[] ofMean = new T[x.Length];
        for (int window = 0; window < da.Length; window++)
        {
            int[] places = [.. Places(shape, window % windows).Select(place => (window / windows * image) + place)];
            int first = places.MaxBy(place => x[place]);
            largest[window] = x[first];
            ofLargest[first] += da[window];
            mean[window] = places.Aggregate(T.Zero, (sum, place) => sum + x[place]) / T.CreateTruncating(places.Length);
            foreach (int place in places)
            {
                ofMean[place] += da[window] / T.CreateTruncating(places.Length);
            }
        }

        Check(new MaxPooling<T>(shape), largest, ofLargest);
        if (shape.Dilation == 1)
        {
            Check(new AveragePooling<T>(shape, countsPadding: false), mean, ofMean);
        }

        void Check(Pooling<T> pooling, T[] a, T[] dx)
        {
            T[] foundA = new T[a.Length];
            T[] choices = new T[a.Length];
            T[] foundDx = new T[dx.Length];
            pooling.Forward(x, foundA, choices, threads: 1);
            pooling.Backward(da, foundDx, choices, threads: 1);
            Assert.True(a.AsSpan().SequenceEqual(foundA), $"{pooling.GetType().Name}, {shape}, seed {seed}: the outputs differ");

            // Means are no whole numbers, and the sums of their shares take their own order.
            T bound = T.CreateChecked(200) * (T.BitIncrement(T.One) - T.One);
            Assert.True(dx.Zip(foundDx).All(pair => T.Abs(pair.First - pair.Second) <= bound), $"{pooling.GetType().Name}, {shape}, seed {seed}: the gradients differ");
        }
    }

    /// <summary>Where in the channel the taps of a window are, those on the image.</summary>
    private static IEnumerable<int> Places(PoolingShape shape, int window)
    {
        for (int tap = 0; tap < shape.Kernel.Height * shape.Kernel.Width; tap++)
        {
            int row = (window / shape.Output.Width * shape.Stride.Height) - shape.Padding.Height + (tap / shape.Kernel.Width * shape.Dilation.Height);
            int column = (window % shape.Output.Width * shape.Stride.Width) - shape.Padding.Width + (tap % shape.Kernel.Width * shape.Dilation.Width);
            if (row >= 0 && row < shape.Image.Height && column >= 0 && column < shape.Image.Width)
            {
                yield return (row * shape.Image.Width) + column;
            }
        }
    }

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
