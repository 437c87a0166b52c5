using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Layers that lead values around or beside other layers, and layers that only put them into another shape.</summary>
internal static class CompositionCases
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new ResidualCase(),
        new ConcatenateCase(-1),
        new ConcatenateCase(1),
        new ReshapeCase([-1, 2]),
        new TransposeCase([2, 1]),
        new TransposeCase([3, 1, 2]),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options) => kind switch
    {
        "Residual" => new ResidualCase(),
        "Concatenate" => new ConcatenateCase(options.GetProperty("dimension").GetInt32()),
        "Reshape" => new ReshapeCase(Numbers(options.GetProperty("shape"))),
        "Transpose" => new TransposeCase(Numbers(options.GetProperty("order"))),
        _ => null,
    };

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    private static Scalar[] Linear(Scalar[] x, Scalar[] weight, Scalar[] bias) =>
        [.. bias.Select((b, j) => x.Select((value, k) => value * weight[(k * bias.Length) + j]).Aggregate(b, (sum, term) => sum + term))];

    /// <summary>x + tanh(x·W₁ + b₁)·W₂ + b₂.</summary>
    private sealed class ResidualCase() : RowwiseCase("Residual")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            int width = (int)inputShape[1];
            return new Residual<T>(
                new Linear<T>(width, 3, random, bias: Initializer.PyTorchDefault),
                new Tanh<T>(),
                new Linear<T>(3, width, random, bias: Initializer.PyTorchDefault));
        }

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            Scalar[] hidden = [.. Linear(x, parameters[0], parameters[1]).Select(Scalar.Tanh)];
            return [.. x.Zip(Linear(hidden, parameters[2], parameters[3]), (a, b) => a + b)];
        }
    }

    /// <summary>
    /// Along the last dimension, rows: [x·W₁ + b₁, tanh(x·W₂ + b₂)]. Along dimension 1, images: [σ(x), x], the second branch by a
    /// reshape that changes nothing.
    /// </summary>
    private sealed class ConcatenateCase(int dimension) : RowwiseCase(dimension == -1 ? "Concatenate" : $"Concatenate, dimension {dimension}")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) =>
            dimension == -1 ? random.Randn(batch, features) : random.Randn(batch, 2, features, 2);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            if (dimension != -1)
            {
                return new Concatenate<T>(dimension, new Sigmoid<T>(), new Reshape<T>([.. inputShape[1..].ToArray().Select(length => (int)length)]));
            }

            int width = (int)inputShape[1];
            return new Concatenate<T>(
                new Linear<T>(width, 2, random, bias: Initializer.PyTorchDefault),
                new Sequential<T>(new Linear<T>(width, 3, random, bias: Initializer.PyTorchDefault), new Tanh<T>()));
        }

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) => dimension == -1
            ? [.. Linear(x, parameters[0], parameters[1]), .. Linear(x, parameters[2], parameters[3]).Select(Scalar.Tanh)]
            : [.. x.Select(Scalar.Sigmoid), .. x];
    }

    private sealed class ReshapeCase(int[] shape) : ElementwiseCase("Reshape")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => random.Randn(batch, 2, features);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Reshape<T>(shape);

        protected override Scalar Function(Scalar x) => x;
    }

    private sealed class TransposeCase(int[] order) : RowwiseCase($"Transpose of {order.Length} dimensions")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) =>
            random.Randn([batch, .. new nint[] { 2, features, 3 }.Take(order.Length)]);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Transpose<T>(order);

        // The output's indices count up; each takes the value whose own index has them in the old order.
        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int[] lengths = [.. order.Select(dimension => (int)shape[dimension - 1])];
            return [.. Enumerable.Range(0, x.Length).Select(i =>
            {
                int[] index = new int[order.Length];
                for (int d = order.Length - 1; d >= 0; d--)
                {
                    (i, index[order[d] - 1]) = Math.DivRem(i, lengths[d]);
                }

                return x[index.Zip(shape, (position, length) => (position, (int)length)).Aggregate(0, (place, part) => (place * part.Item2) + part.position)];
            })];
        }
    }
}
