using System.Numerics;
using System.Numerics.Tensors;
using System.Text;
using ChainRule.Cli.Output;
using ChainRule.Cli.Rendering;
using ChainRule.Random;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary><c>chainrule train</c>: opens the data, trains, measures, and writes what was asked for.</summary>
/// <param name="settings">What was asked for.</param>
/// <param name="output">Where words and the document go.</param>
/// <param name="distribution">The processes that train together.</param>
/// <typeparam name="T">The numbers to compute with.</typeparam>
internal sealed class TrainRun<T>(TrainSettings settings, CommandOutput output, Distribution distribution)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double UsualValidation = 0.1;
    private const int FewestForValidation = 50;
    private const int HealthBatch = 256;

    private readonly NetworkBuilder<T> builder = new(settings);
    private readonly TrainView view = new(output);

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        RequireCheckpointToRead();
        (DataSet<T> all, DataSet<T>? setAside) = settings.Data.Open<T>(output, cancellationToken);
        DataSet<T>? test = OpenTest(all, cancellationToken) ?? setAside;
        double share = settings.Validation ?? (all.Count < FewestForValidation || setAside is not null ? 0 : UsualValidation);
        (DataSet<T> training, DataSet<T>? heldOut) = share > 0 ? all.Split(share, new NumPyRandom(settings.Seed)) : (all, (DataSet<T>?)null);
        if (settings.EarlyStopping is not null && heldOut is null)
        {
            throw new CommandException("--early-stopping watches held-out samples: add --validation 0.1, say.");
        }

        builder.RequireBatches(training.Count);
        Objective objective = builder.Objective(all);
        Loss<T> trainingLoss = builder.TrainingLoss(objective);
        Normalization? normalization = settings.Normalize switch
        {
            Scaling.Unit => Normalization.ToUnitInterval(training.Inputs),
            Scaling.Standard => Normalization.ToStandardScore(training.Inputs),
            _ => null,
        };
        Sequential<T> network = builder.Network(all.Features, objective);
        Optimizer<T> optimizer = builder.Optimizer(network.Parameters);
        var model = new TrainedModel<T>(network, objective, normalization, all.ClassNames, all.FeatureNames);
        Loss<T> loss = objective.CreateLoss<T>();
        Tensor<T> inputs = normalization?.Apply(training.Inputs) ?? training.Inputs;
        Tensor<T>? heldOutInputs = heldOut is null ? null : normalization?.Apply(heldOut.Inputs) ?? heldOut.Inputs;
        Tensor<T>? heldOutTargets = heldOut is null ? null : objective.Encode(heldOut.Targets);
        Func<Evaluation>? validate = heldOut is null ? null : () => Evaluation.Of(network, loss, heldOutInputs!, heldOutTargets!, objective, distribution.Collective);

        long parameterCount = network.Parameters.Sum(parameter => (long)parameter.Value.FlattenedLength);
        distribution.Ready();
        if (distribution.Roster() is { } roster)
        {
            output.People.Profile.Out.Writer.WriteLine(roster); // in one line, however long
        }

        view.Introduction(training.Count, heldOut?.Count ?? 0, all.Features, objective, network.Layers, parameterCount);
        view.Resumed(settings.Resume);
        Tensor<T> healthBatch = new Batches<T>(inputs, training.Targets, HealthBatch)[0].Inputs;
        IReadOnlyList<HealthWarning> Health() => NetworkHealth.Examine(network, healthBatch);
        TrainingReport report = view.Watch(settings.Epochs, training.Count, Health, (steps, epochs) =>
            new Trainer<T>(network, trainingLoss, optimizer) { StepProgress = steps, EpochProgress = epochs, Penalty = builder.Penalty(network), Collective = distribution.Collective }
                .Train(inputs, objective.Encode(training.Targets), builder.Options(), validate, cancellationToken));

        Evaluation? final = report.Stopped == TrainingStop.Diverged ? null : validate?.Invoke();
        Evaluation? tested = test is null || report.Stopped == TrainingStop.Diverged ? null
            : Evaluation.Of(network, loss, normalization?.Apply(test.Inputs) ?? test.Inputs, objective.Encode(test.Targets), objective, distribution.Collective);
        view.Summary(report);
        IReadOnlyList<HealthWarning> warnings = report.Stopped == TrainingStop.Diverged ? [] : Health();
        view.Warn(warnings);
        view.Score("Held-out samples", final);
        view.Score("Test samples", tested);
        if (report.Stopped != TrainingStop.Diverged && objective.IsClassification && (test ?? heldOut) is { } unseen)
        {
            view.Confusion(ConfusionMatrix.Of(objective, model.Predict(unseen.Inputs), unseen.Targets), all.ClassNames);
        }

        Write(report, model, all, normalization);
        output.WriteJson(
            new TrainDocument
            {
                Epochs = [.. report.Epochs.Select(epoch => new EpochPart(epoch))],
                Validation = final is null ? null : new ScorePart(final),
                Test = tested is null ? null : new ScorePart(tested),
                Seconds = report.Seconds,
                ParameterCount = parameterCount,
                Model = settings.Save,
                Stopped = report.Stopped,
                Problem = report.Problem,
                Warnings = warnings,
            },
            TrainJsonContext.Default.TrainDocument);
        return report.Stopped switch
        {
            TrainingStop.Diverged => Fail(Diverged(report.Problem!), ExitCode.Failed),
            TrainingStop.Cancelled => Fail($"Stopped after {report.Epochs.Count} of {settings.Epochs} epochs; what was learnt is kept.", ExitCode.Cancelled),
            _ => ExitCode.Done,
        };
    }

    private int Fail(string message, int exitCode) => distribution.IsSpeaker ? CommandLine.Fail(message, exitCode) : exitCode;

    private void RequireCheckpointToRead()
    {
        if (settings.CheckpointEvery is not null && settings.Checkpoint is null)
        {
            throw new CommandException("--checkpoint-every says how often --checkpoint FILE is written: add --checkpoint FILE.");
        }

        if (settings.Resume is { } file && distribution.IsSpeaker && !File.Exists(file))
        {
            throw new CommandException($"--resume: there is no file '{file}'.");
        }
    }

    private DataSet<T>? OpenTest(DataSet<T> training, CancellationToken cancellationToken)
    {
        if (settings.Test is not { } file)
        {
            return null;
        }

        var source = new DataSource { Name = file, Label = settings.Data.Label };
        if (!source.IsFile)
        {
            throw new CommandException($"--test: expected a CSV or npz file, got '{file}'; for other data hold samples out with --validation.");
        }

        DataSet<T> test = source.Open<T>(output, cancellationToken, training.ClassNames).Data;
        return test.Features == training.Features
            ? test
            : throw new CommandException($"--test: '{file}' has {test.Features} inputs, and '{settings.Data.Name}' has {training.Features}.");
    }

    private string Diverged(NonFinite problem) =>
        $"A number stopped being finite in epoch {problem.Epoch}, step {problem.Step}: {problem.Place}. The parameters are those of the last good epoch. Try a smaller --learning-rate, --clip-norm 1, or --normalize standard{(settings.Normalize == Scaling.Standard ? " (which is on)" : "")}.";

    private void Write(TrainingReport report, TrainedModel<T> model, DataSet<T> data, Normalization? normalization)
    {
        if (settings.Save is { } file)
        {
            ModelFile.Write(file, model);
            view.Saved("model", file);
        }

        if (settings.Log is { } log)
        {
            AtomicFile.Write(log, stream => stream.Write(Encoding.UTF8.GetBytes(EpochTable.ToCsv(report.Epochs))));
            view.Saved("log", log);
        }

        if (settings.Plot is { } plot && report.Epochs.Count > 0)
        {
            using var curves = new LearningCurves(report.Epochs);
            Picture.Write(plot, curves.Plot, 960, 600);
            view.Saved("plot", plot);
            if (data.Features == 2)
            {
                string beside = Path.Combine(Path.GetDirectoryName(plot) ?? "", $"{Path.GetFileNameWithoutExtension(plot)}-boundary{Path.GetExtension(plot)}");
                using DecisionBoundary boundary = DecisionBoundary.Draw(model, data);
                Picture.Write(beside, boundary.Plot, 720, 640);
                view.Saved("plot", beside);
            }
        }
    }
}
