using System.Numerics;
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
    private const int LargestStepExponent = -3;
    private const int SmallestStepExponent = -24;

    // Remainders that are not so many times what rounding may have done tell nothing about an order.
    private const double AboveNoise = 32;

    // Of each direction the smallest steps count: where the first term of the remainder outweighs all others.
    private const int StepsOfADirection = 4;

    /// <summary>The observed order: 2 for a right gradient, towards 1 for a wrong one.</summary>
    /// <param name="loss">Computes L from the tensors as they are at that moment.</param>
    /// <param name="tensors">What L depends on, with the claimed gradients. The values come back bit for bit.</param>
    /// <param name="seed">The seed of the directions.</param>
    /// <returns>
    /// The median over directions and steps. Where L is linear and leaves no remainder, it is that of L + L²/2|L(θ)|, whose gradient is
    /// right where that of L is. Not a number where L is constant, or there are no tensors.
    /// </returns>
    public static double Order(Func<double> loss, IReadOnlyList<CheckedTensor<double>> tensors, uint seed = 0)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        var subject = new Subject<double>
        {
            Names = [.. tensors.Select(tensor => tensor.Name)],
            Values = [.. tensors.Select(tensor => tensor.Value)],
            Claims = [.. tensors.Select(tensor => tensor.Gradient.AsSpan().ToArray())],
            Loss = loss,
            LossScale = Math.Abs(loss()),
        };
        return Order(subject, new HashSet<int>(), seed);
    }

    /// <summary>The same for a subject of a check. Where units tell their branches, steps on which one changes its branch do not count.</summary>
    /// <param name="subject">The loss and the claims.</param>
    /// <param name="still">Tensors that stay as they are, because entries of theirs sit on corners: no direction that leaves a corner has a second order.</param>
    /// <param name="seed">The seed of the directions.</param>
    internal static double Order<T>(Subject<T> subject, IReadOnlySet<int> still, uint seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[] moving = [.. Enumerable.Range(0, subject.Values.Count).Where(i => !still.Contains(i))];
        List<double> orders = Orders(subject, moving, seed);
        if (orders.Count == 0)
        {
            orders = Orders(Curved(subject), moving, seed);
        }

        orders.Sort();
        return orders.Count == 0 ? double.NaN : orders[orders.Count / 2];
    }

    private static List<double> Orders<T>(Subject<T> subject, int[] moving, uint seed)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double noise = subject.LossNoise(seed).Value;
        double count = moving.Sum(i => (double)subject.Values[i].FlattenedLength);
        var random = new NumPyRandom(seed);
        var orders = new List<double>();
        for (int i = 0; i < Directions; i++)
        {
            double[][] direction = [.. moving.Select(t => Magnitude.Direction(subject.Values[t], count, random))];
            double slope = moving.Select((t, part) => TensorPrimitives.Dot<double>(subject.Claims[t], direction[part])).Sum();
            var line = new DirectionLine<T>(subject.Loss, [.. moving.Select(t => subject.Values[t])], direction);
            orders.AddRange(Along(subject, line, slope, noise).TakeLast(StepsOfADirection));
        }

        return orders;
    }

    /// <summary>The loss L + L²/2|L(θ)|, which is curved where L is not, and its gradient ∂L/∂θ·(1 + L/|L(θ)|).</summary>
    private static Subject<T> Curved<T>(Subject<T> subject)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double scale = subject.LossScale;
        double Bent(double value) => value + (value * (value / (2 * scale))); // the square of a small loss may be no number
        double turn = 1 + (subject.Loss() / scale);
        return new Subject<T>
        {
            Names = subject.Names,
            Values = subject.Values,
            Loss = () => Bent(subject.Loss()),
            LossScale = 2 * scale,
            Additions = subject.Additions,
            Claims = [.. subject.Claims.Select(part => part.Select(value => turn * value).ToArray())],
            ShakenLoss = subject.ShakenLoss is null ? null : random => Bent(subject.ShakenLoss(random)),
            Branches = subject.Branches,
        };
    }

    /// <summary>The orders along one direction, from the largest step to the smallest.</summary>
    private static List<double> Along<T>(Subject<T> subject, LossLine line, double slope, double noise)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[][]? branches = subject.Branches is null ? null : subject.ReadBranches();
        var orders = new List<double>();
        double here = line.Here;
        double? previous = null;
        for (int exponent = LargestStepExponent; exponent >= SmallestStepExponent; exponent--)
        {
            double step = Math.Pow(2, exponent);
            double remainder = Math.Abs(line.At(step).Loss - here - (step * slope));
            bool counts = remainder > AboveNoise * noise && (branches is null || subject.Branches!.Changed(branches, line.At(step, subject.ReadBranches)).Count == 0);
            if (counts && previous is { } larger)
            {
                orders.Add(Math.Log2(larger / remainder));
            }

            previous = counts ? remainder : null;
        }

        return orders;
    }
}
