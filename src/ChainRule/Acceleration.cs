using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.Wasm;
using System.Runtime.Intrinsics.X86;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>What the engine makes of the processor that it runs on.</summary>
public static class Acceleration
{
    /// <summary>The bits of the registers that the kernels compute with: 512, 256 or 128; 64 where there are no vector registers.</summary>
    public static int RegisterBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    /// <summary>The instruction sets that this program may use of those that matter here.</summary>
    public static IReadOnlyList<string> Features { get; } =
    [
        .. new[]
        {
            ("SSE4.1", Sse41.IsSupported), ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported), ("AVX-512DQ", Avx512DQ.IsSupported), ("NEON", AdvSimd.IsSupported), ("WebAssembly SIMD", PackedSimd.IsSupported),
        }.Where(feature => feature.Item2).Select(feature => feature.Item1),
    ];

    /// <summary>Measures how fast one core multiplies and adds when nothing else has to be done, the best of several times.</summary>
    /// <returns>10⁹ floating-point operations a second.</returns>
    public static double MeasurePeak<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => PeakArithmetic.Measure<T>();

    /// <summary>Measures the product of two square matrices, the best of several times.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <param name="threads">The threads to use.</param>
    /// <returns>10⁹ floating-point operations a second.</returns>
    public static double MeasureProduct<T>(int size, int threads)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        T[] a = new T[size * size];
        T[] c = new T[size * size];
        a.AsSpan().Fill(T.CreateTruncating(0.5));
        TimeSpan best = Timing.Best(() => MatrixProduct.Multiply(new Matrix<T>(a, size, size), new Matrix<T>(a, size, size), c, accumulate: false, threads));
        return 2.0 * size * size * size / best.TotalSeconds / 1e9;
    }
}
