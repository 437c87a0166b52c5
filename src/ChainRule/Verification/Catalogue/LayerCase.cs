using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Random;

namespace ChainRule.Verification.Catalogue;

/// <summary>One kind of layer with its options: inputs that go with it, how to make it, and its formula in <see cref="Scalar"/>s.</summary>
internal abstract class LayerCase(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether a sample's outputs are the same wherever in a batch it stands.</summary>
    public virtual bool IsRowwise => true;

    /// <summary>Whether the layer takes any number, however large, and not a number.</summary>
    public virtual bool TakesAnyNumber => true;

    /// <summary>
    /// Whether the input gradient is what is left of the upstream gradient after something like it was taken away: rounding is then
    /// relative to the upstream gradient.
    /// </summary>
    public virtual bool CancelsUpstream => false;

    /// <summary>Random inputs of a shape that the layer takes; more features make a larger sample.</summary>
    public virtual Tensor<double> Input(int batch, int features, NumPyRandom random) => random.Randn(batch, features);

    /// <summary>The layer for inputs of a shape, its parameters drawn from <paramref name="random"/>.</summary>
    public abstract Layer<T> Create<T>(ReadOnlySpan<nint> inputShape, NumPyRandom random)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The formula as one would write it on paper: the outputs of a batch from its inputs and the parameters, all row by row.</summary>
    public abstract Scalar[] Formula(Scalar[] x, nint[] shape, Scalar[][] parameters);

    public override string ToString() => Name;
}

/// <summary>A layer whose samples do not see each other: the formula is that of one sample.</summary>
internal abstract class RowwiseCase(string name) : LayerCase(name)
{
    public sealed override Scalar[] Formula(Scalar[] x, nint[] shape, Scalar[][] parameters) =>
        [.. x.Chunk(x.Length / (int)shape[0]).SelectMany(sample => Sample(sample, shape[1..], parameters))];

    /// <summary>The outputs of one sample.</summary>
    protected abstract Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters);
}

/// <summary>A layer that applies one function to every number.</summary>
internal abstract class ElementwiseCase(string name) : RowwiseCase(name)
{
    protected sealed override Scalar[] Sample(Scalar[] x, nint[] shape, Scalar[][] parameters) => [.. x.Select(Function)];

    protected abstract Scalar Function(Scalar x);
}
