using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Serialization;
using ChainRule.Training;
using ChainRule.Verification;

namespace ChainRule.Cli.Checking;

/// <summary>Checks every parameter of one network, new or trained, and its input, on a batch of the data.</summary>
internal sealed class NetworkCheck
{
    private const int LargestBatch = 32;

    /// <summary>What was found.</summary>
    public required GradientCheckReport Report { get; init; }

    /// <summary>The order of the Taylor remainder over all parameters together, but for those on corners; not a number where all are.</summary>
    public required double TaylorOrder { get; init; }

    /// <summary>What is checked, in words.</summary>
    public required string Description { get; init; }

    /// <summary>The error of the central difference against its step.</summary>
    public required StepSweep Sweep { get; init; }

    /// <summary>Checks.</summary>
    /// <param name="settings">The network, unless a model is given, and how it is trained first.</param>
    /// <param name="modelFile">A trained model; null for a new network.</param>
    /// <param name="afterEpochs">For how many epochs the network is trained on the batch first.</param>
    /// <param name="options">Step, tolerance and sampling.</param>
    /// <param name="output">Where a download shows itself.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static NetworkCheck Run(TrainSettings settings, string? modelFile, int afterEpochs, GradientCheckOptions options, CommandOutput output, CancellationToken cancellationToken)
    {
        Part<double> wide = Part<double>.Open(settings, modelFile, output, cancellationToken);
        if (afterEpochs > 0)
        {
            wide.Train(settings, afterEpochs, cancellationToken);
        }

        Tensor<double>[] gradients = wide.Gradients();
        CheckedTensor<double>[] tensors = [.. wide.Network.Parameters.Select((parameter, i) => new CheckedTensor<double>(parameter.Name, parameter.Value, gradients[i]))];
        GradientCheckReport report = GradientCheck.Run(wide.Network, wide.Loss, wide.Inputs, wide.Targets, options);

        // A direction that leaves a corner has no second order: parameters on corners stay where they are.
        double order = TaylorTest.Order(wide.Value, [.. tensors.Where((_, i) => report.Rows[i].Verdict != GradientVerdict.Kink)], settings.Seed);

        // The steepest entry of the first weight, in both precisions at the same point.
        int steepest = Enumerable.Range(0, (int)gradients[0].FlattenedLength).MaxBy(i => Math.Abs(gradients[0].ElementAt(i)));
        double slope = gradients[0].ElementAt(steepest);
        Part<float> narrow = Part<float>.Open(settings, modelFile, output, cancellationToken);
        for (int i = 0; i < wide.Network.Parameters.Count; i++)
        {
            Tensor.ConvertTruncating<double, float>(wide.Network.Parameters[i].Value).CopyTo(narrow.Network.Parameters[i].Value);
        }

        var sweep = new StepSweep(
            $"{wide.Network.Parameters[0].Name}, entry {steepest}",
            StepSweep.Measure(() => wide.Value(), wide.Network.Parameters[0].Value, steepest, slope),
            StepSweep.Measure(() => (double)narrow.Value(), narrow.Network.Parameters[0].Value, steepest, slope));
        return new NetworkCheck
        {
            Report = report,
            TaylorOrder = order,
            Description = $"{string.Join(" → ", wide.Network.Layers)}, {wide.Loss}, {wide.Inputs.Lengths[0]} samples of {settings.Data.Name}{(afterEpochs > 0 ? $", after {afterEpochs} epochs" : "")}",
            Sweep = sweep,
        };
    }

    /// <summary>The network in one precision, with its loss and the batch.</summary>
    private sealed record Part<T>(Sequential<T> Network, Loss<T> Loss, Tensor<T> Inputs, Tensor<T> Targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static Part<T> Open(TrainSettings settings, string? modelFile, CommandOutput output, CancellationToken cancellationToken)
        {
            TrainedModel<T>? model = modelFile is null ? null : ModelFile.Read<T>(modelFile);
            DataSet<T> data = settings.Data.Open<T>(output, cancellationToken, settings.Data.IsFile ? model?.ClassNames : null).Data;
            var builder = new NetworkBuilder<T>(settings);
            Objective objective = model?.Objective ?? builder.Objective(data);
            if (model is not null)
            {
                int features = model.Network.Layers.OfType<Layers.Linear<T>>().First().Inputs;
                if (features != data.Features || objective.IsClassification != data.IsClassification || (data.IsClassification && !data.ClassNames.SequenceEqual(model.ClassNames)))
                {
                    throw new CommandException($"'{settings.Data.Name}' has {data.Features} inputs and {(data.IsClassification ? $"the classes {string.Join(", ", data.ClassNames)}" : "values to predict")}: the model expects {features} inputs and {(objective.IsClassification ? $"the classes {string.Join(", ", model.ClassNames)}" : "values")}.");
                }
            }

            Sequential<T> network = model?.Network ?? builder.Network(data.Features, objective);
            network.IsTraining = false; // a layer that draws at random has no derivative to compare
            (Tensor<T> inputs, Tensor<T> targets) = new Batches<T>(model?.Normalization?.Apply(data.Inputs) ?? data.Inputs, objective.Encode(data.Targets), LargestBatch)[0];
            return new Part<T>(network, objective.CreateLoss<T>(), inputs, targets);
        }

        public T Value() => Loss.Forward(Network.Forward(Inputs), Targets);

        public Tensor<T>[] Gradients()
        {
            Value();
            Network.Backward(Loss.Backward());
            Tensor<T>[] gradients = [.. Network.Parameters.Select(parameter => Tensor.Create(parameter.Gradient.ToArray(), parameter.Gradient.Lengths))];
            foreach (Parameter<T> parameter in Network.Parameters)
            {
                parameter.DiscardGradient();
            }

            return gradients;
        }

        public void Train(TrainSettings settings, int epochs, CancellationToken cancellationToken)
        {
            Optimizer<T> optimizer = new NetworkBuilder<T>(settings).Optimizer(Network.Parameters);
            new Trainer<T>(Network, Loss, optimizer).Train(Inputs, Targets, new TrainingOptions { Epochs = epochs, BatchSize = LargestBatch, ShuffleSeed = null }, cancellationToken: cancellationToken);
            Network.IsTraining = false;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
