using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>What the lines of the bugs need beside <see cref="MatrixOperations"/>.</summary>
internal static class TensorLines
{
    /// <summary>The elements of a tensor that lies row by row.</summary>
    public static Span<double> AsSpan(this Tensor<double> tensor) => MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), (int)tensor.FlattenedLength);

    /// <summary>Row i of a matrix.</summary>
    public static Tensor<double> Row(this Tensor<double> matrix, nint i)
    {
        nint width = matrix.Lengths[1];
        return Tensor.Create(matrix.ToDenseTensor().AsSpan().Slice((int)(i * width), (int)width).ToArray(), [width]);
    }
}
