using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Training;

/// <summary>
/// Brings features to a like size: x′ = (x − shift) · scale, for each feature. It is fitted on the training samples, and the
/// same numbers are used for all others.
/// </summary>
/// <param name="Shift">What is taken from each feature.</param>
/// <param name="Scale">What each feature is then multiplied by.</param>
public sealed record Normalization(IReadOnlyList<double> Shift, IReadOnlyList<double> Scale)
{
    /// <summary>To the interval from 0 to 1: shift = min, scale = 1 / (max − min). A feature that never changes becomes 0.</summary>
    /// <param name="inputs">The training samples, one a row.</param>
    public static Normalization ToUnitInterval<T>(Tensor<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Fit(inputs, column => (column.Min(), column.Max() - column.Min()));

    /// <summary>To mean 0 and standard deviation 1: shift = mean, scale = 1 / standard deviation. A feature that never changes becomes 0.</summary>
    /// <param name="inputs">The training samples, one a row.</param>
    public static Normalization ToStandardScore<T>(Tensor<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Fit(inputs, column =>
        {
            double mean = column.Average();
            return (mean, Math.Sqrt(column.Average(value => (value - mean) * (value - mean))));
        });

    /// <summary>The samples, brought to size: a new tensor.</summary>
    /// <param name="inputs">Samples with as many features as the training samples had.</param>
    /// <exception cref="ArgumentException">They have another number of features.</exception>
    public Tensor<T> Apply<T>(Tensor<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int features = (int)(inputs.FlattenedLength / inputs.Lengths[0]);
        if (features != Shift.Count)
        {
            throw new ArgumentException($"Expected samples of {Shift.Count} features, got the shape {Shape.Describe(inputs.Lengths)}.", nameof(inputs));
        }

        Tensor<T> result = Tensor.CreateFromShapeUninitialized<T>(inputs.Lengths);
        ReadOnlySpan<T> from = inputs.AsSpan();
        Span<T> to = result.AsSpan();
        for (int i = 0; i < to.Length; i++)
        {
            int feature = i % features;
            to[i] = T.CreateTruncating((double.CreateTruncating(from[i]) - Shift[feature]) * Scale[feature]);
        }

        return result;
    }

    private static Normalization Fit<T>(Tensor<T> inputs, Func<double[], (double Shift, double Spread)> measure)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        int rows = (int)inputs.Lengths[0];
        int features = (int)(inputs.FlattenedLength / rows);
        double[] shift = new double[features];
        double[] scale = new double[features];
        double[] column = new double[rows];
        for (int j = 0; j < features; j++)
        {
            ReadOnlySpan<T> values = inputs.AsSpan();
            for (int i = 0; i < rows; i++)
            {
                column[i] = double.CreateTruncating(values[(i * features) + j]);
            }

            (shift[j], double spread) = measure(column);
            scale[j] = spread > 0 ? 1 / spread : 0;
        }

        return new Normalization(shift, scale);
    }
}
