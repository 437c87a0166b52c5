using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Verification;
using Xunit;

namespace ChainRule.Tests.Verification;

/// <summary>How the pieces of a network are measured by themselves: how far entries are moved, and what counts as a corner.</summary>
public class ExaminationTests
{
    /// <summary>√((0² + 3² + 4² + 0²)/4) = 2.5 is the usual size.</summary>
    [Fact]
    public void An_entry_is_moved_by_a_hundred_thousandth_of_itself_or_of_the_usual_size_where_that_is_larger()
    {
        double[] values = [0, 3, 4, 0];
        double[] moved = new double[4];
        Examined(
            x =>
            {
                for (int i = 0; i < x.Length; i++)
                {
                    moved[i] = Math.Max(moved[i], Math.Abs(x[i] - values[i]));
                }

                return x;
            },
            [.. values]);
        Assert.Equal([2.5e-5, 3e-5, 4e-5, 2.5e-5], moved.Select(way => Math.Round(way, 12)));
    }

    /// <summary>Near 10¹⁰ numbers are 1.9·10⁻⁶ apart: a step of 10⁻⁵ is not the same to both sides, and one of 10⁻⁶ is none or too long.</summary>
    [Theory]
    [InlineData(0.1, 0.4)]
    [InlineData(0.2, 0.3)]
    public void What_rounding_makes_of_a_large_output_is_no_corner(double first, double last) =>
        Assert.Equal([1, 1, 1], Examined(x => [x[0] + 1e10, x[1], x[2] + 1e10], first, 0.7, last).Diagonal.Select(slope => Math.Round(slope)));

    [Fact]
    public void An_entry_that_is_on_a_corner_of_several_outputs_has_no_derivative() =>
        Assert.All(Examined(x => [Math.Abs(x[0]), 2 * Math.Abs(x[0]), x[0] * x[0]], 0).Derivative(0, 0), slope => Assert.Equal(double.NaN, slope));

    /// <summary>x² has the slope 0 at 0, although it goes down on one side and up on the other.</summary>
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void The_bottom_of_a_parabola_is_no_corner(double other)
    {
        Examination e = Examined(x => [x[0] * x[0], Math.Abs(x[1])], 0, other);
        Assert.Equal(0, e.Derivative(0, 0)[0], 1e-9);
        Assert.Equal([double.NaN, double.NaN], Examined(x => [(x[0] * x[0]) + (1e-3 * Math.Abs(x[0])), x[1]], 0, 1).Derivative(0, 0));
    }

    /// <summary>A step of 0.7·10⁻⁵ from 0 meets the corner at 0.5·10⁻⁵, on whose left side 0 lies.</summary>
    [Fact]
    public void A_corner_nearby_does_not_spoil_the_slope() =>
        Assert.Equal([-1, 0], Examined(x => [Math.Abs(x[0] - 5e-6), x[1]], 0, 1).Derivative(0, 0).Select(slope => Math.Round(slope, 6)));

    [Fact]
    public void A_function_of_each_number_is_elementwise_on_corners_too()
    {
        Assert.True(Examined(x => [Math.Abs(x[0]), Math.Abs(x[1])], 0, 1).IsElementwise);
        Assert.False(Examined(x => [x[0], x[1] + x[0]], 1, 2).IsElementwise);
        Assert.False(Examined(x => [x[1], x[0]], 1, 2).IsElementwise);
        Assert.False(Examined(x => [x[0], x[1], 0], 1, 2).IsElementwise);
    }

    /// <summary>100 samples of 30 numbers are too many to measure. What a layer claims itself can be asked for three of them; what somebody claims for all cannot.</summary>
    [Fact]
    public void Claims_for_more_samples_than_can_be_measured_are_not_examined()
    {
        var piece = new TinyPiece(new NumPyRandom(1).Randn(100, 30), x => x);
        Assert.Null(Examination.OfClaims(piece, piece.Forward(), [[]]));
        Assert.Equal(3, Examination.Of(piece)!.Piece.Batch);
    }

    private static Examination Examined(Func<double[], double[]> function, params double[] values)
    {
        var piece = new TinyPiece(Tensor.Create(values, [1, values.Length]), function);
        return Examination.OfClaims(piece, [.. piece.Forward().Select(_ => 1.0)], [[]])!;
    }
}
