using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Serialization;
using ChainRule.Training;

namespace ChainRule.Cli.Prediction;

/// <summary>The models that commands take. A file may hold any numbers; a network whose weights are not finite answers NaN to everything.</summary>
internal static class ModelInput
{
    /// <summary>Reads a model that can be used.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    /// <exception cref="CommandException">A number of the network is NaN or infinite; the message names the parameter.</exception>
    public static TrainedModel<T> Read<T>(string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        TrainedModel<T> model = ModelFile.Read<T>(path);
        RequireFinite(path, model.Network);
        return model;
    }

    /// <summary>Refuses a network with a parameter or a running statistic that is not finite.</summary>
    /// <param name="path">The file that it comes from.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="CommandException">It has one.</exception>
    public static void RequireFinite<T>(string path, Layer<T> network)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach ((string name, Tensor<T> tensor) in network.Parameters.Select(parameter => (parameter.Name, parameter.Value)).Concat(network.Statistics.Select(statistic => (statistic.Name, statistic.Value))))
        {
            T[] broken = [.. tensor.Where(number => !T.IsFinite(number))];
            if (broken.Length > 0)
            {
                throw new CommandException($"'{path}': {broken.Length} of the {tensor.FlattenedLength} numbers of {name} {(broken.Length == 1 ? "is" : "are")} not finite, the first is {broken[0].ToString(null, CultureInfo.InvariantCulture)}. A network cannot compute with them; take weights from before the training diverged.");
            }
        }
    }

    /// <summary>Refuses data that the model was not made for.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data.</param>
    /// <param name="name">What the call named them.</param>
    /// <exception cref="CommandException">They have other inputs, or other classes.</exception>
    public static void RequireFit<T>(TrainedModel<T> model, DataSet<T> data, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isClassification = model.Objective.IsClassification;
        int features = model.Features ?? data.Features;
        if (features != data.Features || isClassification != data.IsClassification || (isClassification && !data.ClassNames.SequenceEqual(model.ClassNames)))
        {
            throw new CommandException($"'{name}' has {data.Features} inputs and {(data.IsClassification ? $"the classes {string.Join(", ", data.ClassNames)}" : "values to predict")}: the model expects {(model.Features is null ? "" : $"{features} inputs and ")}{(isClassification ? $"the classes {string.Join(", ", model.ClassNames)}" : "values")}.");
        }

        RequireTaken(model, data.Inputs, name);
    }

    /// <summary>Refuses samples that the network cannot compute with, whatever its first layers are.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The samples; the first is tried.</param>
    /// <param name="name">What the call named them.</param>
    /// <exception cref="CommandException">The network does not take them.</exception>
    public static void RequireTaken<T>(TrainedModel<T> model, Tensor<T> inputs, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint[] lengths = inputs.Lengths.ToArray();
        lengths[0] = 1;
        try
        {
            model.Predict(Tensor.Create(inputs.GetSpan(new nint[lengths.Length], (int)TensorPrimitives.Product<nint>(lengths)).ToArray(), lengths));
        }
        catch (ArgumentException exception)
        {
            throw new CommandException($"The model cannot compute with '{name}': {exception.Message}");
        }
    }
}
