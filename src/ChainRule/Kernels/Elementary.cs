using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>Elementary functions in the forms that neither overflow nor lose digits, on one number.</summary>
internal static class Elementary
{
    /// <summary>
    /// σ(x) = 1 / (1 + exp(−x)). The exponential is always taken of a negative number: it goes to 0 where the other
    /// would overflow.
    /// </summary>
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T e = T.Exp(-T.Abs(x));
        return (x >= T.Zero ? T.One : e) / (T.One + e);
    }

    /// <summary>log(1 + exp(x)) = max(x, 0) + log(1 + exp(−|x|)).</summary>
    public static T Softplus<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        T.Max(x, T.Zero) + LogOnePlus(T.Exp(-T.Abs(x)));

    /// <summary>
    /// log(1 + x) for x ≥ −1, also where 1 + x rounds x away: the rounding of u = 1 + x is undone by the factor x / (u − 1).
    /// (.NET's <c>LogP1</c> is log(1 + x) as it stands.) Source: Goldberg, What Every Computer Scientist Should Know
    /// About Floating-Point Arithmetic (1991), theorem 4.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogOnePlus<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T u = T.One + x;
        return u == T.One ? x : T.Log(u) * (x / (u - T.One));
    }
}
