using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>The rectified linear unit: a = max(0, x).</summary>
/// <remarks>
/// <para>Shapes: any; a has the shape of x. Backward: ∂a/∂x = 1 where x &gt; 0, else 0; on the corner x = 0 itself, where there is no derivative, 0.</para>
/// <para>Source: Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines (ICML 2010).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ReLU<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>a = max(0, x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output) => Elementwise.Map(default(Activation), input, output);

    /// <summary>∂L/∂x = ∂L/∂a where x &gt; 0, else 0.</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => Elementwise.Map(default(Gradient), Input, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected internal override int BranchCount => Input.Length;

    /// <inheritdoc/>
    protected internal override int Branch(int unit) => Input[unit] > T.Zero ? 1 : Input[unit] < T.Zero ? -1 : 0;

    private readonly struct Activation : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero, x); // not a number stays what it is
    }

    private readonly struct Gradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), da, Vector<T>.Zero);
    }
}
