using System.Numerics;
using ChainRule.Autodiff;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>One kind of layer: how to make it for a number of features, and its formula in <see cref="Scalar"/>s.</summary>
internal abstract class LayerCase(string name)
{
    public string Name { get; } = name;

    /// <summary>The layer, its parameters drawn from <paramref name="random"/>.</summary>
    public abstract Layer<T> Create<T>(int features, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Whether a sample's outputs are the same wherever in a batch it stands.</summary>
    public virtual bool IsRowwise => true;

    /// <summary>The formula as one would write it on paper: the outputs of one sample from its inputs and the parameters, row by row.</summary>
    public abstract Scalar[] Formula(Scalar[] x, Scalar[][] parameters);

    /// <summary>The same for the samples of a batch.</summary>
    public virtual Scalar[][] Formula(Scalar[][] batch, Scalar[][] parameters) => [.. batch.Select(x => Formula(x, parameters))];

    public override string ToString() => Name;
}

/// <summary>Every layer of the library. What holds for layers is proved on each of them.</summary>
internal static class LayerCatalogue
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new LinearCase("Linear", hasBias: true),
        new LinearCase("Linear without bias", hasBias: false),
        new ReLUCase(),
        new LeakyReLUCase(),
        new SigmoidCase(),
        new TanhCase(),
        new SoftplusCase(),
        new SiluCase(),
        new GeluCase(GeluForm.Exact),
        new GeluCase(GeluForm.Tanh),
        new SoftmaxCase(),
        new FlattenCase(),
        new DropoutCase(),
    ];

    public static LayerCase Get(string name) => All.Single(layer => layer.Name == name);

    internal abstract class ElementwiseCase(string name) : LayerCase(name)
    {
        public sealed override Scalar[] Formula(Scalar[] x, Scalar[][] parameters) => [.. x.Select(Formula)];

        protected abstract Scalar Formula(Scalar x);
    }

    internal sealed class LinearCase(string name, bool hasBias, int? outputs = null) : LayerCase(name)
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) =>
            new Linear<T>(features, outputs ?? ((features % 5) + 1), random, bias: Initializer.PyTorchDefault, hasBias: hasBias);

        public override Scalar[] Formula(Scalar[] x, Scalar[][] parameters)
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

    internal sealed class ReLUCase() : ElementwiseCase("ReLU")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new ReLU<T>();

        protected override Scalar Formula(Scalar x) => Scalar.Relu(x);
    }

    internal sealed class LeakyReLUCase(double slope = 0.1) : ElementwiseCase("LeakyReLU")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new LeakyReLU<T>(slope);

        protected override Scalar Formula(Scalar x) => Scalar.Relu(x) - (slope * Scalar.Relu(-x));
    }

    internal sealed class SigmoidCase() : ElementwiseCase("Sigmoid")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Sigmoid<T>();

        protected override Scalar Formula(Scalar x) => 1 / (1 + Scalar.Exp(-x));
    }

    internal sealed class TanhCase() : ElementwiseCase("Tanh")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Tanh<T>();

        protected override Scalar Formula(Scalar x) => (Scalar.Exp(x) - Scalar.Exp(-x)) / (Scalar.Exp(x) + Scalar.Exp(-x));
    }

    internal sealed class SoftplusCase() : ElementwiseCase("Softplus")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Softplus<T>();

        protected override Scalar Formula(Scalar x) => Scalar.Log(1 + Scalar.Exp(x));
    }

    internal sealed class SiluCase() : ElementwiseCase("Silu")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Silu<T>();

        protected override Scalar Formula(Scalar x) => x / (1 + Scalar.Exp(-x));
    }

    internal sealed class GeluCase(GeluForm form) : ElementwiseCase($"Gelu {form}")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Gelu<T>(form);

        protected override Scalar Formula(Scalar x) => form == GeluForm.Exact
            ? 0.5 * x * (1 + Scalar.Erf(x / Math.Sqrt(2)))
            : 0.5 * x * (1 + Scalar.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Scalar.Pow(x, 3)))));
    }

    internal sealed class SoftmaxCase() : LayerCase("Softmax")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Softmax<T>();

        public override Scalar[] Formula(Scalar[] x, Scalar[][] parameters)
        {
            Scalar sum = x.Select(Scalar.Exp).Aggregate((a, b) => a + b);
            return [.. x.Select(value => Scalar.Exp(value) / sum)];
        }
    }

    internal sealed class FlattenCase() : ElementwiseCase("Flatten")
    {
        public override Layer<T> Create<T>(int features, NumPyRandom random) => new Flatten<T>();

        protected override Scalar Formula(Scalar x) => x;
    }

    internal sealed class DropoutCase(double probability = 0.4, uint seed = 7, bool isTraining = true) : LayerCase("Dropout")
    {
        public override bool IsRowwise => false;

        // One r for all passes: a new function each time has no derivative to compare.
        public override Layer<T> Create<T>(int features, NumPyRandom random) =>
            new Dropout<T>(probability, new NumPyRandom(seed)) { KeepsMask = true, IsTraining = isTraining };

        public override Scalar[] Formula(Scalar[] x, Scalar[][] parameters) => Formula([x], parameters)[0];

        public override Scalar[][] Formula(Scalar[][] batch, Scalar[][] parameters)
        {
            var random = new NumPyRandom(seed);
            return [.. batch.Select(x => x.Select(value => !isTraining ? value : random.Rand() < probability ? value * 0 : value / (1 - probability)).ToArray())];
        }
    }
}
