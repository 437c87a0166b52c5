using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Cli.Output;
using ChainRule.Cli.Prediction;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>A network, new or trained, with its loss and a batch of data: what a command looks at closely.</summary>
/// <param name="Network">The network, in inference mode: a layer that draws at random has no derivative to compare.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Inputs">The first samples of the data, normalised as the model wants them.</param>
/// <param name="Targets">Their targets, in the form that the loss takes.</param>
/// <param name="All">All samples of the data and their targets, in the same form.</param>
/// <typeparam name="T">The numbers to compute with.</typeparam>
internal sealed record NetworkBatch<T>(Sequential<T> Network, Loss<T> Loss, Tensor<T> Inputs, Tensor<T> Targets, (Tensor<T> Inputs, Tensor<T> Targets) All)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The most samples of a batch.</summary>
    public const int Largest = 32;

    /// <summary>Makes or reads the network and opens the data.</summary>
    /// <param name="settings">The network, unless a model is given, and the data.</param>
    /// <param name="modelFile">A trained model; null for a new network.</param>
    /// <param name="output">Where a download shows itself.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <exception cref="CommandException">The data do not go with the model.</exception>
    public static NetworkBatch<T> Open(TrainSettings settings, string? modelFile, CommandOutput output, CancellationToken cancellationToken)
    {
        TrainedModel<T>? model = modelFile is null ? null : ModelInput.Read<T>(modelFile);
        DataSet<T> data = settings.Data.Open<T>(output, cancellationToken, settings.Data.IsFile ? model?.ClassNames : null).Data;
        var builder = new NetworkBuilder<T>(settings);
        Objective objective = model?.Objective ?? builder.Objective(data);
        if (model is not null)
        {
            ModelInput.RequireFit(model, data, settings.Data.Name);
        }

        Sequential<T> network = model?.Network ?? builder.Network(data.Features, objective);
        network.IsTraining = false;
        (Tensor<T> Inputs, Tensor<T> Targets) all = (model?.Normalization?.Apply(data.Inputs) ?? data.Inputs, objective.Encode(data.Targets));
        (Tensor<T> inputs, Tensor<T> targets) = new Batches<T>(all.Inputs, all.Targets, Largest)[0];
        return new NetworkBatch<T>(network, objective.CreateLoss<T>(), inputs, targets, all);
    }

    /// <summary>The network, the loss, the data and the training, in words.</summary>
    public string Describe(TrainSettings settings, int afterEpochs) =>
        $"{string.Join(" → ", Network.Layers)}, {Loss}, {Inputs.Lengths[0]} samples of {settings.Data.Name}{(afterEpochs > 0 ? $", after {afterEpochs} epochs" : "")}";

    /// <summary>L.</summary>
    public T Value() => Loss.Forward(Network.Forward(Inputs), Targets);

    /// <summary>∂L/∂θ of every parameter.</summary>
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

    /// <summary>Trains the network on the batch.</summary>
    public void Train(TrainSettings settings, int epochs, CancellationToken cancellationToken)
    {
        Optimizer<T> optimizer = new NetworkBuilder<T>(settings).Optimizer(Network.Parameters);
        new Trainer<T>(Network, Loss, optimizer).Train(Inputs, Targets, new TrainingOptions { Epochs = epochs, BatchSize = Largest, ShuffleSeed = null }, cancellationToken: cancellationToken);
        Network.IsTraining = false;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
