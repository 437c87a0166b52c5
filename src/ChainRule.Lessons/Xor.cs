using System.Numerics.Tensors;

namespace ChainRule.Lessons;

/// <summary>Exclusive or: 1 where exactly one of two inputs is 1. No single straight line parts its 0s from its 1s.</summary>
public static class Xor
{
    /// <summary>All four inputs, shape (4, 2).</summary>
    public static Tensor<double> Inputs() => Tensor.Create([0.0, 0, 0, 1, 1, 0, 1, 1], [4, 2]);

    /// <summary>Their targets, shape (4, 1).</summary>
    public static Tensor<double> Targets() => Tensor.Create([0.0, 1, 1, 0], [4, 1]);
}
