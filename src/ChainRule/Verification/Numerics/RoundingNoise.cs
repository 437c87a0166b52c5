using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// How far rounding moves a number that is computed from tensors: measured, not guessed. Between points that lie a few units in
/// the last place apart a smooth function changes like a line, and what is left of it in differences of high order is rounding.
/// </summary>
/// <remarks>
/// The k-th difference of independent errors of variance σ² has the variance σ²·(2k)!/(k!)². Source: Moré and Wild, Estimating
/// Computational Noise (SIAM Journal on Scientific Computing 33, 2011).
/// </remarks>
internal static class RoundingNoise
{
    /// <summary>Nothing that was measured lay this many σ off, in a normal distribution once in 10⁹ times.</summary>
    public const double Deviations = 6;

    private const int Lines = 3;
    private const int Points = 10;
    private const int LowestOrder = 3;
    private const int HighestOrder = 4;

    // Far enough apart that every operation rounds anew, near enough that the function is a line.
    private const double UnitsApart = 16;

    /// <summary>How far rounding may move each of some numbers.</summary>
    /// <param name="numbers">Computes them from the tensors as they are.</param>
    /// <param name="tensors">The tensors. Every bit is put back.</param>
    /// <param name="seed">The seed of the lines along which they are moved.</param>
    public static double[] Of<T>(Func<double[]> numbers, IReadOnlyList<Tensor<T>> tensors, uint seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double unit = UnitsApart * double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        var random = new NumPyRandom(seed);
        double[][] sums = [];
        for (int line = 0; line < Lines; line++)
        {
            double[][] direction = [.. tensors.Select(tensor => Direction(tensor, random))];
            double[]?[] values = new double[]?[Points];
            for (int i = 0; i < Points; i++)
            {
                values[i] = At(numbers, tensors, direction, unit * (i - (Points / 2)));
            }

            if (values.Any(value => value is null))
            {
                continue; // beyond where the function is defined
            }

            sums = sums.Length > 0 ? sums : [.. Enumerable.Range(0, HighestOrder - LowestOrder + 1).Select(_ => new double[values[0]!.Length])];
            AddDifferences(values!, sums);
        }

        if (sums.Length == 0)
        {
            return new double[numbers().Length];
        }

        // What is not rounding falls as the order rises: the smallest is the nearest.
        return [.. sums[0].Select((_, i) => Deviations * sums.Min(order => order[i]) / Math.Sqrt(Lines))];
    }

    /// <summary>How far rounding may move each of some numbers, when their computation can be repeated with roundings at random.</summary>
    /// <param name="shaken">Computes them so.</param>
    /// <param name="still">The numbers as they are.</param>
    /// <param name="seed">The seed.</param>
    public static double[] OfShaken(Func<NumPyRandom, double[]> shaken, double[] still, uint seed)
    {
        var random = new NumPyRandom(seed);
        double[] sums = new double[still.Length];
        for (int i = 0; i < Points; i++)
        {
            double[] numbers = shaken(random);
            for (int k = 0; k < numbers.Length; k++)
            {
                sums[k] = double.Hypot(sums[k], numbers[k] - still[k]);
            }
        }

        return [.. sums.Select(sum => Deviations * sum / Math.Sqrt(Points))];
    }

    private static double[]? At<T>(Func<double[]> numbers, IReadOnlyList<Tensor<T>> tensors, double[][] direction, double distance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var line = new DirectionLine<T>(() => 0, tensors, direction);
        try
        {
            return line.At(distance, numbers);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Adds what the differences of each order say of the values' deviation, as roots of sums of squares.</summary>
    /// <remarks>In units of the largest value: the square of what is left of an exponential may be no number, and it has its rounding all the same.</remarks>
    private static void AddDifferences(double[][] values, double[][] sums)
    {
        double[] row = new double[Points];
        for (int number = 0; number < values[0].Length; number++)
        {
            double size = 0;
            for (int i = 0; i < Points; i++)
            {
                row[i] = values[i][number];
                size = Math.Max(size, Math.Abs(row[i]));
            }

            if (size == 0 || !double.IsFinite(size))
            {
                continue; // beyond where the number is defined, too
            }

            TensorPrimitives.Divide(row, size, row);
            double variance = 1; // (2k)!/(k!)²
            for (int order = 1; order <= HighestOrder; order++)
            {
                variance *= (2.0 * order) * ((2.0 * order) - 1) / (order * order);
                double sum = 0;
                for (int i = 0; i < Points - order; i++)
                {
                    row[i] = row[i + 1] - row[i];
                    sum += row[i] * row[i];
                }

                if (order >= LowestOrder)
                {
                    ref double all = ref sums[order - LowestOrder][number];
                    all = double.Hypot(all, size * Math.Sqrt(sum / ((Points - order) * variance)));
                }
            }
        }
    }

    /// <summary>Moves every value by its own share, and a 0 by that of its neighbours.</summary>
    private static double[] Direction<T>(Tensor<T> tensor, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double magnitude = Magnitude.Of(tensor);
        double[] direction = new double[tensor.FlattenedLength];
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = random.Uniform(-1, 1) * Magnitude.Of(double.CreateTruncating(tensor.AsSpan()[i]), magnitude, 1).Share;
        }

        return direction;
    }
}
