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
}
