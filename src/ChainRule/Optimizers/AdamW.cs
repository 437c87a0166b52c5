using System.Numerics;

namespace ChainRule.Optimizers;

/// <summary>
/// <see cref="Adam{T}"/> with decoupled weight decay: θ shrinks by the factor 1 − ηλ in each step, whatever the size of its
/// gradients; m and v see ∂L/∂θ alone.
/// </summary>
/// <remarks>As PyTorch's <c>torch.optim.AdamW</c>. Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization (ICLR 2019).</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="parameters">The parameters.</param>
/// <param name="learningRate">η.</param>
/// <param name="beta1">β₁, from 0 up to but not including 1.</param>
/// <param name="beta2">β₂, from 0 up to but not including 1.</param>
/// <param name="epsilon">ε, at least 0.</param>
/// <param name="weightDecay">λ, at least 0.</param>
/// <param name="amsgrad">Whether to use the largest v so far.</param>
/// <exception cref="ArgumentException">A setting is out of its range, or there are no parameters.</exception>
public sealed class AdamW<T>(IEnumerable<Parameter<T>> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 1e-2, bool amsgrad = false)
    : Adam<T>(parameters, learningRate, beta1, beta2, epsilon, weightDecay, amsgrad)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected override bool DecayIsDecoupled => true;
}
