using System.Numerics.Tensors;
using Xunit;

namespace ChainRule.Lessons.Tests;

/// <summary>The four operations that the formulas are written with.</summary>
public sealed class MatrixOperationsTests
{
    private readonly Tensor<double> matrix = Tensor.Create([1.0, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void A_matrix_product_adds_up_rows_times_columns()
    {
        Tensor<double> product = matrix.MatMul(Tensor.Create([1.0, 10, 100], [3, 1]));
        Assert.Equal([2, 1], product.Lengths.ToArray());
        Assert.Equal([321.0, 654], product);
    }

    [Fact]
    public void A_matrix_product_of_shapes_that_do_not_fit_names_both() =>
        Assert.Contains("got (2, 3) and (2, 3)", Assert.Throws<ArgumentException>(() => matrix.MatMul(matrix)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_transposed_matrix_has_its_rows_as_columns()
    {
        Tensor<double> transposed = matrix.Transpose();
        Assert.Equal([3, 2], transposed.Lengths.ToArray());
        Assert.Equal([1.0, 4, 2, 5, 3, 6], transposed);
    }

    [Fact]
    public void The_sum_over_the_batch_adds_up_the_rows() => Assert.Equal([5.0, 7, 9], matrix.SumOverBatch());

    [Fact]
    public void A_function_is_applied_to_every_element_and_the_shape_stays()
    {
        Tensor<double> squares = matrix.Map(x => x * x);
        Assert.Equal([2, 3], squares.Lengths.ToArray());
        Assert.Equal([1.0, 4, 9, 16, 25, 36], squares);
    }
}
