using System.CommandLine;
using ChainRule.Cli.Output;
using ChainRule.Mpi;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary><c>chainrule train</c>: what it takes.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = new DataOptions();
        var test = new Option<string?>("--test") { Description = "CSV or npz file of samples to measure the trained network on.", HelpName = "DATA" };
        Option<double?> validation = OptionFactory.Number("--validation", "Share of the samples that are held out and measured after each epoch. [default: 0.1; 0 with fewer than 50 samples or a test part]", 0, 0.9);
        Option<Scaling> normalize = OptionFactory.Choice<Scaling>("--normalize", "What is done to the inputs: none, to the interval 0 to 1, or to mean 0 and deviation 1.");
        Option<IReadOnlyList<int>?> hidden = NetworkOptions.Hidden("128,64");
        Option<ActivationKind> activation = OptionFactory.Choice<ActivationKind>("--activation", "Activation of the hidden layers.");
        Option<InitializationKind> initialization = OptionFactory.Choice<InitializationKind>("--initialization", "How the weights start.");
        var noShuffle = new Option<bool>("--no-shuffle") { Description = "Keep the samples in their order." };
        Option<LossChoice> loss = NetworkOptions.Loss();
        Option<OptimizerKind> optimizer = OptionFactory.Choice<OptimizerKind>("--optimizer", "How the parameters change.");
        Option<double?> learningRate = OptionFactory.PositiveNumber("--learning-rate", "Learning rate. [default: 0.001; sgd: 0.1; adagrad: 0.01; lion: 0.0001]", "--lr");
        Option<double?> momentum = OptionFactory.Number("--momentum", "Momentum of sgd and rmsprop. [default: 0]", 0, 1);
        Option<double?> weightDecay = OptionFactory.Number("--weight-decay", "Weight decay. [default: 0; adam-w: 0.01]", 0, 1000);
        Option<ScheduleKind> schedule = OptionFactory.Choice<ScheduleKind>("--schedule", "How the learning rate changes.");
        Option<double?> clipNorm = OptionFactory.PositiveNumber("--clip-norm", "Shorten gradients that are longer than this. [default: no]");
        Option<double?> dropout = OptionFactory.Number("--dropout", "Probability that a hidden unit is left out of a step. [default: 0]", 0, 0.99);
        var batchNorm = new Option<bool>("--batch-norm") { Description = "Normalise each hidden layer over the batch, before its activation." };
        Option<double?> l1 = OptionFactory.Number("--l1", "Penalty on the sum of the weights' magnitudes; the losses that are shown are without it. [default: 0]", 0, 1000);
        Option<double?> l2 = OptionFactory.Number("--l2", "Penalty on half the sum of the weights' squares; the losses that are shown are without it. [default: 0]", 0, 1000);
        Option<double?> labelSmoothing = OptionFactory.Number("--label-smoothing", "Share of each target that all classes get alike, in training. [default: 0]", 0, 1);
        Option<long?> epochs = OptionFactory.WholeNumber("--epochs", "Passes through the samples. [default: 10]", 1, 10_000_000);
        Option<long?> batch = OptionFactory.WholeNumber("--batch", "Samples in a step. [default: 64]", 1, 1_000_000);
        Option<long?> microBatch = OptionFactory.WholeNumber("--micro-batch", "Samples that go through the network at once: a batch in parts, the same gradients with less memory. [default: the batch]", 1, 1_000_000);
        Option<Precision> precision = OptionFactory.Choice<Precision>("--precision", "Numbers of 32 or of 64 bits.");
        Option<long?> threads = OptionFactory.WholeNumber("--threads", "Threads for large products. [default: all processors]", 1, 1024);
        Option<long?> earlyStopping = OptionFactory.WholeNumber("--early-stopping", "Stop after so many epochs without a smaller validation loss. [default: no]", 1, 10_000_000);
        var save = new Option<string?>("--save") { Description = "Write the model to a safetensors file.", HelpName = "FILE" };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "Keep everything that is needed to go on after a crash in a file, and the one before it in FILE.previous.", HelpName = "FILE" };
        Option<long?> checkpointEvery = OptionFactory.WholeNumber("--checkpoint-every", "Steps between two checkpoints. [default: one at the end of each epoch]", 1, int.MaxValue);
        var resume = new Option<string?>("--resume") { Description = "Go on from a checkpoint; give the same data and settings as before.", HelpName = "FILE" };
        var log = new Option<string?>("--log") { Description = "Write a row for each epoch to a CSV file.", HelpName = "FILE" };
        var plot = new Option<string?>("--plot") { Description = "Draw loss and accuracy into a PNG or SVG file; for data with two inputs the decision boundary too, beside it.", HelpName = "FILE" };
        Option<DistributionKind> distributed = OptionFactory.Choice<DistributionKind>("--distributed", "Train with all processes that mpirun started; --batch is that of all together.");
        Option<long?> distributedTimeout = OptionFactory.WholeNumber("--distributed-timeout", "Seconds to wait for a process that does not answer. [default: 30]", 1, 86_400);
        Option<bool> json = OptionFactory.Json();
        Option<bool> quiet = OptionFactory.Quiet();
        var command = new Command("train", "Train a network on data.");
        data.AddTo(command);
        foreach (Option option in new Option[]
        {
            test, validation, normalize, hidden, activation, initialization, noShuffle, loss, optimizer, learningRate, momentum, weightDecay,
            schedule, clipNorm, dropout, batchNorm, l1, l2, labelSmoothing, epochs, batch, microBatch, precision, threads, earlyStopping, checkpoint, checkpointEvery, resume, save, log, plot, distributed, distributedTimeout, json, quiet,
        })
        {
            command.Add(option);
        }

        command.SetAction((call, cancellationToken) =>
        {
            TrainSettings Settings(bool writes) => new()
            {
                Data = data.From(call),
                Test = call.GetValue(test),
                Validation = call.GetValue(validation),
                Normalize = call.GetValue(normalize),
                Hidden = call.GetValue(hidden) ?? [128, 64],
                Activation = call.GetValue(activation),
                Initialization = call.GetValue(initialization),
                Shuffle = !call.GetValue(noShuffle),
                Loss = call.GetValue(loss).Kind(),
                Optimizer = call.GetValue(optimizer),
                LearningRate = call.GetValue(learningRate),
                Momentum = call.GetValue(momentum) ?? 0,
                WeightDecay = call.GetValue(weightDecay),
                Schedule = call.GetValue(schedule),
                ClipNorm = call.GetValue(clipNorm),
                Dropout = call.GetValue(dropout) ?? 0,
                BatchNorm = call.GetValue(batchNorm),
                L1 = call.GetValue(l1) ?? 0,
                L2 = call.GetValue(l2) ?? 0,
                LabelSmoothing = call.GetValue(labelSmoothing) ?? 0,
                Epochs = (int)(call.GetValue(epochs) ?? 10),
                Batch = (int)(call.GetValue(batch) ?? 64),
                MicroBatch = (int?)call.GetValue(microBatch),
                Seed = data.SeedOf(call),
                EarlyStopping = (int?)call.GetValue(earlyStopping),
                Checkpoint = writes ? OutputFile.Require(call.GetValue(checkpoint), "--checkpoint") : call.GetValue(checkpoint),
                CheckpointEvery = (int?)call.GetValue(checkpointEvery),
                Resume = call.GetValue(resume),
                Save = writes ? OutputFile.Require(call.GetValue(save), "--save") : null,
                Log = writes ? OutputFile.Require(call.GetValue(log), "--log") : null,
                Plot = writes ? OutputFile.Require(call.GetValue(plot), "--plot", ".png", ".svg") : null,
            };
            if (call.GetValue(threads) is { } count)
            {
                Parallelism.Threads = (int)count;
            }

            else if (call.GetValue(distributed) == DistributionKind.Mpi)
            {
                Parallelism.Threads = Math.Max(1, Parallelism.Threads / MpiCollective.ProcessesHere);
            }

            int Run(Distribution distribution)
            {
                TrainSettings settings = Settings(distribution.IsSpeaker);
                var output = CommandOutput.Open(call.GetValue(json) && distribution.IsSpeaker, call.GetValue(quiet) || !distribution.IsSpeaker);
                return call.GetValue(precision) == Precision.Float64
                    ? new TrainRun<double>(settings, output, distribution).Run(cancellationToken)
                    : new TrainRun<float>(settings, output, distribution).Run(cancellationToken);
            }

            return Task.FromResult(call.GetValue(distributed) == DistributionKind.Mpi
                ? Distribution.RunOverMpi(TimeSpan.FromSeconds(call.GetValue(distributedTimeout) ?? 30), Run)
                : Run(Distribution.None));
        });
        return command;
    }

    private enum Precision
    {
        Float32,
        Float64,
    }
}
