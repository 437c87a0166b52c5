using System.Numerics.Tensors;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;
using Xunit;

namespace ChainRule.Tests.Training;

/// <summary>A run that stops anywhere and goes on from its checkpoint ends with the bits of one that never stopped.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Samples = 10;
    private const int BatchSize = 4; // the last batch of an epoch is smaller
    private const int Epochs = 3;
    private const int Steps = 3 * Epochs;

    private static readonly Tensor<double> inputs = new NumPyRandom(1).Randn(Samples, 3);
    private static readonly Tensor<double> targets = new NumPyRandom(2).Randn(Samples, 2);

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(folder, "state");

    private string Previous => $"{File}.previous";

    public static TheoryData<string> Optimizers => ["Sgd", "Momentum", "Adam", "Amsgrad", "AdamW"];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_run_that_stops_after_any_step_goes_on_with_the_same_bits(string optimizer)
    {
        foreach (int? microBatch in new int?[] { null, 3 })
        {
            GoesOnAnywhere(optimizer, microBatch);
        }
    }

    private void GoesOnAnywhere(string optimizer, int? microBatch)
    {
        (double[] expected, TrainingReport whole) = Run(optimizer, Options() with { MicroBatchSize = microBatch });
        for (int stopAfter = 0; stopAfter < Steps; stopAfter++)
        {
            System.IO.File.Delete(File);
            TrainingOptions options = Options() with { MicroBatchSize = microBatch, Checkpoint = new CheckpointOptions(File) { EverySteps = 1000 } };
            (_, TrainingReport first) = Run(optimizer, options, stopAfter);
            Assert.Equal(TrainingStop.Cancelled, first.Stopped);
            (double[] actual, TrainingReport second) = Run(optimizer, options with { ResumeFrom = File });
            Assert.Equal(TrainingStop.Finished, second.Stopped);
            Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(whole.Epochs.Select(Numbers), second.Epochs.Select(Numbers));
        }
    }

    [Fact]
    public void Checkpoints_come_as_often_as_they_are_asked_for_and_the_one_before_is_kept()
    {
        Run("Adam", Options() with { Epochs = 1, Checkpoint = new CheckpointOptions(File) });
        Assert.False(System.IO.File.Exists(Previous));
        byte[] afterOne = System.IO.File.ReadAllBytes(File);
        Run("Adam", Options() with { Epochs = 2, Schedule = new CosineSchedule(), Checkpoint = new CheckpointOptions(File) });
        Assert.NotEqual(afterOne, System.IO.File.ReadAllBytes(Previous)); // that of the second run's first epoch

        // 9 steps, one checkpoint after every fourth and one at the end.
        System.IO.File.Delete(File);
        System.IO.File.Delete(Previous);
        Run("Adam", Options() with { Checkpoint = new CheckpointOptions(File) { EverySteps = 4 } });
        (double[] end, _) = Run("Adam", Options());
        (double[] fromLast, _) = Run("Adam", Options() with { ResumeFrom = File });
        (double[] fromPrevious, TrainingReport report) = Run("Adam", Options() with { ResumeFrom = Previous });
        Assert.Equal(end, fromLast);
        Assert.Equal(end, fromPrevious);
        Assert.Equal(Epochs, report.Epochs.Count);
    }

    /// <summary>The best parameters so far are part of the state, and so is how long they have been the best.</summary>
    [Fact]
    public void Early_stopping_goes_on_counting()
    {
        double[] losses = [3, 1, 2, 2, 0.5];
        (double[] Parameters, TrainingReport Report) RunWith(TrainingOptions options, int firstEpoch, int stopAfter = int.MaxValue)
        {
            int epoch = firstEpoch;
            return Run("Adam", options with { Epochs = 5, EarlyStopping = 2, Schedule = LearningRateSchedule.Constant }, stopAfter, () => new Evaluation(losses[epoch++], null, null));
        }

        (double[] expected, TrainingReport whole) = RunWith(Options(), 0);
        Assert.Equal(TrainingStop.Early, whole.Stopped);
        RunWith(Options() with { Checkpoint = new CheckpointOptions(File) }, 0, stopAfter: 3 * 3);
        (double[] actual, TrainingReport report) = RunWith(Options() with { ResumeFrom = File }, 3);
        Assert.Equal(TrainingStop.Early, report.Stopped);
        Assert.Equal(4, report.Epochs.Count);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_by_name_and_the_one_before_it_is_offered()
    {
        Run("Adam", Options() with { Checkpoint = new CheckpointOptions(File) });
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (int position in new[] { 0, 9, 30, whole.Length / 2, whole.Length - 1 })
        {
            byte[] damaged = [.. whole];
            damaged[position] ^= 0x10;
            AssertRefused(damaged, Previous);
        }

        AssertRefused(whole[..^1], Previous);
        AssertRefused(whole[..12], Previous);
        AssertRefused([], Previous);
        System.IO.File.WriteAllBytes(Previous, [1, 2, 3]);
        Assert.DoesNotContain("resume from that", AssertRefused(whole[..^1], File).Message, StringComparison.Ordinal);
    }

    /// <summary>The numbers come back as they are; training that goes on with NaN stops at its first step.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Weights_that_are_not_finite_come_back_from_a_checkpoint_and_are_told(double number)
    {
        TrainingOptions options = Options() with { Checkpoint = new CheckpointOptions(File) { EverySteps = 1000 } };
        (double[] parameters, _) = Run("Adam", options, stopAfter: 4);
        byte[] file = System.IO.File.ReadAllBytes(File);
        int place = file.AsSpan().IndexOf(BitConverter.GetBytes(parameters[0]));
        Assert.True(place > 0);
        BitConverter.TryWriteBytes(file.AsSpan(place), number);
        System.Security.Cryptography.SHA256.HashData(file.AsSpan(16..^32), file.AsSpan(^32..));
        System.IO.File.WriteAllBytes(File, file);
        (double[] resumed, _) = Run("Adam", Options() with { ResumeFrom = File }, stopAfter: 0);
        parameters[0] = number;
        Assert.Equal(parameters.Select(BitConverter.DoubleToInt64Bits), resumed.Select(BitConverter.DoubleToInt64Bits));
        if (double.IsNaN(number))
        {
            Assert.Equal(TrainingStop.Diverged, Run("Adam", Options() with { ResumeFrom = File }).Report.Stopped);
        }
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_the_setting_that_differs()
    {
        Run("Adam", Options() with { Checkpoint = new CheckpointOptions(File), Settings = [new("data", "moons")] });
        TrainingOptions same = Options() with { ResumeFrom = File, Settings = [new("data", "moons")] };
        Run("Adam", same);
        Refused("its optimizer is Adam, and here it is Sgd", "Sgd", same);
        Refused("its batch size is 4, and here it is 5", "Adam", same with { BatchSize = 5 });
        Refused("its micro-batch size is none, and here it is 2", "Adam", same with { MicroBatchSize = 2 });
        Refused("its shuffle seed is 42, and here it is none", "Adam", same with { ShuffleSeed = null });
        Refused("its data is moons, and here it is xor", "Adam", same with { Settings = [new("data", "xor")] });
        Refused("its schedule is CosineSchedule", "Adam", same with { Schedule = LearningRateSchedule.Constant });

        void Refused(string problem, string optimizer, TrainingOptions options) =>
            Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Run(optimizer, options)).Message, StringComparison.Ordinal);
    }

    /// <summary>A checkpoint that cannot be written stops the run with a message and leaves the last one as it was.</summary>
    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_last_one()
    {
        Directory.CreateDirectory(File);
        Assert.Contains("it is a folder", Assert.Throws<IOException>(() => Run("Adam", Options() with { Checkpoint = new CheckpointOptions(File) })).Message, StringComparison.Ordinal);
        string nowhere = Path.Combine(folder, "no", "state");
        Assert.Contains("there is no folder", Assert.Throws<IOException>(() => Run("Adam", Options() with { Checkpoint = new CheckpointOptions(nowhere) })).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder));
    }

    private InvalidDataException AssertRefused(byte[] content, string named)
    {
        System.IO.File.WriteAllBytes(File, content);
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Run("Adam", Options() with { ResumeFrom = File }));
        Assert.StartsWith($"'{File}' is no checkpoint", exception.Message, StringComparison.Ordinal);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        return exception;
    }

    private static (int Epoch, double Rate, double Loss, double Norm) Numbers(EpochReport report) => (report.Epoch, report.LearningRate, report.TrainLoss, report.GradientNorm);

    private static TrainingOptions Options() => new() { Epochs = Epochs, BatchSize = BatchSize, Schedule = new CosineSchedule(), ClipNorm = 1 };

    /// <summary>Trains a new network from the same start; cancels after so many steps.</summary>
    private static (double[] Parameters, TrainingReport Report) Run(string name, TrainingOptions options, int stopAfter = int.MaxValue, Func<Evaluation>? validation = null)
    {
        var random = new NumPyRandom(7);
        var network = new Sequential<double>(new Linear<double>(3, 6, random), new Tanh<double>(), new Dropout<double>(0.3, new NumPyRandom(8)), new Linear<double>(6, 2, random));
        Optimizer<double> optimizer = name switch
        {
            "Sgd" => new Sgd<double>(network.Parameters, 0.1),
            "Momentum" => new Sgd<double>(network.Parameters, 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01),
            "Amsgrad" => new Adam<double>(network.Parameters, 0.01, amsgrad: true),
            "AdamW" => new AdamW<double>(network.Parameters, 0.01),
            _ => new Adam<double>(network.Parameters, 0.01),
        };
        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        if (stopAfter == 0)
        {
            cancellation.Cancel();
        }

        var progress = new StepCounter(() =>
        {
            if (++steps == stopAfter)
            {
                cancellation.Cancel();
            }
        });
        TrainingReport report = new Trainer<double>(network, new MeanSquaredError<double>(), optimizer) { StepProgress = progress }
            .Train(inputs, targets, options, validation, cancellation.Token);
        return ([.. network.Parameters.SelectMany(parameter => parameter.Value)], report);
    }

    private sealed class StepCounter(Action count) : IProgress<StepReport>
    {
        public void Report(StepReport value) => count();
    }
}
