using System.Numerics.Tensors;

namespace ChainRule.Lessons;

/// <summary>A tensor and what the formulas call it.</summary>
/// <param name="Name">W1, b1, W2 or b2.</param>
/// <param name="Value">The tensor.</param>
public sealed record NamedTensor(string Name, Tensor<double> Value);
