using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Training;

/// <summary>A network with everything that is needed to use it on new samples.</summary>
/// <param name="Network">The network.</param>
/// <param name="Objective">What its outputs mean.</param>
/// <param name="Normalization">What is done to the inputs first; null where nothing is.</param>
/// <param name="ClassNames">The name of each class; empty for values.</param>
/// <param name="FeatureNames">The name of each feature; empty where they have none.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record TrainedModel<T>(Sequential<T> Network, Objective Objective, Normalization? Normalization, IReadOnlyList<string> ClassNames, IReadOnlyList<string> FeatureNames)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The network's outputs for samples as they come, in inference mode.</summary>
    /// <param name="inputs">One sample a row, not normalised.</param>
    /// <returns>The outputs, shape (samples, outputs), in memory that belongs to the network.</returns>
    public Tensor<T> Predict(Tensor<T> inputs)
    {
        Network.IsTraining = false;
        return Network.Forward(Normalization?.Apply(inputs) ?? inputs);
    }
}
