using System.Numerics;
using ChainRule.Kernels;
using ChainRule.Random;
using CsCheck;
using Xunit;

namespace ChainRule.Tests.Kernels;

/// <summary>The three products against three plain loops, for sizes around every vector length and with the edge cases 1.</summary>
public class MatrixProductTests
{
    private static readonly Gen<(int Rows, int Inner, int Columns, uint Seed)> Sizes = Gen.Select(Gen.Int[1, 35], Gen.Int[1, 35], Gen.Int[1, 35], Gen.UInt);

    [Fact]
    public void Products_of_double() => Sizes.Sample(c => Check<double>(c.Rows, c.Inner, c.Columns, c.Seed, 1e-14), iter: 300);

    [Fact]
    public void Products_of_float() => Sizes.Sample(c => Check<float>(c.Rows, c.Inner, c.Columns, c.Seed, 1e-5), iter: 300);

    [Fact]
    public void Sizes_of_one() =>
        Assert.All(
            from rows in new[] { 1, 2, 9 } from inner in new[] { 1, 2, 9 } from columns in new[] { 1, 2, 9 } select (rows, inner, columns),
            size => Check<double>(size.rows, size.inner, size.columns, 3, 1e-14));

    /// <summary>The kernels are the only unsafe code: a length that does not fit must never reach their loops.</summary>
    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        double[] three = new double[3];
        double[] four = new double[4];
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply<double>(three, four, four, 2, 2, 2, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.MultiplyTransposedLeft<double>(four, three, four, 2, 2, 2, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.MultiplyTransposedRight<double>(four, four, three, 2, 2, 2, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Multiply<double>(four, four, four, 65536, 65536, 65536, false));
    }

    private static void Check<T>(int rows, int inner, int columns, uint seed, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new NumPyRandom(seed);
        T[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.Randn()))];
        string size = $"{rows}×{inner}×{columns}";
        foreach (bool accumulate in new[] { false, true })
        {
            T[] a = Draw(rows * inner);
            T[] b = Draw(inner * columns);
            T[] c = Draw(rows * columns);
            T[] expected = Plain(rows, inner, columns, (i, p) => a[(i * inner) + p], (p, j) => b[(p * columns) + j], c, accumulate);
            MatrixProduct.Multiply<T>(a, b, c, rows, inner, columns, accumulate);
            Same(expected, c, $"A·B {size}");

            T[] upstream = Draw(rows * columns);
            c = Draw(inner * columns);
            expected = Plain(inner, rows, columns, (p, i) => a[(i * inner) + p], (i, j) => upstream[(i * columns) + j], c, accumulate);
            MatrixProduct.MultiplyTransposedLeft<T>(a, upstream, c, rows, inner, columns, accumulate);
            Same(expected, c, $"Aᵀ·B {size}");

            c = Draw(rows * inner);
            expected = Plain(rows, columns, inner, (i, j) => upstream[(i * columns) + j], (j, p) => b[(p * columns) + j], c, accumulate);
            MatrixProduct.MultiplyTransposedRight<T>(upstream, b, c, rows, columns, inner, accumulate);
            Same(expected, c, $"A·Bᵀ {size}");
        }

        void Same(T[] expected, T[] actual, string what) =>
            Near.Equal([.. expected.Select(double.CreateTruncating)], [.. actual.Select(double.CreateTruncating)], tolerance * Math.Sqrt(inner + rows + columns), what);
    }

    private static T[] Plain<T>(int rows, int inner, int columns, Func<int, int, T> a, Func<int, int, T> b, T[] c, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] result = new T[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = accumulate ? double.CreateTruncating(c[(i * columns) + j]) : 0;
                for (int p = 0; p < inner; p++)
                {
                    sum += double.CreateTruncating(a(i, p)) * double.CreateTruncating(b(p, j));
                }

                result[(i * columns) + j] = T.CreateTruncating(sum);
            }
        }

        return result;
    }
}
