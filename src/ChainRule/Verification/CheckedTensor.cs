using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>A tensor that a loss depends on, and the gradient that somebody claims for it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Name">What the report calls it.</param>
/// <param name="Value">θ: the tensor that the loss reads. The check changes it entry by entry and puts every bit back.</param>
/// <param name="Gradient">The claimed ∂L/∂θ, in the shape of θ.</param>
public sealed record CheckedTensor<T>(string Name, Tensor<T> Value, Tensor<T> Gradient)
    where T : unmanaged, IFloatingPointIeee754<T>;
