using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Kernels;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Properties;

/// <summary>What must hold for every loss, on random shapes and values. CsCheck prints the seed of a failure.</summary>
public class LossProperties
{
    private static readonly Gen<(int Batch, int Classes, uint Seed)> Cases = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 19], Gen.UInt);

    private static readonly LossCase[] All =
    [
        new MeanSquaredErrorCase(),
        new BinaryCrossEntropyCase(),
        new BinaryCrossEntropyWithLogitsCase(),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, class indices"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, one-hot"),
        new SoftmaxCrossEntropyCase("SoftmaxCrossEntropy, probabilities"),
    ];

    public static TheoryData<string> Losses => [.. All.Select(loss => loss.Name)];

    [Fact]
    public void The_catalogue_holds_every_loss_of_the_library()
    {
        var proved = All.Select(loss => loss.Create<double>().ToString()).ToHashSet();
        var all = typeof(Loss<>).Assembly.GetTypes()
            .Where(type => type.Namespace == "ChainRule.Losses" && type is { IsAbstract: false, IsPublic: true })
            .Select(type => type.Name.Split('`')[0]).ToHashSet();
        Assert.Equal(all!, proved!);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Hand_written_and_autodiff_agree(string name)
    {
        LossCase lossCase = Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> p = lossCase.Prediction(c.Batch, c.Classes, random);
                Tensor<double> y = lossCase.Target(c.Batch, c.Classes, random);
                Loss<double> loss = lossCase.Create<double>();
                double value = loss.Forward(p, y);
                Tensor<double> gradient = loss.Backward();

                Scalar[] predictions = [.. p.Select(entry => new Scalar(entry))];
                Scalar formula = lossCase.Formula(predictions, y, c.Batch);
                formula.Backward();
                Near.Equal(formula.Value, value, 1e-12, $"{name} value");
                Near.Equal([.. predictions.Select(prediction => prediction.Gradient)], gradient.AsSpan(), 1e-12, $"{name} gradient");
            },
            iter: 50);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Hand_written_and_numeric_agree(string name)
    {
        LossCase lossCase = Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> p = lossCase.Prediction(c.Batch, c.Classes, random);
                Tensor<double> y = lossCase.Target(c.Batch, c.Classes, random);
                Loss<double> loss = lossCase.Create<double>();
                loss.Forward(p, y);
                var claim = new CheckedTensor<double>("prediction", p, Tensor.Create([.. loss.Backward()], p.Lengths));
                GradientCheck.Run(() => loss.Forward(p, y), [claim]).ThrowIfFailed();
            },
            iter: 30);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Float_agrees_with_double(string name)
    {
        LossCase lossCase = Get(name);
        Cases.Sample(
            c =>
            {
                var random = new NumPyRandom(c.Seed);
                Tensor<double> p = lossCase.Prediction(c.Batch, c.Classes, random);
                Tensor<double> y = lossCase.Target(c.Batch, c.Classes, random);
                Loss<double> wide = lossCase.Create<double>();
                Loss<float> narrow = lossCase.Create<float>();
                double expected = wide.Forward(p, y);
                Near.Equal(expected, narrow.Forward(Tensor.ConvertTruncating<double, float>(p), Tensor.ConvertTruncating<double, float>(y)), 1e-5, $"{name} value");
                Near.Equal([.. wide.Backward()], [.. narrow.Backward().Select(value => (double)value)], 1e-5, $"{name} gradient");
            },
            iter: 20);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_warm_step_allocates_nothing(string name)
    {
        LossCase lossCase = Get(name);
        var random = new NumPyRandom(5);
        Loss<double> loss = lossCase.Create<double>();
        (Tensor<double> P, Tensor<double> Y)[] batches =
        [
            (lossCase.Prediction(8, 5, random), lossCase.Target(8, 5, random)),
            (lossCase.Prediction(3, 5, random), lossCase.Target(3, 5, random)),
        ];
        void Step()
        {
            foreach ((Tensor<double> p, Tensor<double> y) in batches)
            {
                loss.Forward(p, y);
                loss.Backward();
            }
        }

        Assert.Equal(0, Allocation.OfHundredRuns(Step));
    }

    private static LossCase Get(string name) => All.Single(loss => loss.Name == name);

    private abstract class LossCase(string name)
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
        private readonly bool indices = name.EndsWith("indices", StringComparison.Ordinal);
        private readonly bool oneHot = name.EndsWith("one-hot", StringComparison.Ordinal);

        public override Loss<T> Create<T>() => new SoftmaxCrossEntropy<T>();

        public override Tensor<double> Target(int batch, int classes, NumPyRandom random)
        {
            Tensor<double> target = random.Rand(batch, classes);
            int[] labels = [.. Enumerable.Range(0, batch).Select(_ => (int)random.RandInt(0, classes))];
            if (indices)
            {
                return Tensor.Create([.. labels.Select(label => (double)label)], [batch]);
            }

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
            int classes = p.Length / batch;
            Scalar loss = 0;
            for (int i = 0; i < batch; i++)
            {
                Scalar[] z = p[(i * classes)..((i + 1) * classes)];
                Scalar sum = z.Select(Scalar.Exp).Aggregate((a, b) => a + b);
                for (int j = 0; j < classes; j++)
                {
                    double weight = indices ? (y[i] == j ? 1 : 0) : y[i, j];
                    loss -= weight * Scalar.Log(Scalar.Exp(z[j]) / sum);
                }
            }

            return loss / batch;
        }
    }
}
