using System.Numerics;
using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Autodiff;
using ChainRule.Losses;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>One kind of loss: how to make it, values and targets that go with it, and its formula in <see cref="Scalar"/>s.</summary>
internal abstract class LossCase(string name)
{
    public string Name { get; } = name;

    public abstract Loss<T> Create<T>()
        where T : unmanaged, IFloatingPointIeee754<T>;

    public virtual Tensor<double> Prediction(int batch, int classes, NumPyRandom random) => random.Randn(batch, classes);

    public virtual Tensor<double> Target(int batch, int classes, NumPyRandom random) => random.Rand(batch, classes);

    /// <summary>The formula as one would write it on paper.</summary>
    public abstract Scalar Formula(Scalar[] p, Tensor<double> y, int batch);

    protected static Scalar Mean(Scalar[] p, Tensor<double> y, Func<Scalar, double, Scalar> term) =>
        p.Zip(y, term).Aggregate((a, b) => a + b) / p.Length;
}

/// <summary>Every loss of the library. What holds for losses is proved on each of them.</summary>
internal static class LossCatalogue
{
    public static IReadOnlyList<LossCase> All { get; } =
    [
        new MeanSquaredErrorCase(),
        new BinaryCrossEntropyCase(),
        new BinaryCrossEntropyWithLogitsCase(),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, class indices"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, one-hot"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, probabilities"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, sequences"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, smoothed class indices") { LabelSmoothing = 0.25 },
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, smoothed probabilities") { LabelSmoothing = 0.25 },
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, weighted class indices") { ClassWeights = [0.5, 2, 1, 0.25], LabelSmoothing = 0.125 },
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, weighted probabilities") { ClassWeights = [0.5, 2, 1, 0.25], LabelSmoothing = 0.125 },
        .. RobustLossCases.All,
    ];

    public static LossCase Get(string name) => All.Single(loss => loss.Name == name);

    /// <summary>The loss of a case that PyTorch computed: by the form of the targets where it takes several.</summary>
    /// <param name="test">An entry of a fixture <c>losses….json</c>.</param>
    /// <exception cref="InvalidDataException">No loss of the catalogue has that name.</exception>
    public static LossCase OfFixture(JsonElement test)
    {
        string kind = test.GetProperty("loss").GetString()!;
        JsonElement target = test.GetProperty("target");
        return kind switch
        {
            "MeanSquaredError" => new MeanSquaredErrorCase(),
            "BinaryCrossEntropy" => new BinaryCrossEntropyCase(),
            "BinaryCrossEntropyWithLogits" => new BinaryCrossEntropyWithLogitsCase(),
            "SoftmaxCrossEntropy" when test.TryGetProperty("options", out JsonElement options) => SoftmaxCrossEntropyCase.Of(options, target.GetProperty("shape").GetArrayLength() == 1),
            "SoftmaxCrossEntropy" => new SoftmaxCrossEntropyCase(
                target.GetProperty("shape").GetArrayLength() == 1 ? "SoftmaxCrossEntropy, class indices"
                : test.TryGetProperty("prediction", out JsonElement prediction) && target.GetProperty("shape").GetArrayLength() < prediction.GetProperty("shape").GetArrayLength() ? "SoftmaxCrossEntropy, sequences"
                : target.GetProperty("values").EnumerateArray().All(y => y.GetDouble() is 0 or 1) ? "SoftmaxCrossEntropy, one-hot"
                : "SoftmaxCrossEntropy, probabilities"),
            _ => RobustLossCases.OfFixture(kind, test) ?? throw new InvalidDataException($"A fixture has a loss '{kind}' that the catalogue does not know."),
        };
    }

    private sealed class MeanSquaredErrorCase() : LossCase("MeanSquaredError")
    {
        public override Loss<T> Create<T>() => new MeanSquaredError<T>();

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) => Mean(p, y, (a, b) => Scalar.Pow(a - b, 2));
    }

    private sealed class BinaryCrossEntropyCase() : LossCase("BinaryCrossEntropy")
    {
        public override Loss<T> Create<T>() => new BinaryCrossEntropy<T>();

        // Away from 0 and 1, where a step of the numeric derivative would leave the interval.
        public override Tensor<double> Prediction(int batch, int classes, NumPyRandom random) => random.Uniform(0.05, 0.95, [batch, classes]);

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) => Mean(p, y, (a, b) => -((b * Scalar.Log(a)) + ((1 - b) * Scalar.Log(1 - a))));
    }

    private sealed class BinaryCrossEntropyWithLogitsCase() : LossCase("BinaryCrossEntropyWithLogits")
    {
        public override Loss<T> Create<T>() => new BinaryCrossEntropyWithLogits<T>();

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch) => Mean(p, y, (a, b) => -((b * Scalar.Log(1 / (1 + Scalar.Exp(-a)))) + ((1 - b) * Scalar.Log(1 / (1 + Scalar.Exp(a))))));
    }

    private sealed class SoftmaxCrossEntropyCase(string name) : LossCase(name)
    {
        private readonly bool sequences = name.EndsWith("sequences", StringComparison.Ordinal);
        private readonly bool indices = name.Contains("indices", StringComparison.Ordinal) || name.EndsWith("sequences", StringComparison.Ordinal);
        private readonly bool oneHot = name.EndsWith("one-hot", StringComparison.Ordinal);

        public double LabelSmoothing { get; init; }

        public double[]? ClassWeights { get; init; }

        public static SoftmaxCrossEntropyCase Of(JsonElement options, bool indices)
        {
            double[]? weights = options.TryGetProperty("classWeights", out JsonElement array) ? [.. array.EnumerateArray().Select(weight => weight.GetDouble())] : null;
            string what = weights is null ? "smoothed" : "weighted";
            return new SoftmaxCrossEntropyCase($"SoftmaxCrossEntropy, {what} {(indices ? "class indices" : "probabilities")}")
            {
                LabelSmoothing = options.GetProperty("labelSmoothing").GetDouble(),
                ClassWeights = weights,
            };
        }

        public override Loss<T> Create<T>() => new SoftmaxCrossEntropy<T>(LabelSmoothing, ClassWeights);

        // Weights are for so many classes and no others.
        public override Tensor<double> Prediction(int batch, int classes, NumPyRandom random) =>
            sequences ? random.Randn(batch, Time(classes), classes) : base.Prediction(batch, ClassWeights?.Length ?? classes, random);

        public override Tensor<double> Target(int batch, int classes, NumPyRandom random)
        {
            classes = ClassWeights?.Length ?? classes;
            if (indices)
            {
                nint[] shape = sequences ? [batch, Time(classes)] : [batch];
                return Tensor.ConvertTruncating<long, double>(random.RandInt(0, classes, shape));
            }

            Tensor<double> target = random.Rand(batch, classes);
            int[] labels = [.. Enumerable.Range(0, batch).Select(_ => (int)random.RandInt(0, classes))];

            for (int i = 0; i < batch; i++)
            {
                double sum = Enumerable.Range(0, classes).Sum(j => target[i, j]);
                for (int j = 0; j < classes; j++)
                {
                    target[i, j] = oneHot ? (j == labels[i] ? 1 : 0) : target[i, j] / sum;
                }
            }

            return target;
        }

        public override Scalar Formula(Scalar[] p, Tensor<double> y, int batch)
        {
            int rows = (int)(indices ? y.FlattenedLength : y.FlattenedLength / y.Lengths[^1]);
            int classes = p.Length / rows;
            double[] targets = [.. y];
            Scalar loss = 0;
            double total = 0;
            for (int i = 0; i < rows; i++)
            {
                Scalar[] z = p[(i * classes)..((i + 1) * classes)];
                Scalar sum = z.Select(Scalar.Exp).Aggregate((a, b) => a + b);
                for (int j = 0; j < classes; j++)
                {
                    double share = indices ? (targets[i] == j ? 1 : 0) : targets[(i * classes) + j];
                    double weight = ClassWeights?[j] ?? 1;
                    loss -= weight * (((1 - LabelSmoothing) * share) + (LabelSmoothing / classes)) * Scalar.Log(Scalar.Exp(z[j]) / sum);
                    total += indices ? weight * share : 1.0 / classes;
                }
            }

            return loss / total;
        }

        private static int Time(int classes) => (classes % 3) + 1;
    }
}
