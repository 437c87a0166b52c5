using ChainRule.Kernels;
using ChainRule.Random;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>The convolution's kernels against the formula as seven nested loops, on sizes that the oracle's small cases do not reach.</summary>
public class ConvolutionTests
{
    /// <summary>Several tiles of rows, blocks of depth and of channels, panels that end anywhere, windows larger than the image.</summary>
    [Fact]
    public void Random_shapes_agree_with_the_loops() => Shapes.Sample(c => Check(c.Batch, c.Shape, c.Seed), iter: 100);

    [Theory]
    [InlineData(3, 40, 29, 1, 3, 1, 1, 1, 9, 10)] // depth in two blocks, channels in two
    [InlineData(2, 6, 70, 1, 3, 1, 1, 1, 7, 7)] // rows in two blocks
    [InlineData(2, 3, 5, 1, 3, 2, 1, 1, 140, 150)] // large images: fewer channels at a time
    [InlineData(70, 2, 3, 1, 3, 1, 1, 1, 28, 28)] // samples in several blocks
    [InlineData(2, 64, 64, 64, 3, 1, 1, 1, 8, 8)] // each channel by itself
    [InlineData(5, 3, 8, 1, 5, 1, 0, 1, 30, 5)] // one column
    [InlineData(5, 3, 8, 1, 4, 1, 0, 1, 4, 40)] // one row
    [InlineData(2, 3, 8, 1, 4, 4, 0, 1, 17, 19)] // windows side by side, and pixels that no window sees
    [InlineData(1, 1, 1, 1, 1, 1000000, 0, 1, 6, 6)] // a stride beyond the image
    [InlineData(1, 5, 40, 1, 3, 1, 1, 1, 40, 150)] // many outputs, large images: rows in several blocks
    [InlineData(40, 5, 33, 1, 3, 1, 1, 1, 12, 12)] // many outputs, samples in several blocks
    [InlineData(3, 8, 48, 2, 3, 2, 1, 2, 19, 23)] // many outputs in groups, windows that step by two
    public void Hard_shapes_agree_with_the_loops(int batch, int inputs, int outputs, int groups, int kernel, int stride, int padding, int dilation, int height, int width) =>
        Check(batch, new ConvolutionShape(inputs, outputs, groups, kernel, stride, padding, dilation, new Extent(height, width)), seed: 1);

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits() => Shapes.Sample(
        c =>
        {
            float[][] one = Run<float>(c.Batch, c.Shape, c.Seed, threads: 1);
            foreach (int threads in new[] { 2, 3, 7 })
            {
                float[][] many = Run<float>(c.Batch, c.Shape, c.Seed, threads);
                Assert.All(one.Zip(many), pair => Assert.Equal(pair.First.Select(BitConverter.SingleToInt32Bits), pair.Second.Select(BitConverter.SingleToInt32Bits)));
            }
        },
        iter: 25);

    /// <summary>What is added up at a time must not depend on what a thread has to do.</summary>
    [Fact]
    public void Any_number_of_threads_gives_the_same_bits_where_samples_are_added_up_in_blocks()
    {
        var shape = new ConvolutionShape(24, 40, 1, 3, 1, 1, 1, 14);
        float[][] one = Run<float>(50, shape, seed: 3, threads: 1);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Assert.All(one.Zip(Run<float>(50, shape, seed: 3, threads)), pair => Assert.Equal(pair.First.Select(BitConverter.SingleToInt32Bits), pair.Second.Select(BitConverter.SingleToInt32Bits)));
        }
    }

    /// <summary>Gradients add up until the optimizer steps.</summary>
    [Fact]
    public void Gradients_add_up()
    {
        var shape = new ConvolutionShape(3, 5, 1, 3, 1, 1, 1, 6);
        var convolution = new Convolution<double>(shape);
        var random = new NumPyRandom(1);
        double[] x = [.. random.Randn(2 * 3 * 36)];
        double[] dz = [.. random.Randn(2 * 5 * 36)];
        double[] dw = new double[5 * 27];
        double[] db = new double[5];
        convolution.BackwardByParameters(x, dz, dw, db, accumulate: false, threads: 1);
        double[] onceWeight = [.. dw];
        double[] onceBias = [.. db];
        convolution.BackwardByParameters(x, dz, dw, db, accumulate: true, threads: 2);
        Near.Equal([.. onceWeight.Select(value => 2 * value)], dw, 1e-14, "weight gradient");
        Near.Equal([.. onceBias.Select(value => 2 * value)], db, 1e-14, "bias gradient");
    }

    [Fact]
    public void Numbers_that_do_not_fit_the_shape_are_refused()
    {
        var convolution = new Convolution<double>(new ConvolutionShape(1, 1, 1, 2, 1, 0, 1, 3));
        Assert.Throws<ArgumentException>(() => convolution.Forward(new double[9], new double[4], [], new double[5], threads: 1));
        Assert.Throws<ArgumentException>(() => convolution.Forward(new double[9], new double[3], [], new double[4], threads: 1));
        Assert.Throws<ArgumentException>(() => convolution.Forward(new double[10], new double[4], [], new double[4], threads: 1));
        Assert.Throws<ArgumentException>(() => convolution.BackwardByInput(new double[4], new double[4], new double[8], threads: 1));
    }

    private static Gen<(int Batch, ConvolutionShape Shape, uint Seed)> Shapes { get; } =
        from batch in Gen.Int[1, 4]
        from groups in Gen.Int[1, 3]
        from inputs in Gen.Int[1, 6]
        from outputs in Gen.Int[1, 24]
        from kernel in Extents(1, 4)
        from stride in Extents(1, 3)
        from padding in Extents(0, 3)
        from dilation in Extents(1, 3)
        from image in Extents(1, 12)
        from seed in Gen.UInt
        let shape = new ConvolutionShape(groups * inputs, groups * outputs, groups, kernel, stride, padding, dilation, image)
        where shape.Output.Height > 0 && shape.Output.Width > 0
        select (batch, shape, seed);

    private static Gen<Extent> Extents(int least, int most) => Gen.Select(Gen.Int[least, most], Gen.Int[least, most], (height, width) => new Extent(height, width));

    private static void Check(int batch, ConvolutionShape shape, uint seed)
    {
        double[][] expected = Loops(batch, shape, seed);
        double[][] actual = Run<double>(batch, shape, seed, threads: 1);
        float[][] single = Run<float>(batch, shape, seed, threads: 2);
        string[] names = ["output", "input gradient", "weight gradient", "bias gradient"];
        for (int i = 0; i < names.Length; i++)
        {
            Near.Equal(expected[i], actual[i], 1e-13, $"{shape}: {names[i]}");
            Near.Equal(expected[i], [.. single[i].Select(value => (double)value)], 1e-5, $"{shape}: {names[i]} in float");
        }
    }

    private static (double[] X, double[] Weight, double[] Bias, double[] Upstream) Draw(int batch, ConvolutionShape shape, uint seed)
    {
        var random = new NumPyRandom(seed);
        int pixels = shape.Image.Height * shape.Image.Width;
        int windows = shape.Output.Height * shape.Output.Width;
        double[] Next(int count) => [.. random.Randn(count).Select(value => (double)(float)value)];
        return (Next(batch * shape.Inputs * pixels), Next(shape.Outputs * shape.Depth), Next(shape.Outputs), Next(batch * shape.Outputs * windows));
    }

    private static T[][] Run<T>(int batch, ConvolutionShape shape, uint seed, int threads)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        (double[] x, double[] weight, double[] bias, double[] upstream) = Draw(batch, shape, seed);
        T[] Convert(double[] values) => [.. values.Select(T.CreateTruncating)];
        T[] z = new T[upstream.Length];
        T[] dx = new T[x.Length];
        T[] dw = new T[weight.Length];
        T[] db = new T[bias.Length];
        Array.Fill(dx, T.NaN); // every number is written
        Array.Fill(z, T.NaN);
        var convolution = new Convolution<T>(shape);
        convolution.Forward(Convert(x), Convert(weight), Convert(bias), z, threads);
        convolution.BackwardByInput(Convert(weight), Convert(upstream), dx, threads);
        convolution.BackwardByParameters(Convert(x), Convert(upstream), dw, db, accumulate: false, threads);
        return [z, dx, dw, db];
    }

    private static double[][] Loops(int batch, ConvolutionShape shape, uint seed)
    {
        (double[] x, double[] weight, double[] bias, double[] upstream) = Draw(batch, shape, seed);
        double[] z = new double[upstream.Length];
        double[] dx = new double[x.Length];
        double[] dw = new double[weight.Length];
        double[] db = new double[bias.Length];
        (Extent image, Extent output) = (shape.Image, shape.Output);
        for (int n = 0; n < batch; n++)
        {
            for (int o = 0; o < shape.Outputs; o++)
            {
                for (int place = 0; place < output.Height * output.Width; place++)
                {
                    int at = (((n * shape.Outputs) + o) * output.Height * output.Width) + place;
                    z[at] = bias[o];
                    db[o] += upstream[at];
                    for (int c = 0; c < shape.GroupInputs; c++)
                    {
                        for (int tap = 0; tap < shape.Taps; tap++)
                        {
                            int row = (place / output.Width * shape.Stride.Height) - shape.Padding.Height + (tap / shape.Kernel.Width * shape.Dilation.Height);
                            int column = (place % output.Width * shape.Stride.Width) - shape.Padding.Width + (tap % shape.Kernel.Width * shape.Dilation.Width);
                            if (row >= 0 && row < image.Height && column >= 0 && column < image.Width)
                            {
                                int channel = (o / shape.GroupOutputs * shape.GroupInputs) + c;
                                int pixel = (((n * shape.Inputs) + channel) * image.Height * image.Width) + (row * image.Width) + column;
                                int w = (((o * shape.GroupInputs) + c) * shape.Taps) + tap;
                                z[at] += weight[w] * x[pixel];
                                dx[pixel] += upstream[at] * weight[w];
                                dw[w] += upstream[at] * x[pixel];
                            }
                        }
                    }
                }
            }
        }

        return [z, dx, dw, db];
    }
}
