using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>A tensor θ that training changes, and ∂L/∂θ beside it.</summary>
/// <remarks>
/// Gradients add up over several calls of <see cref="Layer{T}.Backward"/> until the optimizer steps. The first
/// <see cref="Layer{T}.Backward"/> after a step overwrites them, so that nobody has to clear them.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a parameter that starts at <paramref name="value"/>.</summary>
    /// <param name="name">What the layer calls it, e.g. <c>weight</c>.</param>
    /// <param name="value">The tensor itself, not a copy: training changes it in place.</param>
    /// <exception cref="ArgumentException">The name is empty, or the tensor is empty or strided.</exception>
    public Parameter(string name, Tensor<T> value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!Shape.IsBatch(value))
        {
            throw Shape.NotABatch(value, $"The value of parameter '{name}'", nameof(value));
        }

        Name = name;
        Value = value;
        Gradient = Tensor.CreateFromShape<T>(value.Lengths);
    }

    /// <summary>The parameter's name: <c>weight</c> in a layer, <c>layer1.weight</c> in a network.</summary>
    public string Name { get; internal set; }

    /// <summary>θ.</summary>
    public Tensor<T> Value { get; }

    /// <summary>∂L/∂θ, in the shape of <see cref="Value"/>. After a step it still shows the gradient of that step.</summary>
    public Tensor<T> Gradient { get; }

    /// <summary>Whether <see cref="Gradient"/> has been filled since the last step.</summary>
    public bool HasGradient { get; private set; }

    /// <summary>
    /// The memory of <see cref="Gradient"/>, row by row, for a layer to add its ∂L/∂θ to with <c>+=</c>.
    /// The first call after a step hands it out filled with zeros.
    /// </summary>
    public Span<T> AccumulateGradient()
    {
        Span<T> gradient = BeginGradient(out bool accumulate);
        if (!accumulate)
        {
            gradient.Clear();
        }

        return gradient;
    }

    /// <summary>Forgets what has been added up: the next <see cref="Layer{T}.Backward"/> overwrites the gradient.</summary>
    public void DiscardGradient() => HasGradient = false;

    /// <summary>The gradient's memory, and whether to add to it or to overwrite it: saves the clearing.</summary>
    internal Span<T> BeginGradient(out bool accumulate)
    {
        accumulate = HasGradient;
        HasGradient = true;
        return Gradient.AsSpan();
    }
}
