using System.Numerics;
using ChainRule.Kernels;
using ChainRule.Random;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>Products of matrices and of their transposes against three plain loops, for sizes around every register and block, and of 1.</summary>
public class MatrixProductTests
{
    // Small ones, ones that are packed, and ones that are deeper, higher or wider than a block.
    private static readonly Gen<int> Size = Gen.Frequency((6, Gen.Int[1, 40]), (2, Gen.Int[41, 130]), (1, Gen.Int[230, 530]));
    private static readonly Gen<(int Rows, int Depth, int Columns, uint Seed)> Sizes = Gen.Select(Size, Size, Size, Gen.UInt);

    [Fact]
    public void Products_of_double() => Sizes.Sample(c => Check<double>(c.Rows, c.Depth, c.Columns, c.Seed, 1e-15), iter: 150);

    [Fact]
    public void Products_of_float() => Sizes.Sample(c => Check<float>(c.Rows, c.Depth, c.Columns, c.Seed, 5e-7), iter: 150);

    [Fact]
    public void Sizes_of_one() =>
        Assert.All(
            from rows in new[] { 1, 2, 9 } from depth in new[] { 1, 2, 9 } from columns in new[] { 1, 2, 9 } select (rows, depth, columns),
            size => Check<double>(size.rows, size.depth, size.columns, 3, 1e-15));

    /// <summary>More columns than one block of B holds.</summary>
    [Fact]
    public void Wider_than_a_block() => Check<float>(70, 40, 2500, 3, 5e-7);

    /// <summary>The kernels are the only unsafe code: a length that does not fit must never reach their loops.</summary>
    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        double[] three = new double[3];
        double[] four = new double[4];
        Assert.Throws<ArgumentException>(() => new Matrix<double>(three, 2, 2).Rows);
        Assert.Throws<ArgumentException>(() => new Matrix<double>(four, -2, -2).Rows);
        Assert.Throws<ArgumentException>(() => new Matrix<double>([], 0, 2).Rows);
        Assert.Throws<ArgumentException>(() => new Matrix<double>(four, 65536, 65536).Rows);
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new Matrix<double>(four, 2, 2), new Matrix<double>(four, 1, 4), four, false));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Multiply(new Matrix<double>(four, 2, 2), new Matrix<double>(four, 2, 2), three, true));
    }

    /// <summary>All four cases of transposition, overwriting and adding. The tolerance is for a sum of √depth terms of size 1.</summary>
    private static void Check<T>(int rows, int depth, int columns, uint seed, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new NumPyRandom(seed);
        T[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.Randn()))];
        T[] a = Draw(rows * depth);
        T[] b = Draw(depth * columns);
        T[] c = Draw(rows * columns);
        foreach (bool accumulate in new[] { false, true })
        {
            T[] expected = Plain(a, b, c, rows, depth, columns, accumulate);
            foreach ((bool transposeA, bool transposeB) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                T[] actual = [.. c];
                Matrix<T> left = transposeA ? new Matrix<T>(Turned(a, rows, depth), depth, rows).Transposed : new Matrix<T>(a, rows, depth);
                Matrix<T> right = transposeB ? new Matrix<T>(Turned(b, depth, columns), columns, depth).Transposed : new Matrix<T>(b, depth, columns);
                MatrixProduct.Multiply(left, right, actual, accumulate);
                Near.Equal(
                    [.. expected.Select(double.CreateTruncating)],
                    [.. actual.Select(double.CreateTruncating)],
                    tolerance * (4 + Math.Sqrt(depth)),
                    $"{rows}×{depth}×{columns}, A{(transposeA ? "ᵀ" : "")}·B{(transposeB ? "ᵀ" : "")}{(accumulate ? " added" : "")}");
            }
        }
    }

    private static T[] Turned<T>(T[] values, int rows, int columns) =>
        [.. from j in Enumerable.Range(0, columns) from i in Enumerable.Range(0, rows) select values[(i * columns) + j]];

    private static T[] Plain<T>(T[] a, T[] b, T[] c, int rows, int depth, int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] sums = [.. c.Select(value => accumulate ? double.CreateTruncating(value) : 0)];
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < depth; p++)
            {
                double x = double.CreateTruncating(a[(i * depth) + p]);
                for (int j = 0; j < columns; j++)
                {
                    sums[(i * columns) + j] += x * double.CreateTruncating(b[(p * columns) + j]);
                }
            }
        }

        return [.. sums.Select(T.CreateTruncating)];
    }
}
