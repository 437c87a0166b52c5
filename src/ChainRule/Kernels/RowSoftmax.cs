using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace ChainRule.Kernels;

/// <summary>The steps of softmax over rows: shift by the row's maximum, take exponentials, divide by the row's sum.</summary>
internal static class RowSoftmax
{
    /// <summary>shifted = z − (the maximum of z's row), which keeps the exponentials from overflowing.</summary>
    public static void Shift<T>(ReadOnlySpan<T> z, int width, Span<T> shifted)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int start = 0; start < z.Length; start += width)
        {
            ReadOnlySpan<T> row = z.Slice(start, width);
            TensorPrimitives.Subtract(row, TensorPrimitives.Max(row), shifted.Slice(start, width));
        }
    }

    /// <summary>Divides a row by its sum, and returns the sum.</summary>
    public static T Normalize<T>(Span<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = TensorPrimitives.Sum<T>(row);
        TensorPrimitives.Divide(row, sum, row);
        return sum;
    }

    /// <summary>exp(x).</summary>
    public readonly struct Exponential<T> : IUnary<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <inheritdoc/>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> x) => VectorElementary.Exp(x);
    }
}
