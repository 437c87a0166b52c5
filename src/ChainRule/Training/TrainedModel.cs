using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;

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
    /// <summary>How many numbers a sample has; null where the network does not say, e.g. because it takes sequences of any length.</summary>
    public int? Features => Normalization?.Shift.Count ?? Taken(Network);

    /// <summary>The network's outputs for samples as they come, in inference mode.</summary>
    /// <param name="inputs">One sample a row, not normalised.</param>
    /// <returns>The outputs, shape (samples, outputs), in memory that belongs to the network.</returns>
    public Tensor<T> Predict(Tensor<T> inputs)
    {
        Network.IsTraining = false;
        return Network.Forward(Normalization?.Apply(inputs) ?? inputs);
    }

    /// <summary>How many numbers of a sample a layer takes; null where it takes any number.</summary>
    private static int? Taken(Layer<T> layer)
    {
        switch (layer)
        {
            case Linear<T> linear:
                return linear.Inputs;
            case BatchNorm1d<T> norm:
                return norm.Channels;
            case Reshape<T> reshape when reshape.SampleShape.All(length => length > 0):
                return reshape.SampleShape.Aggregate(1, (product, length) => checked(product * length));
            case Concatenate<T>:
                return layer.Children.Select(Taken).FirstOrDefault(taken => taken is not null);
            case Sequential<T> or Residual<T>:
                foreach (Layer<T> child in layer.Children)
                {
                    if (Taken(child) is { } taken)
                    {
                        return taken;
                    }

                    if (!KeepsNumber(child))
                    {
                        return null;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static bool KeepsNumber(Layer<T> layer) =>
        layer is ReLU<T> or LeakyReLU<T> or Elu<T> or Hardtanh<T> or Sigmoid<T> or Tanh<T> or Softplus<T> or Silu<T> or Gelu<T> or Dropout<T> or Flatten<T>
            or LayerNorm<T> or RmsNorm<T> or Softmax<T> or LogSoftmax<T>
        || (layer is Sequential<T> or Residual<T> && layer.Children.All(KeepsNumber));
}
