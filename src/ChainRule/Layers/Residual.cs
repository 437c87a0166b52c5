using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>A way around layers: a = x + f(x), where f is the layers one after the other.</summary>
/// <remarks>
/// <para>Shapes: f(x) has the shape of x, and so has a.</para>
/// <para>
/// Backward: x reaches the loss along both ways, so their gradients add up: ∂L/∂x = ∂L/∂a + ∂L/∂a·∂f/∂x. The first term passes through
/// unchanged however many of these layers there are, which is what lets deep networks learn.
/// </para>
/// <para>
/// In PyTorch it is <c>class Residual(nn.Sequential): forward = lambda self, x: x + super().forward(x)</c>, and a model file has
/// the names of that. Source: He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition (CVPR 2016).
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Residual<T> : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TensorBuffer<T> outputs = new();
    private readonly TensorBuffer<T> inputGradients = new();
    private Tensor<T>? output;

    /// <summary>Puts a way around layers.</summary>
    /// <param name="layers">f, first to last. From now on they belong to this layer.</param>
    /// <exception cref="ArgumentException">There are no layers, or one of them already belongs to a network.</exception>
    public Residual(params Layer<T>[] layers)
    {
        Body = new Sequential<T>(layers);
        Children = [Body];
    }

    /// <summary>f.</summary>
    public Sequential<T> Body { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Layer<T>> Children { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => Body.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<RunningStatistic<T>> Statistics => Body.Statistics;

    /// <inheritdoc/>
    public override bool HasInputGradient => Body.HasInputGradient;

    /// <inheritdoc/>
    public override bool NeedsInputGradient
    {
        get => base.NeedsInputGradient;
        set => base.NeedsInputGradient = Body.NeedsInputGradient = value;
    }

    /// <summary>E.g. Residual(Linear(8, 8), ReLU).</summary>
    public override string ToString() => $"Residual({string.Join(", ", Body.Layers)})";

    /// <inheritdoc/>
    /// <remarks>a = x + f(x).</remarks>
    public override Tensor<T> Forward(Tensor<T> input)
    {
        PassGuard.RequireInput(this, input);
        Tensor<T> f = Body.Forward(input);
        if (!f.Lengths.SequenceEqual(input.Lengths))
        {
            throw new ArgumentException($"{Description}: expected layers that keep the shape of their input, {Shape.Describe(input.Lengths)}, got {Shape.Describe(f.Lengths)} from them.", nameof(input));
        }

        output = outputs.WithShape(input.Lengths);
        TensorPrimitives.Add(input.AsSpan(), f.AsSpan(), output.AsSpan());
        return output;
    }

    /// <inheritdoc/>
    /// <remarks>∂L/∂x = ∂L/∂a + ∂L/∂a·∂f/∂x.</remarks>
    public override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        PassGuard.RequireOutputGradient(this, output, outputGradient);
        Tensor<T> throughBody = Body.Backward(outputGradient);
        if (!NeedsInputGradient || !HasInputGradient)
        {
            return Tensor<T>.Empty;
        }

        Tensor<T> inputGradient = inputGradients.WithShape(outputGradient.Lengths);
        TensorPrimitives.Add(outputGradient.AsSpan(), throughBody.AsSpan(), inputGradient.AsSpan());
        return inputGradient;
    }
}
