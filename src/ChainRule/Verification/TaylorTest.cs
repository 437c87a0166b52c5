using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// Proves a gradient without choosing a step: along a direction d, L(θ + h·d) = L(θ) + h·⟨∂L/∂θ, d⟩ + O(h²). With the right
/// gradient the remainder shrinks with the second order of h; a mistake anywhere leaves a term of the first order.
/// </summary>
/// <remarks>Source of the test: Farrell, Ham, Funke and Rognes, Automated Derivation of the Adjoint of High-Level Transient Finite Element Programs (2013), section 6.</remarks>
public static class TaylorTest
{
    private const int Directions = 5;
    private const int LargestStepExponent = -8;
    private const int SmallestStepExponent = -14;

    // So far at most a direction goes at a step of 1: a longer one crosses corners of piecewise functions on the way.
    private const double Longest = 4;

    // Remainders below this share of |L| are rounding.
    private const double Rounding = 1e-13;

    /// <summary>The observed order: 2 for a right gradient, towards 1 for a wrong one.</summary>
    /// <param name="loss">Computes L from the tensors as they are at that moment.</param>
    /// <param name="tensors">What L depends on, with the claimed gradients. The values come back bit for bit.</param>
    /// <param name="seed">The seed of the directions.</param>
    /// <returns>The median over directions and steps; not a number where there are no tensors, or where L is linear and no remainder is left to look at.</returns>
    public static double Order(Func<double> loss, IReadOnlyList<CheckedTensor<double>> tensors, uint seed = 0)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        var random = new NumPyRandom(seed);
        double[][] start = [.. tensors.Select(tensor => tensor.Value.AsSpan().ToArray())];
        double here = loss();
        var orders = new List<double>();
        try
        {
            for (int direction = 0; direction < Directions; direction++)
            {
                double[][] d = [.. tensors.Select(tensor => random.Randn(tensor.Value.Lengths).AsSpan().ToArray())];
                double length = Math.Sqrt(d.Sum(part => TensorPrimitives.SumOfSquares<double>(part)));
                foreach (double[] part in d)
                {
                    TensorPrimitives.Multiply<double>(part, Math.Min(1, Longest / length), part);
                }

                double slope = tensors.Select((tensor, i) => TensorPrimitives.Dot<double>(tensor.Gradient.AsSpan(), d[i])).Sum();
                double previous = double.NaN;
                for (int exponent = LargestStepExponent; exponent >= SmallestStepExponent; exponent--)
                {
                    double step = Math.Pow(2, exponent);
                    for (int i = 0; i < tensors.Count; i++)
                    {
                        TensorPrimitives.MultiplyAdd<double>(d[i], step, start[i], tensors[i].Value.AsSpan());
                    }

                    double remainder = Math.Abs(loss() - here - (step * slope));
                    if (remainder > Rounding * Math.Abs(here) && previous > 0)
                    {
                        orders.Add(Math.Log2(previous / remainder));
                    }

                    previous = remainder;
                }
            }
        }
        finally
        {
            for (int i = 0; i < tensors.Count; i++)
            {
                start[i].CopyTo(tensors[i].Value.AsSpan());
            }
        }

        if (orders.Count == 0)
        {
            return double.NaN;
        }

        orders.Sort();
        return orders[orders.Count / 2];
    }
}
