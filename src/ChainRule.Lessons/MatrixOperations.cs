using System.Numerics.Tensors;

namespace ChainRule.Lessons;

/// <summary>
/// What the formulas need and <see cref="Tensor{T}"/> does not bring along, in the plainest form: definitions, not kernels.
/// </summary>
public static class MatrixOperations
{
    /// <summary>The matrix product: (A·B)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ.</summary>
    /// <param name="left">A, shape (n, k).</param>
    /// <param name="right">B, shape (k, m).</param>
    /// <returns>A·B, shape (n, m).</returns>
    /// <exception cref="ArgumentException">The inner lengths differ, or an argument is no matrix.</exception>
    public static Tensor<double> MatMul(this Tensor<double> left, Tensor<double> right)
    {
        if (left.Rank != 2 || right.Rank != 2 || left.Lengths[1] != right.Lengths[0])
        {
            throw new ArgumentException($"A matrix product takes (n, k) and (k, m), got ({Lengths(left)}) and ({Lengths(right)}).");
        }

        Tensor<double> product = Tensor.CreateFromShape<double>([left.Lengths[0], right.Lengths[1]]);
        for (nint i = 0; i < left.Lengths[0]; i++)
        {
            for (nint j = 0; j < right.Lengths[1]; j++)
            {
                double sum = 0;
                for (nint k = 0; k < left.Lengths[1]; k++)
                {
                    sum += left[i, k] * right[k, j];
                }

                product[i, j] = sum;
            }
        }

        return product;
    }

    /// <summary>Aᵀ: rows become columns, (Aᵀ)ᵢⱼ = Aⱼᵢ.</summary>
    /// <param name="matrix">A, shape (n, m).</param>
    /// <returns>Aᵀ, shape (m, n).</returns>
    public static Tensor<double> Transpose(this Tensor<double> matrix) => Tensor.Transpose<double>(matrix);

    /// <summary>Adds up the rows: sⱼ = Σᵢ Aᵢⱼ, where the rows are the samples of the batch.</summary>
    /// <param name="matrix">A, shape (batch, m).</param>
    /// <returns>s, shape (m).</returns>
    public static Tensor<double> SumOverBatch(this Tensor<double> matrix)
    {
        Tensor<double> sums = Tensor.CreateFromShape<double>([matrix.Lengths[1]]);
        for (nint i = 0; i < matrix.Lengths[0]; i++)
        {
            for (nint j = 0; j < matrix.Lengths[1]; j++)
            {
                sums[j] += matrix[i, j];
            }
        }

        return sums;
    }

    /// <summary>Applies a function to every element: f(A)ᵢⱼ = f(Aᵢⱼ).</summary>
    /// <param name="tensor">A, of any shape.</param>
    /// <param name="function">f.</param>
    /// <returns>f(A), in the shape of A.</returns>
    public static Tensor<double> Map(this Tensor<double> tensor, Func<double, double> function) =>
        Tensor.Create([.. tensor.Select(function)], tensor.Lengths);

    private static string Lengths(Tensor<double> tensor) => string.Join(", ", tensor.Lengths.ToArray());
}
