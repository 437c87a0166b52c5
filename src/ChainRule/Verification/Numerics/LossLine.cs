using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>A loss along a straight line through θ: φ(t) = L(θ + t·d), so that φ′(0) = ⟨∂L/∂θ, d⟩. Every bit of θ is put back after each look.</summary>
internal abstract class LossLine(Func<double> loss)
{
    private double? here;

    /// <summary>φ(0).</summary>
    public double Here => here ??= loss();

    /// <summary>φ(t), and how far rounding really let θ go; not a number where the loss is not defined.</summary>
    public (double Position, double Loss) At(double t)
    {
        double position = Move(t);
        try
        {
            return (position, loss());
        }
        catch (ArgumentException)
        {
            return (position, double.NaN); // e.g. a probability above 1
        }
        finally
        {
            Return();
        }
    }

    /// <summary>Computes something else at θ + t·d.</summary>
    public TResult At<TResult>(double t, Func<TResult> function)
    {
        Move(t);
        try
        {
            return function();
        }
        finally
        {
            Return();
        }
    }

    /// <summary>Goes to θ + t·d.</summary>
    /// <returns>The distance that was gone.</returns>
    protected abstract double Move(double t);

    /// <summary>Goes back to θ.</summary>
    protected abstract void Return();
}

/// <summary>The line along which one entry of a tensor changes.</summary>
internal sealed class EntryLine<T>(Func<double> loss, Tensor<T> tensor, int entry) : LossLine(loss)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T original = tensor.AsSpan()[entry];

    protected override double Move(double t)
    {
        T there = original + T.CreateTruncating(t);
        tensor.AsSpan()[entry] = there;
        return double.CreateTruncating(there) - double.CreateTruncating(original);
    }

    protected override void Return() => tensor.AsSpan()[entry] = original;
}

/// <summary>The line along which all entries of all tensors change, each by its part of a direction.</summary>
internal sealed class DirectionLine<T>(Func<double> loss, IReadOnlyList<Tensor<T>> tensors, double[][] direction) : LossLine(loss)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[][] start = [.. tensors.Select(tensor => tensor.AsSpan().ToArray())];

    protected override double Move(double t)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            Span<T> values = tensors[i].AsSpan();
            for (int k = 0; k < values.Length; k++)
            {
                values[k] = T.CreateTruncating(double.CreateTruncating(start[i][k]) + (t * direction[i][k]));
            }
        }

        return t;
    }

    protected override void Return()
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            start[i].CopyTo(tensors[i].AsSpan());
        }
    }
}
