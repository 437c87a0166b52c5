using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Layers for sequences: (batch, time) of whole numbers, or (batch, time, features).</summary>
internal static class SequenceCases
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new EmbeddingCase(),
        new PositionEmbeddingCase(),
        new AttentionCase(heads: 2, isCausal: false, hasBias: true),
        new AttentionCase(heads: 3, isCausal: true, hasBias: true),
        new AttentionCase(heads: 1, isCausal: true, hasBias: false),
        new LstmCase(lastOnly: false, hasBias: true),
        new LstmCase(lastOnly: true, hasBias: false),
        new GruCase(lastOnly: false, hasBias: true),
        new GruCase(lastOnly: true, hasBias: false),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options)
    {
        return kind switch
        {
            "Embedding" => new EmbeddingCase(Number("entries"), Number("dimension")),
            "PositionEmbedding" => new PositionEmbeddingCase(Number("length")),
            "MultiHeadAttention" => new AttentionCase(Number("heads"), Flag("isCausal"), Flag("hasBias")),
            "Lstm" => new LstmCase(Flag("lastOnly"), Flag("hasBias"), Number("hidden")),
            "Gru" => new GruCase(Flag("lastOnly"), Flag("hasBias"), Number("hidden")),
            _ => null,
        };

        int Number(string name) => options.GetProperty(name).GetInt32();

        bool Flag(string name) => options.GetProperty(name).GetBoolean();
    }

    private static int Time(int features) => (features % 4) + 1;

    /// <summary>A row times a matrix (x's length, columns), plus what is there already.</summary>
    private static Scalar[] Product(Scalar[] x, Scalar[] matrix, Scalar[]? bias)
    {
        int columns = matrix.Length / x.Length;
        return [.. Enumerable.Range(0, columns).Select(j => Sum(x.Select((value, k) => value * matrix[(k * columns) + j]), bias?[j]))];
    }

    private static Scalar Sum(IEnumerable<Scalar> terms, Scalar? first = null) => terms.Aggregate(first ?? 0, (sum, term) => sum + term);

    private static Scalar Sigmoid(Scalar x) => 1 / (1 + Scalar.Exp(-x));

    private sealed class EmbeddingCase(int entries = 7, int? dimension = null) : RowwiseCase("Embedding")
    {
        // Whole numbers below seven only: there is nothing extreme among them, and not a number is an error.
        public override bool TakesAnyNumber => false;

        public override Tensor<double> Input(int batch, int features, NumPyRandom random) =>
            Tensor.ConvertTruncating<long, double>(random.RandInt(0, entries, batch, Time(features)));

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Embedding<T>(entries, dimension ?? (int)inputShape[1] + 1, random);

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int width = parameters[0].Length / entries;
            return [.. x.SelectMany(index => parameters[0].Skip((int)index.Value * width).Take(width))];
        }
    }

    private sealed class PositionEmbeddingCase(int? length = null) : RowwiseCase("PositionEmbedding")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => random.Randn(batch, Time(features), (features % 3) + 1);

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new PositionEmbedding<T>(length ?? (int)inputShape[1] + 1, (int)inputShape[2], random);

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) => [.. x.Zip(parameters[0], (value, weight) => value + weight)];
    }

    private sealed class AttentionCase(int heads, bool isCausal, bool hasBias)
        : RowwiseCase($"MultiHeadAttention{(isCausal ? " causal" : "")}{(hasBias ? "" : ", no bias")}")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => random.Randn(batch, Time(features), heads * ((features % 3) + 1));

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        {
            var layer = new MultiHeadAttention<T>((int)inputShape[2], heads, random, isCausal, hasBias);
            foreach (Parameter<T> bias in new[] { layer.InputBias, layer.OutputBias }.OfType<Parameter<T>>())
            {
                Initializer.PyTorchDefault.Fill(bias.Value, 4, 4, random); // a bias of 0 would hide that it is left out
            }

            return layer;
        }

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            int width = (int)shape[1];
            int size = width / heads;
            (Scalar[] inputWeight, Scalar[]? inputBias) = (parameters[0], hasBias ? parameters[1] : null);
            (Scalar[] outputWeight, Scalar[]? outputBias) = (parameters[^(hasBias ? 2 : 1)], hasBias ? parameters[3] : null);
            Scalar[][] steps = [.. x.Chunk(width).Select(step => Product(step, inputWeight, inputBias))];
            return [.. steps.SelectMany((_, i) => Product([.. Enumerable.Range(0, heads).SelectMany(head => Head(i, head))], outputWeight, outputBias))];

            Scalar[] Head(int i, int head)
            {
                Scalar[][] seen = isCausal ? steps[..(i + 1)] : steps;
                Scalar[] fits = [.. seen.Select(step => Scalar.Exp(Sum(Of(steps[i], 0).Zip(Of(step, 1), (q, k) => q * k)) / Math.Sqrt(size)))];
                Scalar all = Sum(fits);
                return [.. Enumerable.Range(0, size).Select(j => Sum(seen.Select((step, s) => fits[s] / all * Of(step, 2)[j])))];

                // Queries, keys or values of this head.
                Scalar[] Of(Scalar[] step, int kind) => step[((kind * width) + (head * size))..((kind * width) + ((head + 1) * size))];
            }
        }
    }

    private abstract class RecurrentCase(string name, bool lastOnly, bool hasBias, int? hidden) : RowwiseCase($"{name}{(lastOnly ? ", last state" : "")}{(hasBias ? "" : ", no bias")}")
    {
        public override Tensor<double> Input(int batch, int features, NumPyRandom random) => random.Randn(batch, Time(features), (features % 3) + 1);

        public sealed override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) =>
            Create<T>((int)inputShape[2], hidden ?? (int)inputShape[1], random, lastOnly, hasBias);

        protected sealed override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters)
        {
            Func<Scalar[], Scalar[]> next = Start(parameters[0], parameters[1], hasBias ? parameters[2] : null, hasBias ? parameters[3] : null);
            Scalar[][] states = [.. x.Chunk((int)shape[1]).Select(next)];
            return lastOnly ? states[^1] : [.. states.SelectMany(state => state)];
        }

        /// <summary>The layer.</summary>
        protected abstract RecurrentLayer<T> Create<T>(int inputs, int hidden, NumPyRandom random, bool lastOnly, bool hasBias)
            where T : unmanaged, IFloatingPointIeee754<T>;

        /// <summary>The layer before the first step: a function that takes one step after the other and gives the state after each.</summary>
        protected abstract Func<Scalar[], Scalar[]> Start(Scalar[] inputWeight, Scalar[] hiddenWeight, Scalar[]? inputBias, Scalar[]? hiddenBias);
    }

    private sealed class LstmCase(bool lastOnly, bool hasBias, int? hidden = null) : RecurrentCase("Lstm", lastOnly, hasBias, hidden)
    {
        protected override RecurrentLayer<T> Create<T>(int inputs, int hidden, NumPyRandom random, bool lastOnly, bool hasBias) => new Lstm<T>(inputs, hidden, random, lastOnly, hasBias);

        protected override Func<Scalar[], Scalar[]> Start(Scalar[] inputWeight, Scalar[] hiddenWeight, Scalar[]? inputBias, Scalar[]? hiddenBias)
        {
            int hidden = (int)Math.Sqrt(hiddenWeight.Length / 4);
            Scalar[] h = [.. Enumerable.Repeat((Scalar)0, hidden)];
            Scalar[] c = h;
            return x =>
            {
                Scalar[] z = [.. Product(x, inputWeight, inputBias).Zip(Product(h, hiddenWeight, hiddenBias), (a, b) => a + b)];
                Scalar Gate(int number, int j) => z[(number * hidden) + j];
                c = [.. c.Select((cell, j) => (Sigmoid(Gate(1, j)) * cell) + (Sigmoid(Gate(0, j)) * Scalar.Tanh(Gate(2, j))))];
                h = [.. c.Select((cell, j) => Sigmoid(Gate(3, j)) * Scalar.Tanh(cell))];
                return h;
            };
        }
    }

    private sealed class GruCase(bool lastOnly, bool hasBias, int? hidden = null) : RecurrentCase("Gru", lastOnly, hasBias, hidden)
    {
        protected override RecurrentLayer<T> Create<T>(int inputs, int hidden, NumPyRandom random, bool lastOnly, bool hasBias) => new Gru<T>(inputs, hidden, random, lastOnly, hasBias);

        protected override Func<Scalar[], Scalar[]> Start(Scalar[] inputWeight, Scalar[] hiddenWeight, Scalar[]? inputBias, Scalar[]? hiddenBias)
        {
            int hidden = (int)Math.Sqrt(hiddenWeight.Length / 3);
            Scalar[] h = [.. Enumerable.Repeat((Scalar)0, hidden)];
            return x =>
            {
                Scalar[] u = Product(x, inputWeight, inputBias);
                Scalar[] v = Product(h, hiddenWeight, hiddenBias);
                h = [.. h.Select((state, j) =>
                {
                    Scalar r = Sigmoid(u[j] + v[j]);
                    Scalar z = Sigmoid(u[hidden + j] + v[hidden + j]);
                    Scalar n = Scalar.Tanh(u[(2 * hidden) + j] + (r * v[(2 * hidden) + j]));
                    return ((1 - z) * n) + (z * state);
                })];
                return h;
            };
        }
    }
}
