using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>What a check looks at: a loss that depends on tensors, and gradients that are claimed for them.</summary>
internal sealed class Subject<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>In units in the last place: what even an exact computation may lose when its result is rounded and used.</summary>
    public const double LeastNoise = 4;

    private double[]? magnitudes;

    /// <summary>The names of the tensors.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>θ: what the loss reads and the check moves.</summary>
    public required IReadOnlyList<Tensor<T>> Values { get; init; }

    /// <summary>Computes L from the values as they are.</summary>
    public required Func<double> Loss { get; init; }

    /// <summary>The size of the numbers that L is added up from.</summary>
    public required double LossScale { get; init; }

    /// <summary>How many numbers L is added up from: each addition rounds by half a unit in the last place, and where the numbers are alike all of them the same way.</summary>
    public long Additions { get; init; }

    /// <summary>The claims for the values as they were at first, row by row.</summary>
    public required double[][] Claims { get; init; }

    /// <summary>Runs the backward pass on the values as they are; null where only the claims are known.</summary>
    public Func<double[][]>? Gradients { get; init; }

    /// <summary>L when rounding moves what goes on inside; null where nobody can do that.</summary>
    public Func<NumPyRandom, double>? ShakenLoss { get; init; }

    /// <summary>The same for the gradients.</summary>
    public Func<NumPyRandom, double[][]>? ShakenGradients { get; init; }

    /// <summary>Who tells about corners; null where nobody does.</summary>
    public BranchMap<T>? Branches { get; init; }

    /// <summary>The magnitudes of the tensors before anything was moved.</summary>
    public double[] Magnitudes => magnitudes ??= [.. Values.Select(Magnitude.Of)];

    /// <summary>The branches for the values as they are: layers read them from their input, which therefore must not have gone back.</summary>
    public int[][] ReadBranches()
    {
        Loss();
        return Branches!.Read();
    }

    /// <summary>How far rounding may move L.</summary>
    public Lazy<double> LossNoise(uint seed) => new(() =>
    {
        double measured = RoundingNoise.Of(() => [Loss()], Values, seed)[0];
        double shaken = ShakenLoss is null ? 0 : RoundingNoise.OfShaken(random => [ShakenLoss(random)], [Loss()], seed)[0];
        return Math.Max(Math.Max(measured, shaken), (LeastNoise + (Additions / 2.0)) * Unit * LossScale);
    });

    /// <summary>The distance from 1 to the next number.</summary>
    public static double Unit => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>Smaller numbers lose their digits on the way to 0: nothing can be said of them.</summary>
    public static double Least => (typeof(T) == typeof(float) ? 1.17549435e-38 : 2.2250738585072014e-308) / Unit;
}
