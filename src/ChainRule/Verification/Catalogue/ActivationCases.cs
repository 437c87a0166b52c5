using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Layers;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Activations.</summary>
internal static class ActivationCases
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new ReLUCase(),
        new LeakyReLUCase(0.1),
        new EluCase(1),
        new EluCase(0.5),
        new HardtanhCase(-1, 1),
        new SigmoidCase(),
        new TanhCase(),
        new SoftplusCase(),
        new SiluCase(),
        new GeluCase(GeluForm.Exact),
        new GeluCase(GeluForm.Tanh),
        new SoftmaxCase(),
        new LogSoftmaxCase(),
    ];

    public static LayerCase? OfFixture(string kind, JsonElement options) => kind switch
    {
        "ReLU" => new ReLUCase(),
        "LeakyReLU" => new LeakyReLUCase(options.GetProperty("negativeSlope").GetDouble()),
        "Elu" => new EluCase(options.GetProperty("alpha").GetDouble()),
        "Hardtanh" => new HardtanhCase(options.GetProperty("low").GetDouble(), options.GetProperty("high").GetDouble()),
        "Sigmoid" => new SigmoidCase(),
        "Tanh" => new TanhCase(),
        "Softplus" => new SoftplusCase(),
        "Silu" => new SiluCase(),
        "Gelu" => new GeluCase(Enum.Parse<GeluForm>(options.GetProperty("form").GetString()!)),
        "Softmax" => new SoftmaxCase(),
        "LogSoftmax" => new LogSoftmaxCase(),
        _ => null,
    };

    private sealed class ReLUCase() : ElementwiseCase("ReLU")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new ReLU<T>();

        protected override Scalar Function(Scalar x) => Scalar.Relu(x);
    }

    private sealed class LeakyReLUCase(double slope) : ElementwiseCase("LeakyReLU")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new LeakyReLU<T>(slope);

        protected override Scalar Function(Scalar x) => Scalar.Relu(x) - (slope * Scalar.Relu(-x));
    }

    private sealed class EluCase(double alpha) : ElementwiseCase(alpha == 1 ? "Elu" : "Elu, alpha not 1")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Elu<T>(alpha);

        // exp(x) − 1 = tanh(x/2)(exp(x) + 1), which keeps the digits of a small x.
        protected override Scalar Function(Scalar x) => x.Value > 0 ? x * 1 : alpha * Scalar.Tanh(0.5 * x) * (Scalar.Exp(x) + 1);
    }

    private sealed class HardtanhCase(double low, double high) : ElementwiseCase("Hardtanh")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Hardtanh<T>(low, high);

        protected override Scalar Function(Scalar x) => x.Value <= low ? (0 * x) + low : x.Value >= high ? (0 * x) + high : x * 1;
    }

    private sealed class SigmoidCase() : ElementwiseCase("Sigmoid")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Sigmoid<T>();

        protected override Scalar Function(Scalar x) => 1 / (1 + Scalar.Exp(-x));
    }

    private sealed class TanhCase() : ElementwiseCase("Tanh")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Tanh<T>();

        protected override Scalar Function(Scalar x) => (Scalar.Exp(x) - Scalar.Exp(-x)) / (Scalar.Exp(x) + Scalar.Exp(-x));
    }

    private sealed class SoftplusCase() : ElementwiseCase("Softplus")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Softplus<T>();

        protected override Scalar Function(Scalar x) => Scalar.Log(1 + Scalar.Exp(x));
    }

    private sealed class SiluCase() : ElementwiseCase("Silu")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Silu<T>();

        protected override Scalar Function(Scalar x) => x / (1 + Scalar.Exp(-x));
    }

    private sealed class GeluCase(GeluForm form) : ElementwiseCase($"Gelu {form}")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Gelu<T>(form);

        protected override Scalar Function(Scalar x) => form == GeluForm.Exact
            ? 0.5 * x * (1 + Scalar.Erf(x / Math.Sqrt(2)))
            : 0.5 * x * (1 + Scalar.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Scalar.Pow(x, 3)))));
    }

    private sealed class SoftmaxCase() : RowwiseCase("Softmax")
    {
        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new Softmax<T>();

        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
        [
            .. x.Chunk((int)shape[^1]).SelectMany(row =>
            {
                Scalar[] exponentials = [.. row.Select(Scalar.Exp)];
                Scalar sum = exponentials.Aggregate((a, b) => a + b);
                return exponentials.Select(value => value / sum);
            }),
        ];
    }

    private sealed class LogSoftmaxCase() : RowwiseCase("LogSoftmax")
    {
        // ∂L/∂xᵢ = ∂L/∂aᵢ − pᵢ·Σ ∂L/∂a: next to nothing for a class with p near 1 where the others' gradients cancel.
        public override bool CancelsUpstream => true;

        public override Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random) => new LogSoftmax<T>();

        // A constant taken from every x changes nothing; this one makes the single class of a row exact.
        protected override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
        [
            .. x.Chunk((int)shape[^1]).SelectMany(row =>
            {
                double largest = row.Max(value => value.Value);
                Scalar[] shifted = [.. row.Select(value => value - largest)];
                Scalar sum = shifted.Select(Scalar.Exp).Aggregate((a, b) => a + b);
                return shifted.Select(value => value - Scalar.Log(sum));
            }),
        ];
    }
}
