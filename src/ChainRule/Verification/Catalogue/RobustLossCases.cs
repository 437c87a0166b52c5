using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Kernels;
using ChainRule.Losses;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>Losses with pieces: absolute errors and margins; and the divergence of distributions.</summary>
internal static class RobustLossCases
{
    public static IReadOnlyList<LossCase> All { get; } =
    [
        new MeanAbsoluteErrorCase(),
        new HuberCase(0.5),
        new HingeCase(1, hasClasses: false),
        new HingeCase(1, hasClasses: true),
        new KullbackLeiblerCase(),
        new PenaltyCase(0.75, 0.5),
    ];

    public static LossCase? OfFixture(string kind, JsonElement test) => kind switch
    {
        "MeanAbsoluteError" => new MeanAbsoluteErrorCase(),
        "Huber" => new HuberCase(Option(test, "delta")),
        "Hinge" => new HingeCase(Option(test, "margin"), test.GetProperty("target").GetProperty("shape").GetArrayLength() < test.GetProperty("prediction").GetProperty("shape").GetArrayLength()),
        "KullbackLeibler" => new KullbackLeiblerCase(),
        "Penalty" => new PenaltyCase(Option(test, "l1"), Option(test, "l2")),
        _ => null,
    };

    private static double Option(JsonElement test, string name) => test.GetProperty("options").GetProperty(name).GetDouble();

    private static Scalar Absolute(Scalar x) => Scalar.Relu(x) + Scalar.Relu(-x);

    private sealed class MeanAbsoluteErrorCase() : LossCase("MeanAbsoluteError")
    {
        public override Loss<T> Create<T>() => new MeanAbsoluteError<T>();

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) => Mean(p, y, (a, b) => Absolute(a - b));
    }

    private sealed class HuberCase(double delta) : LossCase("Huber")
    {
        public override Loss<T> Create<T>() => new Huber<T>(delta);

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) =>
            Mean(p, y, (a, b) => Math.Abs(a.Value - b) <= delta ? 0.5 * Scalar.Pow(a - b, 2) : delta * (Absolute(a - b) - (0.5 * delta)));
    }

    private sealed class HingeCase(double margin, bool hasClasses) : LossCase(hasClasses ? "Hinge, classes" : "Hinge, ±1")
    {
        public override Loss<T> Create<T>() => new Hinge<T>(margin);

        public override Tensor<double> Target(int batch, int classes, NumPyRandom random) => hasClasses
            ? Tensor.Create([.. Enumerable.Range(0, batch).Select(_ => (double)random.RandInt(0, classes))], [batch])
            : Tensor.Create([.. Enumerable.Range(0, batch * classes).Select(_ => (2.0 * random.RandInt(0, 2)) - 1)], [batch, classes]);

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch)
        {
            if (!hasClasses)
            {
                return Mean(p, y, (s, sign) => Scalar.Relu(margin - (sign * s)));
            }

            Scalar loss = 0;
            int classes = p.Length / batch;
            for (int i = 0; i < batch; i++)
            {
                Scalar[] s = p[(i * classes)..((i + 1) * classes)];
                int right = (int)y[i];
                loss += s.Where((_, j) => j != right).Aggregate((Scalar)0, (sum, other) => sum + Scalar.Relu(margin - s[right] + other)) / classes;
            }

            return loss / batch;
        }
    }

    private sealed class KullbackLeiblerCase() : LossCase("KullbackLeibler")
    {
        public override Loss<T> Create<T>() => new KullbackLeibler<T>();

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) =>
            p.Zip(y, (logarithm, probability) => probability == 0 ? 0 * logarithm : probability * (Math.Log(probability) - logarithm)).Aggregate((a, b) => a + b) / batch;
    }

    /// <summary>The prediction is θ; the target is not looked at.</summary>
    private sealed class PenaltyCase(double l1, double l2) : LossCase("Penalty")
    {
        public override Loss<T> Create<T>() => new AsLoss<T>(l1, l2);

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) =>
            p.Select(theta => (l1 * Absolute(theta)) + (0.5 * l2 * Scalar.Pow(theta, 2))).Aggregate((a, b) => a + b);

        private sealed class AsLoss<T>(double l1, double l2) : Loss<T>
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            private readonly Dictionary<int, (Parameter<T> Parameter, Penalty<T> Penalty)> penalties = [];

            public override string ToString() => "Penalty";

            protected override T Forward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
            {
                (Parameter<T> parameter, Penalty<T> penalty) = Of(prediction.Length);
                prediction.CopyTo(parameter.Value.AsSpan());
                return penalty.Value();
            }

            protected override void Backward(Span<T> predictionGradient)
            {
                (Parameter<T> parameter, Penalty<T> penalty) = Of(predictionGradient.Length);
                parameter.DiscardGradient();
                penalty.AddGradient();
                parameter.Gradient.AsSpan().CopyTo(predictionGradient);
            }

            private (Parameter<T> Parameter, Penalty<T> Penalty) Of(int length)
            {
                if (!penalties.TryGetValue(length, out var pair))
                {
                    var parameter = new Parameter<T>("theta", Tensor.CreateFromShape<T>([length]));
                    pair = penalties[length] = (parameter, new Penalty<T>([parameter], l1, l2));
                }

                return pair;
            }
        }
    }
}
