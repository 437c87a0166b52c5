using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Layers that normalise. Their samples have at least four values to normalise: of two nothing but the sign is left.</summary>
internal static class NormalizationCases
{
    private const int FewestValues = 4;

    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new BatchNormCase("BatchNorm1d", isTraining: true),
        new BatchNormCase("BatchNorm1d", isTraining: false),
        new BatchNormCase("BatchNorm2d", isTraining: true),
        new BatchNormCase("BatchNorm2d", isTraining: false),
        new LayerNormCase(isAffine: true),
        new LayerNormCase(isAffine: false),
        new RmsNormCase(isAffine: true),
        new RmsNormCase(isAffine: false),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options, JsonElement test) => kind switch
    {
        "BatchNorm1d" or "BatchNorm2d" => new BatchNormCase(kind, options.GetProperty("training").GetBoolean())
        {
            Epsilon = options.GetProperty("epsilon").GetDouble(),
            Momentum = options.GetProperty("momentum").GetDouble(),
            IsAffine = options.GetProperty("affine").GetBoolean(),
            Statistics = !test.TryGetProperty("statistics", out JsonElement statistics) ? null
                : (Numbers(statistics.GetProperty("running_mean")), Numbers(statistics.GetProperty("running_var"))),
        },
        "LayerNorm" => new LayerNormCase(options.GetProperty("affine").GetBoolean()) { Dimensions = options.GetProperty("dimensions").GetInt32(), Epsilon = options.GetProperty("epsilon").GetDouble() },
        "RmsNorm" => new RmsNormCase(options.GetProperty("affine").GetBoolean()) { Dimensions = options.GetProperty("dimensions").GetInt32(), Epsilon = options.GetProperty("epsilon").GetDouble() },
        _ => null,
    };

    private static double[] Numbers(JsonElement tensor) => [.. tensor.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];

    private static Scalar Mean(IEnumerable<Scalar> values) => values.Aggregate((a, b) => a + b) / values.Count();

    /// <summary>Other parameters than ones and zeros, of which a wrong derivative could hide behind.</summary>
    private static void Draw<T>(Layer<T> layer, NumPyRandom random)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            foreach (ref T value in parameter.Value.AsSpan())
            {
                value = T.CreateTruncating(random.Randn());
            }
        }
    }

    private sealed class BatchNormCase(string kind, bool isTraining) : LayerCase($"{kind}, {(isTraining ? "training" : "inference")}")
    {
        public double Epsilon { get; init; } = 1e-5;

        public double Momentum { get; init; } = 0.1;

        public bool IsAffine { get; init; } = true;

        /// <summary>Running mean and variance before the pass; null where the layer keeps none.</summary>
        public (double[] Mean, double[] Variance)? Statistics { get; init; } =
            ([.. Enumerable.Range(0, 32).Select(c => (c % 5 * 0.25) - 0.5)], [.. Enumerable.Range(0, 32).Select(c => 0.5 + (c % 4 * 0.25))]);

        // In training every sample of the batch is in the mean and the variance.
        public override bool IsRowwise => !isTraining;

        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => kind == "BatchNorm2d"
            ? random.Randn(batch, (features % 3) + 1, 2, (features % 4) + 2)
            : isTraining && batch < FewestValues ? random.Randn(batch, features, FewestValues) : random.Randn(batch, features);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int channels = (int)inputShape[1];
            BatchNorm<T> layer = kind == "BatchNorm2d"
                ? new BatchNorm2d<T>(channels, Epsilon, Momentum, IsAffine, Statistics is not null)
                : new BatchNorm1d<T>(channels, Epsilon, Momentum, IsAffine, Statistics is not null);
            layer.IsTraining = isTraining;
            Draw(layer, random);
            for (int c = 0; Statistics is { } statistics && c < channels; c++)
            {
                layer.RunningMean!.Value[c] = T.CreateTruncating(statistics.Mean[c]);
                layer.RunningVariance!.Value[c] = T.CreateTruncating(statistics.Variance[c]);
            }

            return layer;
        }

        public override Scalar[] Formula(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int channels = (int)shape[1];
            int positions = x.Length / (int)shape[0] / channels;
            int ChannelOf(int i) => i / positions % channels;
            bool usesBatch = isTraining || Statistics is null;
            Scalar[] means = [.. Enumerable.Range(0, channels).Select(c => usesBatch ? Mean(x.Where((_, i) => ChannelOf(i) == c)) : Statistics!.Value.Mean[c])];
            Scalar[] variances = [.. Enumerable.Range(0, channels).Select(c => usesBatch ? Mean(x.Where((_, i) => ChannelOf(i) == c).Select(value => Scalar.Pow(value - means[c], 2))) : Statistics!.Value.Variance[c])];
            return [.. x.Select((value, i) =>
            {
                int c = ChannelOf(i);
                Scalar normalized = (value - means[c]) / Scalar.Pow(variances[c] + Epsilon, 0.5);
                return IsAffine ? (normalized * parameters[0][c]) + parameters[1][c] : normalized;
            })];
        }
    }

    /// <summary>Over the last dimension or the last few.</summary>
    private abstract class LastDimensionsCase(string name, bool isAffine) : RowwiseCase(isAffine ? name : $"{name}, not affine")
    {
        public int Dimensions { get; init; } = isAffine ? 1 : 2;

        public double Epsilon { get; init; } = 1e-5;

        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => isAffine
            ? random.Randn(batch, 2, features + FewestValues)
            : random.Randn(batch, 2, features + 1, 2);

        public sealed override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int[] normalizedShape = [.. inputShape[^Dimensions..].ToArray().Select(length => (int)length)];
            Layer<T> layer = Create<T>(normalizedShape, isAffine);
            Draw(layer, random);
            return layer;
        }

        protected abstract Layer<T> Create<T>(int[] normalizedShape, bool isAffine)
            where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>;

        protected sealed override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
            [.. x.Chunk((int)Shape.Volume(shape.AsSpan()[^Dimensions..])).SelectMany(row => Row(row, parameters))];

        protected abstract IEnumerable<Scalar> Row(Scalar[] x, Scalar[][] parameters);
    }

    private sealed class LayerNormCase(bool isAffine) : LastDimensionsCase("LayerNorm", isAffine)
    {
        protected override Layer<T> Create<T>(int[] normalizedShape, bool isAffine) => new LayerNorm<T>(normalizedShape, Epsilon, isAffine);

        protected override IEnumerable<Scalar> Row(Scalar[] x, Scalar[][] parameters)
        {
            Scalar mean = Mean(x);
            Scalar variance = Mean(x.Select(value => Scalar.Pow(value - mean, 2)));
            IEnumerable<Scalar> normalized = x.Select(value => (value - mean) / Scalar.Pow(variance + Epsilon, 0.5));
            return parameters.Length == 0 ? normalized : normalized.Select((value, i) => (value * parameters[0][i]) + parameters[1][i]);
        }
    }

    private sealed class RmsNormCase(bool isAffine) : LastDimensionsCase("RmsNorm", isAffine)
    {
        protected override Layer<T> Create<T>(int[] normalizedShape, bool isAffine) => new RmsNorm<T>(normalizedShape, Epsilon, isAffine);

        protected override IEnumerable<Scalar> Row(Scalar[] x, Scalar[][] parameters)
        {
            Scalar root = Scalar.Pow(Mean(x.Select(value => value * value)) + Epsilon, 0.5);
            return x.Select((value, i) => parameters.Length == 0 ? value / root : value / root * parameters[0][i]);
        }
    }
}
