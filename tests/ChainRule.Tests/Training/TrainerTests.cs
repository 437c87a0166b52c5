using System.Numerics.Tensors;
using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

public sealed class TrainerTests
{
    private static readonly Tensor<double> xorInputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);
    private static readonly Tensor<double> xorTargets = Tensor.Create([0.0, 1, 1, 0], [4, 1]);

    /// <summary>The loop is the lesson's: the same 2,000 losses.</summary>
    [Fact]
    public void Full_batches_in_order_give_the_losses_of_the_lesson()
    {
        Sequential<double> network = XorNetwork();
        TrainingReport report = TrainerFor(network, 1).Train(xorInputs, xorTargets, new TrainingOptions { Epochs = 2000, BatchSize = 4, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        using JsonDocument lesson = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "lesson.json")));
        double[] expected = [.. lesson.RootElement.GetProperty("xor").GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble())];
        Assert.Equal(TrainingStop.Finished, report.Stopped);
        Assert.Equal(expected.Length, report.Epochs.Count);
        Assert.All(expected.Zip(report.Epochs), pair => Near.Equal(pair.First, pair.Second.TrainLoss, 1e-9, $"loss of epoch {pair.Second.Epoch}"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        double[] Run(uint seed)
        {
            Sequential<double> network = XorNetwork();
            TrainerFor(network, 0.3).Train(xorInputs, xorTargets, new TrainingOptions { Epochs = 20, BatchSize = 3, ShuffleSeed = seed }, cancellationToken: TestContext.Current.CancellationToken);
            return [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void Divergence_names_the_place_and_keeps_the_last_good_parameters()
    {
        Sequential<double> network = XorNetwork();
        Tensor<double> inputs = Tensor.Create([0.0, 0, 0, 1, 1, 0, double.NaN, 1], [4, 2]);
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        TrainingReport report = TrainerFor(network, 1).Train(inputs, xorTargets, new TrainingOptions { BatchSize = 2, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingStop.Diverged, report.Stopped);
        Assert.Equal(new NonFinite(1, 2, "the inputs"), report.Problem);
        Assert.Equal(before, network.Parameters.SelectMany(parameter => parameter.Value));
    }

    [Fact]
    public void A_parameter_that_is_not_finite_is_named()
    {
        Sequential<double> network = XorNetwork();
        network.Parameters[2].Value[3, 0] = double.PositiveInfinity;
        TrainingReport report = TrainerFor(network, 1).Train(xorInputs, xorTargets, new TrainingOptions { BatchSize = 4, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("layer2.weight", report.Problem!.Place);
    }

    [Fact]
    public void Early_stopping_goes_back_to_the_best_parameters()
    {
        Sequential<double> network = XorNetwork();
        double[] losses = [3, 2, 1, 1.5, 4, 0.5];
        double[] best = [];
        int epoch = 0;
        Evaluation Validate()
        {
            if (epoch == 2)
            {
                best = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
            }

            return new Evaluation(losses[epoch++], null, null);
        }

        TrainingReport report = TrainerFor(network, 0.1).Train(xorInputs, xorTargets, new TrainingOptions { Epochs = 6, EarlyStopping = 2 }, Validate, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingStop.Early, report.Stopped);
        Assert.Equal(5, report.Epochs.Count);
        Assert.Equal(best, network.Parameters.SelectMany(parameter => parameter.Value));
        Assert.Throws<ArgumentException>(() => TrainerFor(network, 0.1).Train(xorInputs, xorTargets, new TrainingOptions { EarlyStopping = 2 }, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Cancelling_finishes_the_step_and_keeps_what_was_learnt()
    {
        Sequential<double> network = XorNetwork();
        using var cancellation = new CancellationTokenSource();
        var trainer = new Trainer<double>(network, new MeanSquaredError<double>(), new Sgd<double>(network.Parameters, 0.1))
        {
            StepProgress = new Listener<StepReport>(step =>
            {
                if (step is { Epoch: 3, Samples: 2 })
                {
                    cancellation.Cancel();
                }
            }),
        };
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        TrainingReport report = trainer.Train(xorInputs, xorTargets, new TrainingOptions { BatchSize = 2 }, cancellationToken: cancellation.Token);
        Assert.Equal(TrainingStop.Cancelled, report.Stopped);
        Assert.Equal(2, report.Epochs.Count);
        Assert.NotEqual(before, network.Parameters.SelectMany(parameter => parameter.Value));
    }

    [Fact]
    public void The_schedule_sets_the_learning_rate_and_gives_it_back()
    {
        Sequential<double> network = XorNetwork();
        var optimizer = new Sgd<double>(network.Parameters, 0.5);
        TrainingReport report = new Trainer<double>(network, new MeanSquaredError<double>(), optimizer).Train(xorInputs, xorTargets, new TrainingOptions { Epochs = 4, Schedule = new StepSchedule(2, 0.1) }, cancellationToken: TestContext.Current.CancellationToken);
        Near.Equal([0.5, 0.5, 0.05, 0.05], [.. report.Epochs.Select(epoch => epoch.LearningRate)], 1e-15, "learning rate");
        Assert.Equal(0.5, optimizer.LearningRate);
    }

    /// <summary>Against the formula on the gradients of one step: their direction stays, their length becomes the maximum.</summary>
    [Fact]
    public void Clipping_shortens_the_gradients_of_all_parameters_together()
    {
        Sequential<double> network = XorNetwork();
        var loss = new MeanSquaredError<double>();
        loss.Forward(network.Forward(xorInputs), xorTargets);
        network.Backward(loss.Backward());
        double[] gradient = [.. network.Parameters.SelectMany(parameter => parameter.Gradient)];
        double norm = Math.Sqrt(gradient.Sum(value => value * value));
        Near.Equal(norm, GradientNorm.Clip(network.Parameters, norm * 2), 1e-14, "norm");
        Assert.Equal(gradient, network.Parameters.SelectMany(parameter => parameter.Gradient));
        GradientNorm.Clip(network.Parameters, norm / 4);
        Near.Equal([.. gradient.Select(value => value / 4)], [.. network.Parameters.SelectMany(parameter => parameter.Gradient)], 1e-14, "clipped gradient");
    }

    [Fact]
    public void A_smaller_last_batch_counts_by_its_samples()
    {
        var network = new Sequential<double>(new Linear<double>(1, 1, new NumPyRandom(0)));
        network.Parameters[0].Value[0, 0] = 1;
        var optimizer = new Sgd<double>(network.Parameters, 0);
        Tensor<double> x = Tensor.Create([1.0, 2, 3], [3, 1]);
        TrainingReport report = new Trainer<double>(network, new MeanSquaredError<double>(), optimizer).Train(x, Tensor.CreateFromShape<double>([3, 1]), new TrainingOptions { Epochs = 1, BatchSize = 2, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        Near.Equal((1.0 + 4 + 9) / 3, report.Epochs[0].TrainLoss, 1e-15, "loss");
    }

    /// <summary>The gradient of a batch is that of its parts, whatever their sizes, also where the loss weighs samples.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(11)]
    public void Micro_batches_give_the_steps_of_the_whole_batch(int size)
    {
        var random = new NumPyRandom(7);
        Tensor<double> inputs = random.Randn(23, 4);
        Tensor<double> classes = Tensor.Create([.. Enumerable.Range(0, 23).Select(i => i * 7 % 5 % 3.0)], [23]);
        foreach (double[]? weights in new[] { null, new[] { 0.25, 3, 1 } })
        {
            (double[] expected, TrainingReport whole) = Run(null);
            (double[] actual, TrainingReport parts) = Run(size);
            Near.Equal(expected, actual, 1e-11, "parameters");
            Near.Equal([.. whole.Epochs.Select(epoch => epoch.TrainLoss)], [.. parts.Epochs.Select(epoch => epoch.TrainLoss)], 1e-12, "losses");
            Near.Equal([.. whole.Epochs.Select(epoch => epoch.GradientNorm)], [.. parts.Epochs.Select(epoch => epoch.GradientNorm)], 1e-11, "norms");

            (double[], TrainingReport) Run(int? microBatch)
            {
                var draws = new NumPyRandom(8);
                var network = new Sequential<double>(new Linear<double>(4, 6, draws), new LayerNorm<double>([6]), new Tanh<double>(), new Linear<double>(6, 3, draws));
                var trainer = new Trainer<double>(network, new SoftmaxCrossEntropy<double>(0.1, weights), new Sgd<double>(network.Parameters, 0.2, 0.9)) { Penalty = new Penalty<double>(network.Parameters, 1e-3, 1e-2) };
                TrainingReport report = trainer.Train(inputs, classes, new TrainingOptions { Epochs = 4, BatchSize = 10, MicroBatchSize = microBatch, ClipNorm = 0.5 }, cancellationToken: TestContext.Current.CancellationToken);
                return ([.. network.Parameters.SelectMany(parameter => parameter.Value)], report);
            }
        }
    }

    /// <summary>Batches of 10, 10 and 3 samples in parts of 4: shapes of 4, 2 and 3 samples go through the same layers.</summary>
    [Fact]
    public void A_warm_step_in_parts_allocates_nothing()
    {
        var random = new NumPyRandom(9);
        var network = new Sequential<float>(new Linear<float>(4, 6, random), new ReLU<float>(), new Linear<float>(6, 3, random));
        var loss = new Watched();
        new Trainer<float>(network, loss, new Sgd<float>(network.Parameters, 0.1)) { Penalty = new Penalty<float>(Penalty<float>.WeightsOf(network), 1e-3, 1e-3) }
            .Train(Tensor.ConvertTruncating<double, float>(random.Randn(23, 4)), Tensor.CreateFromShape<float>([23, 3]), new TrainingOptions { Epochs = 6, BatchSize = 10, MicroBatchSize = 4, ShuffleSeed = null, ClipNorm = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        const int calls = 3 + 3 + 1; // of an epoch
        long[] last = [.. loss.Allocated.TakeLast(calls)];
        Assert.Equal(6 * calls, loss.Allocated.Count);
        Assert.All(last, bytes => Assert.Equal(last[0], bytes));
    }

    /// <summary>SGD with λ₁ sign(θ) + λ₂θ added to the gradient by hand, and the losses of the data alone.</summary>
    [Fact]
    public void A_penalty_moves_the_parameters_and_is_no_part_of_the_losses()
    {
        Sequential<double> network = XorNetwork();
        double[] before = [.. network.Parameters[0].Value];
        var loss = new MeanSquaredError<double>();
        double expected = loss.Forward(network.Forward(xorInputs), xorTargets);
        network.Backward(loss.Backward());
        double[] gradient = [.. network.Parameters[0].Gradient];
        network.Parameters[0].DiscardGradient();
        TrainingReport report = new Trainer<double>(network, loss, new Sgd<double>(network.Parameters, 0.1)) { Penalty = new Penalty<double>(Penalty<double>.WeightsOf(network), 0.5, 0.25) }
            .Train(xorInputs, xorTargets, new TrainingOptions { Epochs = 1, BatchSize = 4, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        Near.Equal(expected, report.Epochs[0].TrainLoss, 1e-14, "loss");
        Near.Equal([.. before.Zip(gradient, (theta, slope) => theta - (0.1 * (slope + (0.5 * Math.Sign(theta)) + (0.25 * theta))))], network.Parameters[0].Value.ToArray(), 1e-13, "parameters");
    }

    [Fact]
    public void A_part_that_is_not_finite_ends_the_training()
    {
        Sequential<double> network = XorNetwork();
        double[] before = [.. network.Parameters.SelectMany(parameter => parameter.Value)];
        TrainingReport report = TrainerFor(network, 1).Train(Tensor.Create([0.0, 0, 0, 1, 1, 0, double.NaN, 1], [4, 2]), xorTargets, new TrainingOptions { BatchSize = 4, MicroBatchSize = 3, ShuffleSeed = null }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new NonFinite(1, 1, "the inputs"), report.Problem);
        Assert.Equal(before, network.Parameters.SelectMany(parameter => parameter.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingOptions { MicroBatchSize = 0 });
    }

    private static Sequential<double> XorNetwork()
    {
        var random = new NumPyRandom(42);
        return new Sequential<double>(new Linear<double>(2, 8, random), new ReLU<double>(), new Linear<double>(8, 1, random), new Sigmoid<double>());
    }

    private static Trainer<double> TrainerFor(Sequential<double> network, double learningRate) =>
        new(network, new MeanSquaredError<double>(), new Sgd<double>(network.Parameters, learningRate));

    /// <summary>Notes at every call how much this thread has allocated.</summary>
    private sealed class Watched : Loss<float>
    {
        public List<long> Allocated { get; } = new(1000);

        protected override float Forward(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target)
        {
            Allocated.Add(GC.GetAllocatedBytesForCurrentThread());
            return 0.5f * TensorPrimitives.SumOfSquares(prediction);
        }

        protected override void Backward(Span<float> predictionGradient) => Prediction.CopyTo(predictionGradient);
    }

    private sealed class Listener<TNews>(Action<TNews> listen) : IProgress<TNews>
    {
        public void Report(TNews value) => listen(value);
    }
}
