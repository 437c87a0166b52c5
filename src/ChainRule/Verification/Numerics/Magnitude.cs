using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>The sizes of a value θ: what steps are measured by.</summary>
/// <param name="Usual">|θ|, or the root mean square of its tensor where that is larger; 1 where the tensor is all 0.</param>
/// <param name="Smallest">|θ|: where the others are much larger, what θ acts upon may change within this.</param>
/// <param name="Largest">As far as a step may go.</param>
internal readonly record struct Magnitude(double Usual, double Smallest, double Largest)
{
    // Values below it are 0 for all that a loss can see.
    private const double Nothing = 1e-20;

    // A value so much smaller than its neighbours is as good as 0.
    private const double Least = 1e-9;

    /// <summary>|θ| itself, however small beside the others; 0 where it is not known.</summary>
    public double Own { get; init; }

    /// <summary>What the value is moved by where all move at once: its own size, which leaves no domain, and only for a 0 another.</summary>
    public double Share => Own > 0 ? Own : Smallest;

    /// <summary>Everything as large as 1: for lines whose direction has the size already.</summary>
    public static Magnitude One { get; } = new(1, 1, 1);

    /// <summary>The root of the mean square; 0 where all values are 0.</summary>
    public static double Of<T>(Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (T value in tensor.AsSpan())
        {
            double number = double.CreateTruncating(value);
            sum += number * number;
        }

        double magnitude = Math.Sqrt(sum / tensor.FlattenedLength);
        return magnitude > Nothing && double.IsFinite(magnitude) ? magnitude : 0;
    }

    /// <summary>The sizes of one value.</summary>
    /// <param name="value">θ.</param>
    /// <param name="tensor">The magnitude of its tensor.</param>
    /// <param name="others">The smallest magnitude of all tensors that are not 0: a tensor of zeros has no size of its own.</param>
    public static Magnitude Of(double value, double tensor, double others)
    {
        double size = Math.Abs(value);
        if (tensor == 0)
        {
            double natural = Math.Min(1, others);
            return new Magnitude(1, natural, natural) { Own = size };
        }

        double usual = Math.Max(size, tensor);
        return new Magnitude(usual, size > Least * usual ? size : Math.Min(1, usual), usual) { Own = size };
    }

    /// <summary>A random direction in which each value changes by about its size, all together by about that of one.</summary>
    /// <param name="tensor">A tensor.</param>
    /// <param name="count">The number of values that change at once.</param>
    /// <param name="random">Where the direction is drawn from.</param>
    public static double[] Direction<T>(Tensor<T> tensor, double count, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double magnitude = Of(tensor);
        double[] direction = new double[tensor.FlattenedLength];
        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = random.Randn() * Of(double.CreateTruncating(tensor.AsSpan()[i]), magnitude, 1).Share / Math.Sqrt(count);
        }

        return direction;
    }
}
