using System.Numerics.Tensors;

namespace ChainRule.Tests.Verification;

/// <summary>A loss of two tensors of 300 ones that is always 3, and remembers how far from there it was asked for.</summary>
internal sealed class FarthestStep
{
    public Tensor<double> X { get; } = Tensor.Create(Enumerable.Repeat(1.0, 300).ToArray(), [1, 300]);

    public Tensor<double> Y { get; } = Tensor.Create(Enumerable.Repeat(1.0, 300).ToArray(), [1, 300]);

    /// <summary>The length of the way, all values together.</summary>
    public double Farthest { get; private set; }

    public double Loss()
    {
        Farthest = Math.Max(Farthest, Math.Sqrt(X.Concat(Y).Sum(value => (value - 1) * (value - 1))));
        return 3;
    }
}
