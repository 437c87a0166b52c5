using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>Where the parameters of a layer start.</summary>
/// <remarks>
/// Fan-in is the number of inputs that one output is computed from, fan-out the number of outputs that one input goes
/// into: for <see cref="Layers.Linear{T}"/> its inputs and outputs. Values are drawn in double precision, so that
/// networks of float and of double that are drawn from the same seed start at the same weights.
/// </remarks>
public abstract class Initializer
{
    /// <summary>Normal with variance 2 / fan-in: keeps the size of activations through layers of ReLU. See <see cref="He"/>.</summary>
    public static Initializer HeNormal { get; } = new He(uniform: false);

    /// <summary>Uniform with variance 2 / fan-in. See <see cref="He"/>.</summary>
    public static Initializer HeUniform { get; } = new He(uniform: true);

    /// <summary>Normal with variance 2 / (fan-in + fan-out), for tanh and sigmoid; also called Xavier. See <see cref="Glorot"/>.</summary>
    public static Initializer GlorotNormal { get; } = new Glorot(uniform: false);

    /// <summary>Uniform with variance 2 / (fan-in + fan-out). See <see cref="Glorot"/>.</summary>
    public static Initializer GlorotUniform { get; } = new Glorot(uniform: true);

    /// <summary>What PyTorch's <c>nn.Linear</c> does with weight and bias alike: uniform in ±1/√fan-in. See <see cref="PyTorchLinear"/>.</summary>
    public static Initializer PyTorchDefault { get; } = new PyTorchLinear();

    /// <summary>All zeros: right for a bias; weights that are all zero never learn to differ.</summary>
    public static Initializer Zeros { get; } = new Constant(0);

    /// <summary>Normal with mean 0.</summary>
    /// <param name="standardDeviation">The standard deviation.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public static Initializer Normal(double standardDeviation) => new Normal(standardDeviation);

    /// <summary>Every value the same.</summary>
    /// <param name="value">That value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Initializer Constant(double value) => new Constant(value);

    /// <summary>Fills a tensor, row by row.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="value">The tensor.</param>
    /// <param name="fanIn">The inputs that one output is computed from.</param>
    /// <param name="fanOut">The outputs that one input goes into.</param>
    /// <param name="random">Where numbers are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A fan is not positive.</exception>
    /// <exception cref="ArgumentException">The tensor is empty or strided.</exception>
    public void Fill<T>(Tensor<T> value, int fanIn, int fanOut, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fanIn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fanOut);
        if (!Shape.IsBatch(value))
        {
            throw Shape.NotABatch(value, "The tensor to fill", nameof(value));
        }

        foreach (ref T entry in value.AsSpan())
        {
            entry = T.CreateTruncating(Next(fanIn, fanOut, random));
        }
    }

    /// <summary>Draws one value.</summary>
    /// <param name="fanIn">The inputs that one output is computed from.</param>
    /// <param name="fanOut">The outputs that one input goes into.</param>
    /// <param name="random">Where numbers are drawn from.</param>
    protected abstract double Next(int fanIn, int fanOut, NumPyRandom random);
}
