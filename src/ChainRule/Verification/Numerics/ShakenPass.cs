using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// A forward and a backward pass in which everything that goes from one layer to the next is moved by up to one unit in the last
/// place: what rounding may do even where moving the inputs does not show it, as in a softmax whose largest output is stuck at 1.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="loss">The loss; null for a layer alone.</param>
/// <param name="input">The batch.</param>
/// <param name="target">Its targets; null without a loss.</param>
/// <param name="weights">The weights of the projection that stands for a loss.</param>
internal sealed class ShakenPass<T>(Layer<T> network, Loss<T>? loss, Tensor<T> input, Tensor<T>? target, Tensor<T>? weights)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>L, shaken.</summary>
    public double Loss(NumPyRandom random)
    {
        Tensor<T> output = Forward(network, input, random);
        return loss is null ? Projection.Of(output, weights!) : double.CreateTruncating(loss.Forward(output, target!));
    }

    /// <summary>The gradient of the input, shaken; those of the parameters are theirs.</summary>
    public Tensor<T> Backward(NumPyRandom random)
    {
        Loss(random);
        Tensor<T> outputGradient = loss is null ? Tensor.Create(weights!.AsSpan().ToArray(), weights!.Lengths) : loss.Backward();
        Shake(outputGradient, random);
        return Backward(network, outputGradient, random);
    }

    private static Tensor<T> Forward(Layer<T> layer, Tensor<T> x, NumPyRandom random)
    {
        if (layer is Sequential<T> sequential)
        {
            return sequential.Layers.Aggregate(x, (activation, child) => Forward(child, activation, random));
        }

        Tensor<T> output = layer.Forward(x);
        Shake(output, random); // in the layer's own memory, so that its backward pass sees it
        return output;
    }

    private static Tensor<T> Backward(Layer<T> layer, Tensor<T> gradient, NumPyRandom random)
    {
        if (layer is Sequential<T> sequential)
        {
            return sequential.Layers.Reverse().Aggregate(gradient, (above, child) => Backward(child, above, random));
        }

        Tensor<T> inputGradient = layer.Backward(gradient);
        Shake(inputGradient, random);
        return inputGradient;
    }

    private static void Shake(Tensor<T> tensor, NumPyRandom random)
    {
        foreach (ref T value in tensor.AsSpan())
        {
            value *= T.CreateTruncating(1 + (Subject<T>.Unit * random.Uniform(-1, 1)));
        }
    }
}
