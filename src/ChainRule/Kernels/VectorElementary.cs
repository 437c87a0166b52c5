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
        if (OneByOne)
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

    /// <summary>
    /// tanh(x) = (1 − e) / (1 + e) with e = exp(−2|x|) and the sign of x. Below ½, where 1 − e loses digits, the quotient of
    /// polynomials that Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))) gives when it ends at 13; it is right to
    /// double precision there. Source of the fraction: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 4.5.70.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> size = Vector.Abs(x);
        Vector<T> e = Exp(size * T.CreateTruncating(-2));
        Vector<T> large = Vector.CopySign((Vector<T>.One - e) / (Vector<T>.One + e), x);
        Vector<T> s = x * x;
        Vector<T> c135135 = Vector.Create(T.CreateTruncating(135135));
        Vector<T> numerator = (((((s + Vector.Create(T.CreateTruncating(378))) * s) + Vector.Create(T.CreateTruncating(17325))) * s) + c135135) * x;
        Vector<T> denominator = (((((s * T.CreateTruncating(28)) + Vector.Create(T.CreateTruncating(3150))) * s) + Vector.Create(T.CreateTruncating(62370))) * s) + c135135;
        return Vector.ConditionalSelect(Vector.LessThan(size, Vector.Create(T.CreateTruncating(0.5))), numerator / denominator, large);
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

    // In a browser the vector forms are interpreted and some hundred times slower than native code, the scalar ones three times.
    private static bool OneByOne => OperatingSystem.IsBrowser() || !Vector.IsHardwareAccelerated;
}
