using System.Numerics.Tensors;
using ChainRule.Distributed;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Distributed;

/// <summary>Several ranks that share each batch train as one process with the whole batch does.</summary>
public sealed class DistributedTrainingTests : IDisposable
{
    private const int Samples = 23;
    private const int BatchSize = 9; // batches of 9, 9 and 5: no share is like the others
    private const double Tolerance = 1e-12;

    private static readonly Tensor<double> inputs = new NumPyRandom(1).Randn(Samples, 3);
    private static readonly Tensor<double> classes = Tensor.Create([.. Enumerable.Range(0, Samples).Select(i => (double)(i * 7 % 4))], [Samples]);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, "state");

    public static TheoryData<int> Sizes => [1, 2, 3, 4];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>With a learning rate of 1 a step of SGD is the gradient itself.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_gradient_is_that_of_the_whole_batch(int size)
    {
        TrainingOptions options = new() { Epochs = 1, BatchSize = BatchSize };
        (double[] expected, TrainingReport alone) = Train(SingleProcess.Instance, options);
        foreach (int bucketBytes in (int[])[1, 100, 1 << 20])
        {
            foreach ((double[] actual, TrainingReport report) in ThreadCollective.Run(size, collective => Train(collective, options, bucketBytes: bucketBytes)))
            {
                RequireNear(expected, actual);
                Assert.Equal(alone.Epochs[0].TrainLoss, report.Epochs[0].TrainLoss, Tolerance);
                Assert.Equal(alone.Epochs[0].GradientNorm, report.Epochs[0].GradientNorm, Tolerance);
            }
        }
    }

    /// <summary>A loss that weighs classes is a mean over weights, which no rank knows alone. Shares may be taken in parts.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Class_weights_count_over_the_whole_batch(int size)
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = BatchSize, MicroBatchSize = 2 };
        (double[] expected, _) = Train(SingleProcess.Instance, options with { MicroBatchSize = null }, loss: Weighted());
        Assert.All(ThreadCollective.Run(size, collective => Train(collective, options, loss: Weighted())), result => RequireNear(expected, result.Parameters));

        static Loss<double> Weighted() => new SoftmaxCrossEntropy<double>(0.1, [0.5, 1, 2, 7]);
    }

    /// <summary>Where a batch has fewer samples than there are ranks, some have none, and take part with nothing.</summary>
    [Fact]
    public void A_rank_may_have_no_sample()
    {
        TrainingOptions options = new() { Epochs = 2, BatchSize = 2 };
        (double[] expected, _) = Train(SingleProcess.Instance, options);
        Assert.All(ThreadCollective.Run(4, collective => Train(collective, options)), result => RequireNear(expected, result.Parameters));
    }

    [Fact]
    public void Adam_with_clipping_and_a_schedule_ends_alike()
    {
        TrainingOptions options = new() { Epochs = 5, BatchSize = BatchSize, ClipNorm = 0.5, Schedule = new CosineSchedule(), ShuffleSeed = 7 };
        (double[] expected, _) = Train(SingleProcess.Instance, options, optimizer: parameters => new Adam<double>(parameters, 0.01));
        Assert.All(ThreadCollective.Run(3, collective => Train(collective, options, optimizer: parameters => new Adam<double>(parameters, 0.01))), result => RequireNear(expected, result.Parameters));
    }

    /// <summary>The share's mean and variance are what batch normalisation sees; its running statistics are the same on all ranks.</summary>
    [Fact]
    public void Running_statistics_are_the_means_of_the_ranks()
    {
        TrainingOptions options = new() { Epochs = 1, BatchSize = 20, ShuffleSeed = null };
        Tensor<double> some = new NumPyRandom(3).Randn(20, 3);
        Tensor<double> some2 = Tensor.Create([.. classes.Take(20)], [20]);
        double[][] statistics = ThreadCollective.Run(2, collective =>
        {
            var network = new Sequential<double>(new BatchNorm1d<double>(3), new Linear<double>(3, 4, new NumPyRandom(5)));
            Run(network, new SoftmaxCrossEntropy<double>(), new Sgd<double>(network.Parameters, 0.1), collective, options, some, some2);
            return network.Statistics.SelectMany(statistic => statistic.Value).ToArray();
        });
        Assert.Equal(statistics[0], statistics[1]);
        for (int feature = 0; feature < 3; feature++)
        {
            double[] column = [.. Enumerable.Range(0, 20).Select(row => some[row, feature])];
            double first = Variance(column[..10]);
            double second = Variance(column[10..]);
            Assert.Equal(0.1 * column.Average(), statistics[0][feature], Tolerance);
            Assert.Equal(0.9 + (0.1 * (first + second) / 2), statistics[0][3 + feature], Tolerance);
        }

        static double Variance(double[] values) => values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1);
    }

    [Fact]
    public void Validation_is_shared_and_early_stopping_stops_all()
    {
        TrainingOptions options = new() { Epochs = 50, BatchSize = BatchSize, EarlyStopping = 2 };
        Tensor<double> heldOut = new NumPyRandom(9).Randn(700, 3);
        Tensor<double> targets = Tensor.Create([.. Enumerable.Range(0, 700).Select(i => (double)(i % 4))], [700]);
        (double[] expected, TrainingReport alone) = TrainWith(SingleProcess.Instance);
        Assert.Equal(TrainingStop.Early, alone.Stopped);
        foreach ((double[] actual, TrainingReport report) in ThreadCollective.Run(3, TrainWith))
        {
            Assert.Equal(TrainingStop.Early, report.Stopped);
            Assert.Equal(alone.Epochs.Count, report.Epochs.Count);
            Assert.Equal(alone.Epochs[^1].Validation!.Accuracy!.Value, report.Epochs[^1].Validation!.Accuracy!.Value, Tolerance);
            Assert.Equal(alone.Epochs[^1].Validation!.Loss, report.Epochs[^1].Validation!.Loss, Tolerance);
            RequireNear(expected, actual);
        }

        (double[] Parameters, TrainingReport Report) TrainWith(ICollective collective) =>
            Train(collective, options, validate: (network, loss) => Evaluation.Of(network, loss, heldOut, targets, Objective.ForClasses(LossKind.CrossEntropy, 4), collective));
    }

    /// <summary>Rank 0 writes, all go on from it: with the same bits, random numbers of dropout on each rank included.</summary>
    [Fact]
    public void A_job_that_stops_goes_on_with_the_same_bits()
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = BatchSize };
        double[] expected = ThreadCollective.Run(3, collective => Train(collective, options, dropout: 0.3))[0].Parameters;
        for (int stopAfter = 1; stopAfter < 9; stopAfter++)
        {
            TrainingOptions writing = options with { Checkpoint = new CheckpointOptions(File) { EverySteps = 1000 } };
            Assert.All(ThreadCollective.Run(3, collective => Train(collective, writing, dropout: 0.3, stopAfter: collective.Rank == 1 ? stopAfter : int.MaxValue)), result => Assert.Equal(TrainingStop.Cancelled, result.Report.Stopped));
            Assert.All(ThreadCollective.Run(3, collective => Train(collective, options with { ResumeFrom = File }, dropout: 0.3)), result => Assert.Equal(expected, result.Parameters));
        }

        Assert.Equal(["state", "state.previous"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        CollectiveOrData(() => ThreadCollective.Run(2, collective => Train(collective, options with { ResumeFrom = File }, dropout: 0.3)), "number of processes is 3, and here it is 2");

        static void CollectiveOrData(Action run, string expected) => Assert.Contains(expected, Assert.Throws<InvalidDataException>(run).Message, StringComparison.Ordinal);
    }

    /// <summary>Without random numbers in the network, the number of ranks may change.</summary>
    [Fact]
    public void Another_number_of_ranks_can_go_on()
    {
        TrainingOptions options = new() { Epochs = 3, BatchSize = BatchSize };
        (double[] expected, _) = Train(SingleProcess.Instance, options);
        ThreadCollective.Run(3, collective => Train(collective, options with { Checkpoint = new CheckpointOptions(File) { EverySteps = 1000 } }, stopAfter: 4));
        Assert.All(ThreadCollective.Run(2, collective => Train(collective, options with { ResumeFrom = File })), result => RequireNear(expected, result.Parameters));
        RequireNear(expected, Train(SingleProcess.Instance, options with { ResumeFrom = File }).Parameters);
    }

    [Theory]
    [InlineData("width", "Rank 2 does not agree with rank 0: its network is Sequential(Linear(3, 6)")]
    [InlineData("rate", "Rank 2 does not agree with rank 0: its learning rate is 0.5, and that of rank 0 is 1")]
    public void A_rank_that_disagrees_is_named(string what, string message)
    {
        CollectiveException exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(4, collective =>
            Train(collective, new TrainingOptions(), width: what == "width" && collective.Rank == 2 ? 6 : 5, optimizer: parameters => new Sgd<double>(parameters, what == "rate" && collective.Rank == 2 ? 0.5 : 1))));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.True(exception.IsCommon);
    }

    [Fact]
    public void A_rank_whose_parameters_drift_is_named()
    {
        CollectiveException exception = Assert.Throws<CollectiveException>(() => ThreadCollective.Run(3, collective =>
            Train(collective, new TrainingOptions { Epochs = 2 }, drift: collective.Rank == 1)));
        Assert.Contains("Rank 1 does not agree with rank 0: its parameters after epoch 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_is_not_finite_is_traced_to_its_rank()
    {
        Tensor<double> broken = Tensor.Create(inputs.ToArray(), inputs.Lengths);
        broken[8, 1] = double.NaN; // the last sample of the first batch is of the last rank
        TrainingReport[] reports = ThreadCollective.Run(3, collective =>
        {
            Sequential<double> network = Network(5, 0);
            return Run(network, new SoftmaxCrossEntropy<double>(), new Sgd<double>(network.Parameters, 1), collective, new TrainingOptions { BatchSize = BatchSize, ShuffleSeed = null }, broken, classes);
        });
        Assert.All(reports, report => Assert.Equal(new NonFinite(1, 1, "the inputs (rank 2)"), report.Problem));
    }

    private static (double[] Parameters, TrainingReport Report) Train(
        ICollective collective, TrainingOptions options, int bucketBytes = 1 << 20, Loss<double>? loss = null, Func<IReadOnlyList<Parameter<double>>, Optimizer<double>>? optimizer = null,
        Func<Sequential<double>, Loss<double>, Evaluation>? validate = null, double dropout = 0, int stopAfter = int.MaxValue, int width = 5, bool drift = false)
    {
        Sequential<double> network = Network(width, dropout);
        loss ??= new SoftmaxCrossEntropy<double>();
        TrainingReport report = Run(network, loss, optimizer?.Invoke(network.Parameters) ?? new Sgd<double>(network.Parameters, 1), collective, options, inputs, classes, bucketBytes, validate is null ? null : () => validate(network, loss), stopAfter, drift);
        return ([.. network.Parameters.SelectMany(parameter => parameter.Value)], report);
    }

    private static Sequential<double> Network(int width, double dropout)
    {
        var random = new NumPyRandom(4);
        return dropout > 0
            ? new Sequential<double>(new Linear<double>(3, width, random), new Tanh<double>(), new Dropout<double>(dropout, new NumPyRandom(8)), new Linear<double>(width, 4, random))
            : new Sequential<double>(new Linear<double>(3, width, random), new Tanh<double>(), new Linear<double>(width, 4, random));
    }

    private static TrainingReport Run(
        Sequential<double> network, Loss<double> loss, Optimizer<double> optimizer, ICollective collective, TrainingOptions options, Tensor<double> x, Tensor<double> y,
        int bucketBytes = 1 << 20, Func<Evaluation>? validate = null, int stopAfter = int.MaxValue, bool drift = false)
    {
        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        var progress = new Listener(() =>
        {
            steps++;
            if (steps == stopAfter - 1)
            {
                cancellation.Cancel(); // the wish travels with the next step
            }

            if (drift)
            {
                network.Parameters[0].Value[0, 0] += 1e-15;
            }
        });
        if (stopAfter == 1)
        {
            cancellation.Cancel();
        }

        return new Trainer<double>(network, loss, optimizer) { Collective = collective, BucketBytes = bucketBytes, StepProgress = progress }.Train(x, y, options, validate, cancellation.Token);
    }

    private static void RequireNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }

    private sealed class Listener(Action act) : IProgress<StepReport>
    {
        public void Report(StepReport value) => act();
    }
}
