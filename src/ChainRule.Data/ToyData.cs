using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Data;

/// <summary>
/// Small sets of points in the plane, (x₁, x₂), that are drawn anew from a seed. To each coordinate noise · randn is added.
/// Samples take turns through the classes.
/// </summary>
public static class ToyData
{
    private static readonly string[] names = ["xor", "blobs", "moons", "circles", "spirals", "plane"];

    /// <summary>What the sets are called: xor, blobs, moons, circles, spirals, plane.</summary>
    public static IReadOnlyList<string> Names => names;

    /// <summary>Draws a set by name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="samples">The number of samples; at least 2.</param>
    /// <param name="noise">The standard deviation of the noise; 0 for none.</param>
    /// <param name="random">Where everything random is drawn from.</param>
    /// <exception cref="ArgumentException">There is no such set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 samples, or the noise is negative or not finite.</exception>
    public static DataSet<T> Create<T>(string name, int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> => name switch
        {
            "xor" => Xor<T>(samples, noise, random),
            "blobs" => Blobs<T>(samples, noise, random),
            "moons" => Moons<T>(samples, noise, random),
            "circles" => Circles<T>(samples, noise, random),
            "spirals" => Spirals<T>(samples, noise, random),
            "plane" => Plane<T>(samples, noise, random),
            _ => throw new ArgumentException($"There is no toy set '{name}'; there are {string.Join(", ", names)}.", nameof(name)),
        };

    /// <summary>The corners of the unit square, in turn: (0, 0), (0, 1), (1, 0), (1, 1). The class is x₁ xor x₂.</summary>
    public static DataSet<T> Xor<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Classes<T>("xor", 2, samples, noise, random, i => (i >> 1 & 1, i & 1, (i >> 1 & 1) ^ (i & 1)));

    /// <summary>Three clouds around the corners of a triangle at distance 1 from the origin; the noise is their size.</summary>
    public static DataSet<T> Blobs<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Classes<T>("blobs", 3, samples, noise, random, i => (Math.Cos(Math.Tau * (i % 3) / 3), Math.Sin(Math.Tau * (i % 3) / 3), i % 3));

    /// <summary>Two half circles that reach into each other: (cos t, sin t) and (1 − cos t, ½ − sin t), t from 0 to π.</summary>
    public static DataSet<T> Moons<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Classes<T>("moons", 2, samples, noise, random, i =>
        {
            (double sine, double cosine) = Math.SinCos(Math.PI * Along(i, samples));
            return i % 2 == 0 ? (cosine, sine, 0) : (1 - cosine, 0.5 - sine, 1);
        });

    /// <summary>Two circles around the origin, of radius 1 and ½.</summary>
    public static DataSet<T> Circles<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Classes<T>("circles", 2, samples, noise, random, i =>
        {
            (double sine, double cosine) = Math.SinCos(Math.Tau * (i / 2) / ((samples + 1) / 2));
            return i % 2 == 0 ? (cosine, sine, 0) : (cosine / 2, sine / 2, 1);
        });

    /// <summary>Two arms that wind around each other: (t·sin φ, t·cos φ) with φ = 3½π·t, t from 0 to 1; the second is the first turned by π.</summary>
    public static DataSet<T> Spirals<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Classes<T>("spirals", 2, samples, noise, random, i =>
        {
            double t = Along(i, samples);
            (double sine, double cosine) = Math.SinCos((3.5 * Math.PI * t) + (Math.PI * (i % 2)));
            return (t * sine, t * cosine, i % 2);
        });

    /// <summary>A plane to regress: x₁ and x₂ uniform in [−1, 1), y = ½x₁ − ¼x₂ + ⅛; the noise is on y alone.</summary>
    public static DataSet<T> Plane<T>(int samples, double noise, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require(samples, noise, random);
        T[] inputs = new T[samples * 2];
        T[] targets = new T[samples];
        for (int i = 0; i < samples; i++)
        {
            double x1 = random.Uniform(-1, 1);
            double x2 = random.Uniform(-1, 1);
            inputs[2 * i] = T.CreateTruncating(x1);
            inputs[(2 * i) + 1] = T.CreateTruncating(x2);
            targets[i] = T.CreateTruncating((0.5 * x1) - (0.25 * x2) + 0.125 + (noise * random.Randn()));
        }

        return new DataSet<T>("plane", Tensor.Create(inputs, [samples, 2]), Tensor.Create(targets, [samples, 1]), featureNames: ["x1", "x2"]);
    }

    /// <summary>How far sample i, counted within its class of every second sample, is along the class's curve, from 0 to 1.</summary>
    private static double Along(int i, int samples) => (i / 2) / (double)Math.Max(1, ((samples + 1) / 2) - 1);

    private static DataSet<T> Classes<T>(string name, int classes, int samples, double noise, NumPyRandom random, Func<int, (double X1, double X2, int Class)> point)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require(samples, noise, random);
        T[] inputs = new T[samples * 2];
        T[] targets = new T[samples];
        for (int i = 0; i < samples; i++)
        {
            (double x1, double x2, int index) = point(i);
            inputs[2 * i] = T.CreateTruncating(noise > 0 ? x1 + (noise * random.Randn()) : x1);
            inputs[(2 * i) + 1] = T.CreateTruncating(noise > 0 ? x2 + (noise * random.Randn()) : x2);
            targets[i] = T.CreateTruncating(index);
        }

        return new DataSet<T>(name, Tensor.Create(inputs, [samples, 2]), Tensor.Create(targets, [samples]), [.. Enumerable.Range(0, classes).Select(index => $"{index}")], ["x1", "x2"]);
    }

    private static void Require(int samples, double noise, NumPyRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(noise);
        if (!double.IsFinite(noise))
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, $"The noise is {noise}: expected a finite number of at least 0.");
        }
    }
}
