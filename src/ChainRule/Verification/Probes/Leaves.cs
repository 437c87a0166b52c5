using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>The layers that a network runs one after the other, each with the input that reaches it.</summary>
internal static class Leaves
{
    /// <summary>Runs the network forward and keeps what passes between its layers. A layer that is no <see cref="Sequential{T}"/> counts as one.</summary>
    public static IReadOnlyList<(Layer<T> Layer, Tensor<T> Input)> Of<T>(Layer<T> network, Tensor<T> input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var leaves = new List<(Layer<T>, Tensor<T>)>();
        Walk(network, input, leaves);
        return leaves;
    }

    private static Tensor<T> Walk<T>(Layer<T> layer, Tensor<T> input, List<(Layer<T>, Tensor<T>)> leaves)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layer is not Sequential<T> sequential)
        {
            leaves.Add((layer, Tensor.Create(input.AsSpan().ToArray(), input.Lengths)));
            return layer.Forward(input);
        }

        Tensor<T> activation = input;
        foreach (Layer<T> child in sequential.Layers)
        {
            activation = Walk(child, activation, leaves);
        }

        return activation;
    }
}
