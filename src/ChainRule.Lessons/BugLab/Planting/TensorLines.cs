using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>What the lines of the bugs need beside <see cref="MatrixOperations"/>.</summary>
internal static class TensorLines
{
    /// <summary>The elements of a tensor that lies row by row.</summary>
    public static Span<double> AsSpan(this Tensor<double> tensor) => MemoryMarshal.CreateSpan(ref tensor.GetPinnableReference(), (int)tensor.FlattenedLength);

    /// <summary>A copy that lies row by row.</summary>
    public static Tensor<double> Copy(this Tensor<double> tensor) => Tensor.Create([.. tensor], tensor.Lengths);

    /// <summary>A tensor of the same shape that holds 0.</summary>
    public static Tensor<double> Zeros(this Tensor<double> tensor) => Tensor.CreateFromShape<double>(tensor.Lengths);

    /// <summary>A tensor of the same shape that holds 1.</summary>
    public static Tensor<double> Ones(this Tensor<double> tensor) => tensor.Map(_ => 1);

    /// <summary>Writes the values over those of another tensor, and returns that one.</summary>
    public static Tensor<double> WriteTo(this Tensor<double> values, Tensor<double> place)
    {
        values.CopyTo(place);
        return place;
    }

    /// <summary>Row i of a matrix.</summary>
    public static Tensor<double> Row(this Tensor<double> matrix, nint i)
    {
        nint width = matrix.Lengths[1];
        return Tensor.Create(matrix.AsSpan().Slice((int)(i * width), (int)width).ToArray(), [width]);
    }

    /// <summary>The columns of a matrix from one to before another.</summary>
    public static Tensor<double> Columns(this Tensor<double> matrix, nint from, nint to)
    {
        Tensor<double> part = Tensor.CreateFromShape<double>([matrix.Lengths[0], to - from]);
        for (nint i = 0; i < matrix.Lengths[0]; i++)
        {
            for (nint j = from; j < to; j++)
            {
                part[i, j - from] = matrix[i, j];
            }
        }

        return part;
    }

    /// <summary>Two matrices side by side.</summary>
    public static Tensor<double> Beside(this Tensor<double> left, Tensor<double> right)
    {
        (nint rows, nint width) = (left.Lengths[0], left.Lengths[1]);
        Tensor<double> both = Tensor.CreateFromShape<double>([rows, width + right.Lengths[1]]);
        for (nint i = 0; i < rows; i++)
        {
            for (nint j = 0; j < both.Lengths[1]; j++)
            {
                both[i, j] = j < width ? left[i, j] : right[i, j - width];
            }
        }

        return both;
    }

    /// <summary>The rows as they were a step before: cₜ₋₁ in the place of cₜ, and 0 at the first step.</summary>
    public static Tensor<double> OneStepLater(this Tensor<double> c) =>
        c.Lengths[1] == 1 ? c.Zeros() : Tensor.CreateFromShape<double>([c.Lengths[0], 1]).Beside(c.Columns(0, c.Lengths[1] - 1));

    /// <summary>The sum of each row, at every place of the row: what is the same for a row then meets it place by place.</summary>
    /// <remarks>The operators of <see cref="Tensor{T}"/> spread a row over a matrix, and not a column.</remarks>
    public static Tensor<double> SumOfEachRow(this Tensor<double> matrix) => matrix.OfEachRow(row => TensorPrimitives.Sum(row));

    /// <summary>The mean of each row, at every place of the row.</summary>
    public static Tensor<double> MeanOfEachRow(this Tensor<double> matrix) => matrix.SumOfEachRow() / matrix.Lengths[1];

    /// <summary>exp(x) / Σ exp(x), row by row; the row's largest value is subtracted first, which changes nothing but the range.</summary>
    public static Tensor<double> Softmax(this Tensor<double> matrix)
    {
        Tensor<double> shares = (matrix - matrix.OfEachRow(row => TensorPrimitives.Max(row))).Map(Math.Exp);
        return shares / shares.SumOfEachRow();
    }

    private static Tensor<double> OfEachRow(this Tensor<double> matrix, Func<ReadOnlySpan<double>, double> function)
    {
        double[] values = [.. matrix];
        Tensor<double> result = matrix.Zeros();
        int width = (int)matrix.Lengths[1];
        for (int start = 0; start < values.Length; start += width)
        {
            result.AsSpan().Slice(start, width).Fill(function(values.AsSpan(start, width)));
        }

        return result;
    }
}
