using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>Elementary functions of a register full of numbers, in the forms that neither overflow nor lose digits.</summary>
internal static class VectorElementary
{
    /// <summary>exp(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (OperatingSystem.IsBrowser())
        {
            return QuotientExponential.Exp(x); // the platform's is a loop there, which is interpreted
        }

        if (!Vector.IsHardwareAccelerated)
        {
            for (int i = 0; i < Vector<T>.Count; i++)
            {
                x = x.WithElement(i, T.Exp(x[i]));
            }

            return x;
        }

        return typeof(T) == typeof(float)
            ? Exp(x.As<T, float>()).As<float, T>()
            : Vector.Exp(x.As<T, double>()).As<double, T>();

        // The platform's is off by a unit in the last place at 0, where σ(0) = ½ and softmax of one class = 1 must be exact.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector<float> Exp(Vector<float> x) =>
            Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), Vector<float>.One, Vector.Exp(x));
    }

    /// <summary>log(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (OneByOne)
        {
            for (int i = 0; i < Vector<T>.Count; i++)
            {
                x = x.WithElement(i, T.Log(x[i]));
            }

            return x;
        }

        return typeof(T) == typeof(float)
            ? Vector.Log(x.As<T, float>()).As<float, T>()
            : Vector.Log(x.As<T, double>()).As<double, T>();
    }

    /// <summary>
    /// exp(x) − 1, also where 1 takes the digits of exp(x) away: below ½ the rounding of u = exp(x) is undone by the factor
    /// x / log(u). Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 1.14.1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> ExpMinusOne<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> u = Exp(x);
        Vector<T> difference = u - Vector<T>.One;
        Vector<T> small = Vector.ConditionalSelect(Vector.Equals(u, Vector<T>.One), x, difference * (x / Log(u)));
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(T.CreateTruncating(0.5))), small, difference);
    }

    /// <summary>σ(x) = 1 / (1 + exp(−x)), with the exponential of a negative number only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> e = Exp(-Vector.Abs(x));
        Vector<T> numerator = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<T>.Zero), Vector<T>.One, e);
        return numerator / (Vector<T>.One + e);
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + e) with e = exp(−|x|); see <see cref="Elementary.LogOnePlus"/> for the logarithm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Softplus<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> e = Exp(-Vector.Abs(x));
        Vector<T> u = Vector<T>.One + e;
        Vector<T> logarithm = Vector.ConditionalSelect(Vector.Equals(u, Vector<T>.One), e, Log(u) * (e / (u - Vector<T>.One)));
        return Vector.Max(x, Vector<T>.Zero) + logarithm;
    }

    /// <summary>A function of registers full of doubles, for numbers that may be floats: where a formula would lose their digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> InDouble<T, TFunction>(TFunction f, Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TFunction : struct, IUnary<double>
    {
        if (typeof(T) == typeof(double))
        {
            return f.Invoke(x.As<T, double>()).As<double, T>();
        }

        Vector.Widen(x.As<T, float>(), out Vector<double> low, out Vector<double> high);
        return Vector.Narrow(f.Invoke(low), f.Invoke(high)).As<float, T>();
    }

    /// <summary>
    /// Φ(x), the probability that a standard normal number is at most x: ½ erfc(z) for −|x|, z = |x|/√2, and 1 minus that for |x|.
    /// With t = (z − k)/(z + k), k = 3.75, (1 + 2z) exp(z²) erfc(z) is a polynomial of t to the precision of T, over all z.
    /// Source of that form: Shepherd and Laframboise, Chebyshev Approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x &lt; ∞
    /// (Mathematics of Computation 36, 1981); the coefficients are those of the polynomial through 23 Chebyshev nodes, for float 12.
    /// </summary>
    public static Vector<T> NormalCumulative<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        NormalCumulative(x, out _);

    /// <summary>The same, and φ(x) = exp(−x²/2) / √(2π) = Φ′(x), which needs the same exponential.</summary>
    public static Vector<T> NormalCumulative<T>(Vector<T> x, out Vector<T> density)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (OneByOne)
        {
            density = x;
            for (int i = 0; i < Vector<T>.Count; i++)
            {
                double value = double.CreateTruncating(x[i]);
                x = x.WithElement(i, T.CreateTruncating(ErrorFunction.NormalCumulative(value)));
                density = density.WithElement(i, T.CreateTruncating(ErrorFunction.NormalDensity(value)));
            }

            return x;
        }

        Vector<T> k = Vector.Create(T.CreateTruncating(3.75));
        Vector<T> farthest = Vector.Create(T.CreateTruncating(40)); // where nothing is left of the tail, and before ∞/∞
        Vector<T> size = Vector.Abs(x);
        size = Vector.ConditionalSelect(Vector.GreaterThan(size, farthest), farthest, size);
        Vector<T> z = size * T.CreateTruncating(0.70710678118654752);
        Vector<T> t = (z - k) / (z + k);
        Vector<T> square = t * t;
        Vector<T> even = Vector<T>.Zero;
        Vector<T> odd = Vector<T>.Zero;
        T[] coefficients = NormalTail<T>.Coefficients;
        for (int i = 0; i + 1 < coefficients.Length; i += 2)
        {
            odd = (odd * square) + Vector.Create(coefficients[i]);
            even = (even * square) + Vector.Create(coefficients[i + 1]);
        }

        Vector<T> exponential = Exp(size * size * T.CreateTruncating(-0.5));
        density = exponential * T.CreateTruncating(0.39894228040143268);
        Vector<T> tail = (even + (odd * t)) * exponential / (Vector<T>.One + (z + z)) * T.CreateTruncating(0.5);
        return Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One - tail, tail);
    }

    private static class NormalTail<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // From the highest power of t, an odd one, to the constant.
        public static readonly T[] Coefficients = [.. (typeof(T) == typeof(float) ? single : full).Select(T.CreateTruncating)];
    }

    private static readonly double[] full =
    [
        0, -2.7293941332533855e-09, -1.952790162974837e-09, 3.256499083798513e-08, 1.8778501156468795e-08, -2.4996538037405243e-07,
        -5.0816911811698186e-08, 1.7438577411359181e-06, -9.79297529099823e-07, -1.143961526007595e-05, 2.238759272534769e-05,
        5.164737123871838e-05, -0.0002901553656394713, 0.00029371408777227685, 0.0017556261692276722, -0.00974657962081509,
        0.028362277371370044, -0.058693398584491845, 0.09230432116435616, -0.10880393014193915, 0.08227673848999159,
        0.0035854154854663067, -0.14024059858554522, 1.2375126308378275,
    ];

    private static readonly double[] single =
    [
        -0.00022874723359084774, 0.0003967046382800549, 0.0016886622311156744, -0.009845491094959295, 0.02839648212065827, -0.0586459828677125,
        0.092296367961203, -0.10881458496174144, 0.08227741756036867, 0.003586310101688852, -0.14024060801000693, 1.2375126184625718,
    ];

    // In a browser the platform's vector forms are interpreted and some hundred times slower than native code, the scalar ones three times.
    private static bool OneByOne => OperatingSystem.IsBrowser() || !Vector.IsHardwareAccelerated;
}
