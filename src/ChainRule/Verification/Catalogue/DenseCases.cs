using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>The layers that fully connected networks are made of, beside activations.</summary>
internal static class DenseCases
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new LinearCase(hasBias: true),
        new LinearCase(hasBias: false),
        new LinearCase(hasBias: true, rank: 3),
        new FlattenCase(),
        new DropoutCase(0.4, seed: 7, isTraining: true),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options, JsonElement output) => kind switch
    {
        "Linear" => Linear(options, output.GetProperty("shape")),
        "Flatten" => new FlattenCase(),
        "Dropout" => new DropoutCase(options.GetProperty("probability").GetDouble(), options.GetProperty("seed").GetUInt32(), options.GetProperty("training").GetBoolean()),
        _ => null,
    };

    private static LinearCase Linear(JsonElement options, JsonElement outputShape)
    {
        int rank = outputShape.GetArrayLength();
        return new LinearCase(options.GetProperty("hasBias").GetBoolean(), rank, outputShape[rank - 1].GetInt32());
    }

    private sealed class LinearCase(bool hasBias, int rank = 2, int? outputs = null) : RowwiseCase($"Linear{(hasBias ? "" : " without bias")}{(rank > 2 ? " of sequences" : "")}")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) =>
            rank == 2 ? base.Input(batch, features, random) : random.Randn(batch, (features % 4) + 1, features);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int inputs = (int)inputShape[^1];
            return new Linear<T>(inputs, outputs ?? ((inputs % 5) + 1), random, bias: Initializer.PyTorchDefault, hasBias: hasBias);
        }

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int inputs = (int)shape[^1];
            int width = parameters[0].Length / inputs;
            return [.. x.Chunk(inputs).SelectMany(row => Enumerable.Range(0, width).Select(j =>
            {
                Scalar z = hasBias ? parameters[1][j] : 0;
                for (int k = 0; k < inputs; k++)
                {
                    z += row[k] * parameters[0][(k * width) + j];
                }

                return z;
            }))];
        }
    }

    private sealed class FlattenCase() : ElementwiseCase("Flatten")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Flatten<T>();

        protected override Scalar Function(Scalar x) => x;
    }

    private sealed class DropoutCase(double probability, uint seed, bool isTraining) : LayerCase("Dropout")
    {
        public override bool IsRowwise => false;

        // One r for all passes: a new function each time has no derivative to compare.
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) =>
            new Dropout<T>(probability, new NumPyRandom(seed)) { KeepsMask = true, IsTraining = isTraining };

        public override Scalar[] Formula(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            var random = new NumPyRandom(seed);
            return [.. x.Select(value => !isTraining ? value : random.Rand() < probability ? value * 0 : value / (1 - probability))];
        }
    }
}
