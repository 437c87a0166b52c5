using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// A <see cref="Piece"/> under examination: how every output moves with every entry of every argument, measured by central
/// differences, and what the backward pass claims for a gradient from above.
/// </summary>
internal sealed class Examination
{
    /// <summary>The most numbers that are measured: larger pieces are examined on fewer samples, or not at all.</summary>
    private const int MostDerivatives = 4_000_000;

    private const int MostEntries = 20_000;
    private const double Step = 1e-5;

    private readonly double[][][] derivatives;
    private bool? isElementwise;

    private Examination(Piece piece, double[] upstream, double[][] claims, bool isForeign)
    {
        Piece = piece;
        Output = piece.Forward();
        Upstream = upstream;
        Claims = claims;
        IsForeign = isForeign;
        derivatives = [.. piece.Arguments.Select(Measure)];
        Right = [.. piece.Arguments.Select((_, t) => Predict(t, upstream))];
        Wrong = [.. Enumerable.Range(0, piece.Arguments.Count).Where(t => claims[t].Length > 0 && Agreement.Wrong(claims[t], Right[t]).Length > 0)];
    }

    /// <summary>What is examined.</summary>
    public Piece Piece { get; }

    /// <summary>Its output.</summary>
    public double[] Output { get; }

    /// <summary>The gradient from above, entry by entry of the output; random for a layer, 1 for a loss.</summary>
    public double[] Upstream { get; }

    /// <summary>What the backward pass claims for each argument; empty where nobody claims anything.</summary>
    public double[][] Claims { get; }

    /// <summary>What is right for each argument; not a number on corners.</summary>
    public double[][] Right { get; }

    /// <summary>The arguments whose claims are wrong.</summary>
    public IReadOnlyList<int> Wrong { get; }

    /// <summary>Whether the claims come from somewhere else than the piece's own backward pass, which then is no suspect.</summary>
    public bool IsForeign { get; }

    /// <summary>The position of the input among the arguments.</summary>
    public int Input => Piece.Arguments.Count - 1;

    /// <summary>Whether each output depends on the input of the same position and on no other.</summary>
    public bool IsElementwise => isElementwise ??= !Piece.IsLoss && IsDiagonal(derivatives[Input]);

    /// <summary>The slopes of an elementwise piece; for others with as many outputs as inputs the diagonal of their Jacobian.</summary>
    public double[] Diagonal => [.. derivatives[Input].Select((column, i) => column[i])];

    /// <summary>Examines the backward pass of a piece.</summary>
    /// <returns>Null where the piece is too large.</returns>
    public static Examination? Of(Piece piece)
    {
        double[] output = piece.Forward();
        if (Fit(piece, output.Length) is not { } smaller)
        {
            return null;
        }

        double[] upstream = smaller.IsLoss ? [1] : [.. new NumPyRandom(1).Randn(smaller.Forward().Length)];
        return new Examination(smaller, upstream, smaller.Backward(upstream), isForeign: false);
    }

    /// <summary>Examines claims that somebody makes for the parameters of a piece that is right.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="upstream">The right gradient from above.</param>
    /// <param name="claims">The claims for each argument; empty where there are none.</param>
    public static Examination? OfClaims(Piece piece, double[] upstream, double[][] claims) =>
        Fit(piece, piece.Forward().Length) == piece ? new Examination(piece, upstream, claims, isForeign: true) : null;

    /// <summary>∂(u·output)/∂argument for any u from above.</summary>
    public double[] Predict(int argument, double[] upstream) => [.. derivatives[argument].Select(column => TensorPrimitives.Dot<double>(column, upstream))];

    /// <summary>How the outputs move with one entry of an argument.</summary>
    public double[] Derivative(int argument, int entry) => derivatives[argument][entry];

    /// <summary>What the piece's own backward pass claims for another gradient from above.</summary>
    public double[][] Claim(double[] upstream) => Piece.Backward(upstream);

    /// <summary>The gradient from above with only some of its entries kept.</summary>
    public double[] Masked(Func<int, bool> isKept) => [.. Upstream.Select((value, o) => isKept(o) ? value : 0)];

    /// <summary>The sample that an output of a layer belongs to.</summary>
    public int Sample(int output) => output / (Output.Length / Piece.Batch);

    private static Piece? Fit(Piece piece, int outputs)
    {
        bool Fits(Piece candidate, long length) => candidate.Arguments.Sum(argument => (long)argument.Length) is var entries && entries <= MostEntries && entries * length <= MostDerivatives;
        if (Fits(piece, outputs))
        {
            return piece;
        }

        Piece few = piece.Take([.. Enumerable.Range(0, Math.Min(3, piece.Batch))]);
        return Fits(few, few.Forward().Length) ? few : null;
    }

    /// <summary>Whether all is 0 beside the diagonal: an output that depends on nothing else does not move by a bit. Corners are left open.</summary>
    private static bool IsDiagonal(double[][] columns) =>
        columns.Length == columns[0].Length && columns.Index().All(column => column.Item.Index().All(row => row.Index == column.Index || row.Item is 0 or double.NaN));

    /// <summary>The output with one entry moved; not numbers where the piece takes no such value, e.g. a probability above 1.</summary>
    private double[] ForwardAt(Piece.Argument argument, int entry, double value)
    {
        double before = argument.Value.AsSpan()[entry];
        argument.Value.AsSpan()[entry] = value;
        try
        {
            return Piece.Forward();
        }
        catch (ArgumentException)
        {
            return [.. Output.Select(_ => double.NaN)];
        }
        finally
        {
            argument.Value.AsSpan()[entry] = before;
        }
    }

    /// <summary>Every output's derivative by every entry; those of an entry on a corner are not numbers.</summary>
    private double[][] Measure(Piece.Argument argument)
    {
        double[] values = argument.Value.AsSpan().ToArray();
        double usual = Math.Sqrt(values.Sum(value => value * value) / values.Length);
        double largest = Output.Max(Math.Abs);
        double[][] columns = new double[values.Length][];
        for (int e = 0; e < values.Length; e++)
        {
            double step = Step * Math.Max(Math.Abs(values[e]), usual > 0 ? usual : 1);
            (columns[e], double[] bends) = Move(argument, e, step);
            double rounding = 1e-13 * largest / step;
            int[] bent = [.. Enumerable.Range(0, bends.Length).Where(o => bends[o] > rounding + (0.02 * Math.Abs(columns[e][o])))];
            if (bent.Length > 0)
            {
                // On a curve the slopes of a tenth of the step differ a tenth as much, on a corner as much as before.
                (columns[e], double[] nearby) = Move(argument, e, step / 10);
                if (bent.Any(o => nearby[o] > bends[o] / 5))
                {
                    columns[e].AsSpan().Fill(double.NaN);
                }
            }
        }

        return columns;
    }

    /// <summary>The slope of every output where one entry is moved to both sides, and how much the slopes of the two sides differ.</summary>
    private (double[] Slopes, double[] Bends) Move(Piece.Argument argument, int entry, double step)
    {
        double value = argument.Value.AsSpan()[entry];
        (double above, double below) = (value + step, value - step);
        double[] right = ForwardAt(argument, entry, above);
        double[] left = ForwardAt(argument, entry, below);
        return (
            [.. right.Zip(left, (toRight, toLeft) => (toRight - toLeft) / (above - below))],
            [.. Output.Select((here, o) => Math.Abs(((right[o] - here) / (above - value)) - ((here - left[o]) / (value - below))))]);
    }
}
