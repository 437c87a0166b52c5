using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.Playground.Session;

/// <summary>The activations that a hidden layer may have.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    Relu,

    /// <summary>tanh z.</summary>
    Tanh,

    /// <summary>σ(z).</summary>
    Sigmoid,

    /// <summary>z above 0, a hundredth of it below.</summary>
    LeakyRelu,

    /// <summary>ln(1 + eᶻ).</summary>
    Softplus,

    /// <summary>z·σ(z).</summary>
    Silu,

    /// <summary>z·Φ(z).</summary>
    Gelu,

    /// <summary>z as it is.</summary>
    None,
}

/// <summary>What activations are made of.</summary>
internal static class ActivationExtensions
{
    /// <summary>A new layer; null where z stays as it is.</summary>
    public static Layer<T>? CreateLayer<T>(this Activation activation)
        where T : unmanaged, IFloatingPointIeee754<T> => activation switch
        {
            Activation.Relu => new ReLU<T>(),
            Activation.Tanh => new Tanh<T>(),
            Activation.Sigmoid => new Sigmoid<T>(),
            Activation.LeakyRelu => new LeakyReLU<T>(),
            Activation.Softplus => new Softplus<T>(),
            Activation.Silu => new Silu<T>(),
            Activation.Gelu => new Gelu<T>(),
            _ => null,
        };
}
