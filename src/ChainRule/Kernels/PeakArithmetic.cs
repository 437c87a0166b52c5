using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ChainRule.Kernels;

/// <summary>How fast one core multiplies and adds when nothing else has to be done: the ceiling of every product.</summary>
internal static class PeakArithmetic
{
    private const int Rounds = 20_000;
    private const int Chains = 12;

    /// <summary>Measures a·b + c in the widest registers, the best of several times.</summary>
    /// <returns>10⁹ floating-point operations a second; a multiplication and an addition count as two.</returns>
    public static double Measure<T>()
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector512.IsHardwareAccelerated ? Measure<T, Vector512<T>, Lanes512<T>>()
        : Vector256.IsHardwareAccelerated ? Measure<T, Vector256<T>, Lanes256<T>>()
        : Vector128.IsHardwareAccelerated ? Measure<T, Vector128<T>, Lanes128<T>>()
        : Measure<T, T, Lanes1<T>>();

    private static double Measure<T, TVector, TLanes>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TimeSpan best = Timing.Best(() => Run<T, TVector, TLanes>());
        return 2.0 * Rounds * Chains * TLanes.Count / best.TotalSeconds / 1e9;
    }

    /// <summary>Twelve chains that do not wait for each other: more than any processor's latency times its units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T Run<T, TVector, TLanes>()
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : struct
        where TLanes : struct, ILanes<T, TVector>
    {
        TVector a = TLanes.Broadcast(T.CreateTruncating(0.999));
        TVector b = TLanes.Broadcast(T.CreateTruncating(0.001));
        TVector c0 = b, c1 = b, c2 = b, c3 = b, c4 = b, c5 = b, c6 = b, c7 = b, c8 = b, c9 = b, c10 = b, c11 = b;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, a, b);
            c1 = TLanes.MultiplyAdd(c1, a, b);
            c2 = TLanes.MultiplyAdd(c2, a, b);
            c3 = TLanes.MultiplyAdd(c3, a, b);
            c4 = TLanes.MultiplyAdd(c4, a, b);
            c5 = TLanes.MultiplyAdd(c5, a, b);
            c6 = TLanes.MultiplyAdd(c6, a, b);
            c7 = TLanes.MultiplyAdd(c7, a, b);
            c8 = TLanes.MultiplyAdd(c8, a, b);
            c9 = TLanes.MultiplyAdd(c9, a, b);
            c10 = TLanes.MultiplyAdd(c10, a, b);
            c11 = TLanes.MultiplyAdd(c11, a, b);
        }

        // All chains end in the result, or the compiler would leave them out.
        TVector sum = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(TLanes.Add(c4, c5), TLanes.Add(c6, c7)));
        sum = TLanes.Add(sum, TLanes.Add(TLanes.Add(c8, c9), TLanes.Add(c10, c11)));
        Span<T> result = stackalloc T[64];
        TLanes.Store(sum, ref result[0], 0);
        return result[0];
    }
}
