using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>The loss of a layer that is checked alone: L = Σ r·a over its outputs a, with fixed random numbers r, so that every output counts, each with another weight.</summary>
internal static class Projection
{
    /// <summary>r.</summary>
    public static Tensor<T> Weights<T>(ReadOnlySpan<nint> shape, uint seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> weights = Tensor.CreateFromShape<T>(shape);
        var random = new NumPyRandom(seed);
        foreach (ref T r in weights.AsSpan())
        {
            r = T.CreateTruncating(random.Randn());
        }

        return weights;
    }

    /// <summary>L, added up in double precision.</summary>
    public static double Of<T>(Tensor<T> output, Tensor<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        ReadOnlySpan<T> a = output.AsSpan();
        ReadOnlySpan<T> r = weights.AsSpan();
        for (int i = 0; i < a.Length; i++)
        {
            sum += double.CreateTruncating(a[i]) * double.CreateTruncating(r[i]);
        }

        return sum;
    }

    /// <summary>Σ |r·a|: the size of the numbers that L is added up from.</summary>
    public static double Scale<T>(Tensor<T> output, Tensor<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < output.FlattenedLength; i++)
        {
            sum += Math.Abs(double.CreateTruncating(output.AsSpan()[i]) * double.CreateTruncating(weights.AsSpan()[i]));
        }

        return sum;
    }
}
