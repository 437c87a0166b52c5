using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Layers that move a window over images.</summary>
internal static class ConvolutionCases
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new Conv2dCase("Conv2d", new Windows(new(2, 3), 1, 1, 1), groups: 1, hasBias: true),
        new Conv2dCase("Conv2d with strides, dilation and groups", new Windows(new(3, 2), new(2, 3), new(2, 1), new(1, 2)), groups: 2, hasBias: false),
        new MaxPool2dCase("MaxPool2d", new Windows(2, 1, 1, 1)),
        new MaxPool2dCase("MaxPool2d with strides and dilation", new Windows(new(3, 2), new(2, 3), 1, new(1, 2))),
        new AveragePool2dCase("AveragePool2d", new Windows(new(2, 3), 1, 1, 1), countsPadding: true),
        new AveragePool2dCase("AveragePool2d, padding not counted", new Windows(new(3, 2), new(1, 2), 1, 1), countsPadding: false),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options, JsonElement output) => kind switch
    {
        "Conv2d" => new Conv2dCase(
            options.GetProperty("groups").GetInt32() == 1 ? All[0].Name : All[1].Name,
            Windows.Of(options),
            options.GetProperty("groups").GetInt32(),
            options.GetProperty("hasBias").GetBoolean(),
            output.GetProperty("shape")[1].GetInt32()),
        "MaxPool2d" => new MaxPool2dCase(Windows.Of(options) is { Stride: var stride, Dilation: var dilation } && stride == 1 && dilation == 1 ? All[2].Name : All[3].Name, Windows.Of(options)),
        "AveragePool2d" => new AveragePool2dCase(All[options.GetProperty("countsPadding").GetBoolean() ? 4 : 5].Name, Windows.Of(options), options.GetProperty("countsPadding").GetBoolean()),
        _ => null,
    };

    /// <summary>How a window moves.</summary>
    private sealed record Windows(Extent Kernel, Extent Stride, Extent Padding, Extent Dilation)
    {
        public static Windows Of(JsonElement options) => new(Pair(options, "kernel"), Pair(options, "stride"), Pair(options, "padding"), Pair(options, "dilation"));

        /// <summary>How many places it takes on an image.</summary>
        public Extent Count(nint[] channels) => new(
            (((int)channels[1] + (2 * Padding.Height) - (Dilation.Height * (Kernel.Height - 1)) - 1) / Stride.Height) + 1,
            (((int)channels[2] + (2 * Padding.Width) - (Dilation.Width * (Kernel.Width - 1)) - 1) / Stride.Width) + 1);

        /// <summary>For each output, row by row, the taps that are inside the image: the tap, and the place in the channel.</summary>
        public IEnumerable<(int Tap, int Place)[]> Taps(nint[] channels)
        {
            Extent count = Count(channels);
            for (int y = 0; y < count.Height; y++)
            {
                for (int x = 0; x < count.Width; x++)
                {
                    yield return
                    [
                        .. from tap in Enumerable.Range(0, Kernel.Height * Kernel.Width)
                           let row = (y * Stride.Height) - Padding.Height + (tap / Kernel.Width * Dilation.Height)
                           let column = (x * Stride.Width) - Padding.Width + (tap % Kernel.Width * Dilation.Width)
                           where row >= 0 && row < channels[1] && column >= 0 && column < channels[2]
                           select (tap, (row * (int)channels[2]) + column),
                    ];
                }
            }
        }

        private static Extent Pair(JsonElement options, string name) => new(options.GetProperty(name)[0].GetInt32(), options.GetProperty(name)[1].GetInt32());
    }

    /// <summary>Images on which every window has a place; more features make more channels and larger images.</summary>
    private abstract class ImageCase(string name) : RowwiseCase(name)
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) =>
            random.Randn(batch, Channels(features), 2 + (features % 3), 2 + (features % 4));

        protected virtual int Channels(int features) => 1 + (features / 8);
    }

    private sealed class Conv2dCase(string name, Windows windows, int groups, bool hasBias, int? outputs = null) : ImageCase(name)
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int inputs = (int)inputShape[1];
            return new Conv2d<T>(inputs, outputs ?? groups * (inputs % 3 + 1), windows.Kernel, random, windows.Stride, windows.Padding, windows.Dilation, groups, bias: Initializer.PyTorchDefault, hasBias: hasBias);
        }

        protected override int Channels(int features) => groups * base.Channels(features);

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int taps = windows.Kernel.Height * windows.Kernel.Width;
            int area = (int)(shape[1] * shape[2]);
            int inputs = (int)shape[0] / groups;
            Scalar[] weight = parameters[0];
            int outputs = weight.Length / (inputs * taps);
            var result = new List<Scalar>();
            for (int o = 0; o < outputs; o++)
            {
                int first = o / (outputs / groups) * inputs;
                foreach ((int Tap, int Place)[] window in windows.Taps(shape))
                {
                    Scalar z = hasBias ? parameters[1][o] : 0;
                    for (int c = 0; c < inputs; c++)
                    {
                        foreach ((int tap, int place) in window)
                        {
                            z += weight[(((o * inputs) + c) * taps) + tap] * x[((first + c) * area) + place];
                        }
                    }

                    result.Add(z);
                }
            }

            return [.. result];
        }
    }

    private sealed class MaxPool2dCase(string name, Windows windows) : ImageCase(name)
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) =>
            new MaxPool2d<T>(windows.Kernel, windows.Stride, windows.Padding, windows.Dilation);

        // The first of the largest.
        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
            [.. x.Chunk(x.Length / (int)shape[0]).SelectMany(channel => windows.Taps(shape).Select(taps => taps.Select(tap => channel[tap.Place]).MaxBy(seen => seen.Value)!))];
    }

    private sealed class AveragePool2dCase(string name, Windows windows, bool countsPadding) : ImageCase(name)
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) =>
            new AveragePool2d<T>(windows.Kernel, windows.Stride, windows.Padding, countsPadding);

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
            [.. x.Chunk(x.Length / (int)shape[0]).SelectMany(channel => windows.Taps(shape).Select(taps =>
                taps.Select(tap => channel[tap.Place]).Aggregate((a, b) => a + b) / (countsPadding ? windows.Kernel.Height * windows.Kernel.Width : taps.Length)))];
    }
}
