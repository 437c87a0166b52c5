using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>
/// The parts that exp(x) is made of, for a register full of numbers, by additions, multiplications and one shift: exp(x) = 2ⁿ·(e + o)/(e − o).
/// </summary>
/// <remarks>
/// n is the whole number nearest to x/ln 2, and r = x − n·ln 2, so that |r| ≤ ½ ln 2. There exp(r) is the quotient of a polynomial
/// and the same one of −r, with the even part e(r²) and the odd part o = r·q(r²): Padé's approximant of degree 6, whose error is
/// below 2·10⁻¹⁹, for float of degree 3, below 6·10⁻⁹. At 0 the quotient is 1 exactly. Source: Baker and Graves-Morris, Padé Approximants (1996), section 1.2.
/// </remarks>
internal static class QuotientExponential
{
    /// <summary>exp(x): 0 below the smallest normal number's logarithm, infinite from that of 2ᵐ⁻½ on, m the exponent past the largest number's; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> bounded = Vector.Min(x, Create<T>(89, 710));
        Vector<T> shifted = Shifted(bounded);
        Vector<T> r = Remainder(bounded, shifted);
        Vector<T> square = r * r;
        Vector<T> even = Even(square);
        Vector<T> odd = Odd(r, square);
        Vector<T> result = PowerOfTwo(shifted) * ((even + odd) / (even - odd));
        return Vector.ConditionalSelect(Vector.LessThan(x, Create<T>(-87.3, -708)), Vector<T>.Zero, result);
    }

    /// <summary>
    /// tanh(x) = (exp(2x) − 1)/(exp(2x) + 1) = ((2ⁿ − 1)e + (2ⁿ + 1)o)/((2ⁿ + 1)e + (2ⁿ − 1)o): for a small x, n is 0 and o/e is
    /// left, which loses no digits. Beyond 20 it is ±1.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> twice = Vector.Max(Vector.Min(x + x, Create<T>(40, 40)), Create<T>(-40, -40));
        Vector<T> shifted = Shifted(twice);
        Vector<T> r = Remainder(twice, shifted);
        Vector<T> square = r * r;
        Vector<T> even = Even(square);
        Vector<T> odd = Odd(r, square);
        Vector<T> power = PowerOfTwo(shifted);
        Vector<T> above = power + Vector<T>.One;
        Vector<T> below = power - Vector<T>.One;
        return ((below * even) + (above * odd)) / ((above * even) + (below * odd));
    }

    /// <summary>n + 1½·2ᵈ, d the digits behind the point: so large that its last bit counts ones, the sum is rounded to a whole number and n stands in its last bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Shifted<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        (x * Create<T>(1.4426950408889634, 1.4426950408889634)) + Create<T>(12582912, 6755399441055744);

    /// <summary>r = x − n·ln 2, with ln 2 in two parts: n times the first is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Remainder<T>(Vector<T> x, Vector<T> shifted)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> n = shifted - Create<T>(12582912, 6755399441055744);
        return x - (n * Create<T>(0.693359375, 0.693145751953125)) - (n * Create<T>(-0.00021219444005469058, 1.4286068203094172e-06));
    }

    /// <summary>2ⁿ: n, added to the exponent of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> PowerOfTwo<T>(Vector<T> shifted)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? (Vector.ShiftLeft(shifted.As<T, int>(), 23) + Vector<float>.One.As<float, int>()).As<int, T>()
            : (Vector.ShiftLeft(shifted.As<T, long>(), 52) + Vector<double>.One.As<double, long>()).As<long, T>();

    /// <summary>e = 665280 + 75600r² + 840r⁴ + r⁶; for float 120 + 12r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Even<T>(Vector<T> square)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? (square * Create<T>(12, 12)) + Create<T>(120, 120)
            : (((((square + Create<T>(840, 840)) * square) + Create<T>(75600, 75600)) * square) + Create<T>(665280, 665280));

    /// <summary>o = r(332640 + 10080r² + 42r⁴); for float r(60 + r²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Odd<T>(Vector<T> r, Vector<T> square)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? (square + Create<T>(60, 60)) * r
            : ((((square * Create<T>(42, 42)) + Create<T>(10080, 10080)) * square) + Create<T>(332640, 332640)) * r;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Create<T>(double single, double full)
        where T : unmanaged, IFloatingPointIeee754<T> => new(T.CreateTruncating(typeof(T) == typeof(float) ? single : full));
}
