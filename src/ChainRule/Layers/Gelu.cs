using System.Numerics;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Layers;

/// <summary>How <see cref="Gelu{T}"/> is computed.</summary>
public enum GeluForm
{
    /// <summary>x·Φ(x), with the normal distribution itself.</summary>
    Exact,

    /// <summary>The approximation ½x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    Tanh,
}

/// <summary>The Gaussian error linear unit: a = x·Φ(x), where Φ(x) = ½ erfc(−x/√2) is the normal distribution.</summary>
/// <remarks>
/// <para>
/// Shapes: any; a has the shape of x. Backward, by the product rule: ∂a/∂x = Φ(x) + x·φ(x), with φ(x) = exp(−x²/2)/√(2π).
/// </para>
/// <para>
/// The tanh form is a = ½x(1 + t) with t = tanh(u), u = √(2/π)(x + 0.044715x³). Backward:
/// ∂a/∂x = ½(1 + t) + ½x(1 − t²)·du/dx, du/dx = √(2/π)(1 + 3·0.044715x²). Written with s = ½(1 + t) = σ(2u), which keeps
/// its digits where t is close to −1, a = x·s and ∂a/∂x = s + 2x·s(1 − s)·du/dx.
/// </para>
/// <para>Source: Hendrycks and Gimpel, Gaussian Error Linear Units (2016).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Gelu<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double CubicFactor = 0.044715;
    private static readonly double SquareRootOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    /// <summary>Makes the layer.</summary>
    /// <param name="form">The exact form or the tanh form.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="form"/> is neither.</exception>
    public Gelu(GeluForm form = GeluForm.Exact)
    {
        if (form is not (GeluForm.Exact or GeluForm.Tanh))
        {
            throw new ArgumentOutOfRangeException(nameof(form), form, "Gelu: expected Exact or Tanh.");
        }

        Form = form;
    }

    /// <summary>The exact form or the tanh form.</summary>
    public GeluForm Form { get; }

    /// <summary>E.g. Gelu or Gelu(Tanh).</summary>
    public override string ToString() => Form == GeluForm.Exact ? "Gelu" : "Gelu(Tanh)";

    /// <summary>a = x·Φ(x).</summary>
    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        if (Form == GeluForm.Exact)
        {
            Elementwise.Map(default(Exact), input, output);
        }
        else
        {
            Elementwise.Map(default(Approximate), input, output);
        }
    }

    /// <summary>∂L/∂x = ∂L/∂a · (Φ(x) + x·φ(x)).</summary>
    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (Form == GeluForm.Exact)
        {
            Elementwise.Map(default(ExactGradient), Input, outputGradient, inputGradient);
        }
        else
        {
            Elementwise.Map(default(ApproximateGradient), Input, outputGradient, inputGradient);
        }
    }

    private readonly struct Exact : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => x * VectorElementary.NormalCumulative(x);
    }

    private readonly struct ExactGradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => da * (VectorElementary.NormalCumulative(x, out Vector<T> density) + (x * density));
    }

    // In double: far out on the left x³ is large, and the exponential of a large number has as many digits less.
    private readonly struct Approximate : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => VectorElementary.InDouble(default(ApproximateValue), x);
    }

    private readonly struct ApproximateGradient : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x, Vector<T> da) => da * VectorElementary.InDouble(default(ApproximateSlope), x);
    }

    private readonly struct ApproximateValue : IUnary<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Invoke(Vector<double> x) => x * VectorElementary.Sigmoid(U(x) * 2);
    }

    private readonly struct ApproximateSlope : IUnary<double>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<double> Invoke(Vector<double> x)
        {
            Vector<double> s = VectorElementary.Sigmoid(U(x) * 2);
            Vector<double> oneMinusS = VectorElementary.Sigmoid(U(x) * -2);
            Vector<double> uSlope = (Vector<double>.One + (x * x * (3 * CubicFactor))) * SquareRootOfTwoOverPi;
            return s + (x * s * oneMinusS * uSlope * 2);
        }
    }

    /// <summary>u = √(2/π)(x + 0.044715x³).</summary>
    private static Vector<double> U(Vector<double> x) => (x + (x * x * x * CubicFactor)) * SquareRootOfTwoOverPi;
}
