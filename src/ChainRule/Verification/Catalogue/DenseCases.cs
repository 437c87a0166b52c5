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
        new FlattenCase(),
        new DropoutCase(0.4, seed: 7, isTraining: true),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options, JsonElement output) => kind switch
    {
        "Linear" => new LinearCase(options.GetProperty("hasBias").GetBoolean(), output.GetProperty("shape")[1].GetInt32()),
        "Flatten" => new FlattenCase(),
        "Dropout" => new DropoutCase(options.GetProperty("probability").GetDouble(), options.GetProperty("seed").GetUInt32(), options.GetProperty("training").GetBoolean()),
        _ => null,
    };

    private sealed class LinearCase(bool hasBias, int? outputs = null) : RowwiseCase(hasBias ? "Linear" : "Linear without bias")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int inputs = (int)inputShape[1];
            return new Linear<T>(inputs, outputs ?? ((inputs % 5) + 1), random, bias: Initializer.PyTorchDefault, hasBias: hasBias);
        }

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int width = parameters[0].Length / x.Length;
            return [.. Enumerable.Range(0, width).Select(j =>
            {
                Scalar z = hasBias ? parameters[1][j] : 0;
                for (int k = 0; k < x.Length; k++)
                {
                    z += x[k] * parameters[0][(k * width) + j];
                }

                return z;
            })];
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
