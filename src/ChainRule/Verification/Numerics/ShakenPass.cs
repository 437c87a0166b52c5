using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// A forward and a backward pass in which everything that goes from one layer to the next, or between the steps of one, is moved to the
/// next number above or below: what rounding may do even where moving the inputs does not show it, as in a softmax whose largest
/// output is stuck at 1.
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
        if (loss is null)
        {
            return Projection.Of(output, weights!);
        }

        return LossOf(loss, output, target!, random);
    }

    /// <summary>The gradient of the input, shaken; those of the parameters are theirs.</summary>
    public Tensor<T> Backward(NumPyRandom random)
    {
        Loss(random);
        Tensor<T> outputGradient = loss is null ? Tensor.Create(weights!.AsSpan().ToArray(), weights!.Lengths) : loss.Derivative();
        Shake(outputGradient.AsSpan(), random);
        return Backward(network, outputGradient, random);
    }

    /// <summary>L of predictions as they are, shaken within the loss.</summary>
    public static double LossOf(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, NumPyRandom random)
    {
        loss.Shake = values => ShakeValues(values, random);
        double value;
        try
        {
            value = double.CreateTruncating(loss.Forward(prediction, target));
        }
        finally
        {
            loss.Shake = null;
        }

        Shake(loss.InnerValues, random);
        return value;
    }

    /// <summary>Moves all of some values, each to a neighbour.</summary>
    private static void Shake(IEnumerable<Memory<T>> all, NumPyRandom random)
    {
        foreach (Memory<T> values in all)
        {
            ShakeValues(values.Span, random);
        }
    }

    private static Tensor<T> Forward(Layer<T> layer, Tensor<T> x, NumPyRandom random)
    {
        if (layer is Sequential<T> sequential)
        {
            return sequential.Layers.Aggregate(x, (activation, child) => Forward(child, activation, random));
        }

        Layer<T>[] parts = [.. LayerTree.Of(layer)];
        foreach (Layer<T> part in parts)
        {
            part.Shake = values => ShakeValues(values, random);
        }

        Tensor<T> output;
        try
        {
            output = layer.Forward(x);
        }
        finally
        {
            foreach (Layer<T> part in parts)
            {
                part.Shake = null;
            }
        }

        ShakeValues(output.AsSpan(), random); // in the layer's own memory, so that its backward pass sees it
        Shake(parts.SelectMany(part => part.InnerValues), random);
        foreach (BufferedLayer<T> inner in parts.Skip(1).OfType<BufferedLayer<T>>())
        {
            ShakeValues(inner.LastOutput, random);
        }

        return output;
    }

    private static Tensor<T> Backward(Layer<T> layer, Tensor<T> gradient, NumPyRandom random)
    {
        if (layer is Sequential<T> sequential)
        {
            return sequential.Layers.Reverse().Aggregate(gradient, (above, child) => Backward(child, above, random));
        }

        Tensor<T> inputGradient = layer.Backward(gradient);
        Shake(inputGradient.AsSpan(), random);
        return inputGradient;
    }

    /// <summary>No rounding makes a probability more than 1: what is within 1 stays there, and a 1 goes down.</summary>
    private static void ShakeValues(Span<T> values, NumPyRandom random)
    {
        foreach (ref T value in values)
        {
            T moved = Neighbour(value, random);
            value = T.Abs(moved) > T.One && T.Abs(value) <= T.One ? value - (moved - value) : moved;
        }
    }

    private static void Shake(Span<T> gradients, NumPyRandom random)
    {
        foreach (ref T gradient in gradients)
        {
            gradient = Neighbour(gradient, random);
        }
    }

    /// <summary>The next number above or below: no value stays, because what one that stays hides would be seen by luck alone. A 0 is exact.</summary>
    private static T Neighbour(T value, NumPyRandom random)
    {
        bool up = random.Rand() < 0.5;
        return value == T.Zero ? value : up ? T.BitIncrement(value) : T.BitDecrement(value);
    }
}
