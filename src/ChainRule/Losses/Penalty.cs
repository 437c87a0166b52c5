using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ChainRule.Kernels;

namespace ChainRule.Losses;

/// <summary>
/// A penalty on large parameters, which is added to the loss: P = λ₁ · Σ |θ| + ½λ₂ · Σ θ², over all numbers of the parameters.
/// </summary>
/// <remarks>
/// <para>
/// Backward: ∂P/∂θ = λ₁ sign(θ) + λ₂θ; on the corner θ = 0 itself, where |θ| has no derivative, that of |θ| is 0. λ₁ drives what is
/// not needed to 0, λ₂ shrinks everything in proportion; λ₂ does to SGD what its weight decay does.
/// </para>
/// <para>Sources: L1: Tibshirani, Regression Shrinkage and Selection via the Lasso (JRSS B 58, 1996); L2: Hoerl and Kennard, Ridge Regression (Technometrics 12, 1970).</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Penalty<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] parameters;

    /// <summary>Makes the penalty.</summary>
    /// <param name="parameters">The parameters that it is on; <see cref="WeightsOf"/> gives those that are usual.</param>
    /// <param name="l1">λ₁, at least 0.</param>
    /// <param name="l2">λ₂, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A strength is negative or not finite.</exception>
    public Penalty(IEnumerable<Parameter<T>> parameters, double l1, double l2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (double strength in (double[])[l1, l2])
        {
            if (!(strength >= 0 && double.IsFinite(strength)))
            {
                throw new ArgumentOutOfRangeException(nameof(l1), strength, "Penalty: expected finite strengths of at least 0.");
            }
        }

        this.parameters = [.. parameters];
        L1 = l1;
        L2 = l2;
    }

    /// <summary>λ₁.</summary>
    public double L1 { get; }

    /// <summary>λ₂.</summary>
    public double L2 { get; }

    /// <summary>The parameters of a network that are matrices or more: a bias or a scale makes no function wilder by being large.</summary>
    /// <param name="network">The network.</param>
    public static IEnumerable<Parameter<T>> WeightsOf(Layer<T> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Parameters.Where(parameter => parameter.Value.Rank >= 2);
    }

    /// <summary>P = λ₁ · Σ |θ| + ½λ₂ · Σ θ².</summary>
    public T Value()
    {
        T l1 = T.CreateTruncating(L1);
        T halfL2 = T.CreateTruncating(L2 / 2);
        T sum = T.Zero;
        foreach (Parameter<T> parameter in parameters)
        {
            ReadOnlySpan<T> theta = parameter.Value.AsSpan();
            sum += (l1 * TensorPrimitives.SumOfMagnitudes(theta)) + (halfL2 * TensorPrimitives.SumOfSquares(theta));
        }

        return sum;
    }

    /// <summary>Adds ∂P/∂θ = λ₁ sign(θ) + λ₂θ to the gradient of every parameter.</summary>
    public void AddGradient()
    {
        var slope = new Slope(T.CreateTruncating(L1), T.CreateTruncating(L2));
        foreach (Parameter<T> parameter in parameters)
        {
            Span<T> gradient = parameter.AccumulateGradient();
            Elementwise.Map(slope, parameter.Value.AsSpan(), gradient, gradient);
        }
    }

    private readonly struct Slope(T l1, T l2) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Invoke(Vector<T> theta, Vector<T> gradient) => gradient + (Signs.Of(theta) * l1) + (theta * l2);
    }
}
