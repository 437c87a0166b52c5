using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Random;

namespace ChainRule;

/// <summary>
/// A differentiable function with parameters: a = f(x; θ). A network is a layer too.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Forward"/> computes a and keeps what <see cref="Backward"/> needs. <see cref="Backward"/> takes ∂L/∂a,
/// the gradient that arrives from above, and applies the chain rule to both arguments of f: it returns
/// ∂L/∂x = ∂L/∂a · ∂a/∂x and adds ∂L/∂θ = ∂L/∂a · ∂a/∂θ to the gradient of every parameter.
/// </para>
/// <para>
/// The first dimension of every tensor is the batch. To write a layer of one's own, derive from
/// <see cref="BufferedLayer{T}"/>, which looks after shapes and memory.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The name that a network gave to this layer (<c>layer1</c>, <c>relu1</c>, …); empty for a layer that stands alone.</summary>
    public string Name { get; private protected set; } = "";

    /// <summary>The parameters of this layer, in the order in which they are saved; empty where there are none.</summary>
    public virtual IReadOnlyList<Parameter<T>> Parameters => [];

    /// <summary>
    /// What the layer gathers about its inputs in training and uses in inference, e.g. running means (PyTorch's buffers): saved
    /// with the model, changed by no optimizer. Empty where there is none.
    /// </summary>
    public virtual IReadOnlyList<RunningStatistic<T>> Statistics => [];

    /// <summary>The layers that this one is made of, in the order in which they run; empty for a layer that computes by itself.</summary>
    public virtual IReadOnlyList<Layer<T>> Children => [];

    /// <summary>Where the layer draws random numbers from while it trains, so that a checkpoint can hold their state; null for a layer that draws none.</summary>
    public virtual NumPyRandom? Generator => null;

    /// <summary>Whether the layer and its <see cref="Children"/> train (the default) or infer. Layers that behave the same in both ignore it.</summary>
    public virtual bool IsTraining
    {
        get;
        set
        {
            field = value;
            foreach (Layer<T> child in Children)
            {
                child.IsTraining = value;
            }
        }
    } = true;

    /// <summary>
    /// Whether <see cref="Backward"/> computes ∂L/∂x (the default). Training needs no gradient of its data: where this is false, a
    /// layer that can leave it out does, and returns an empty tensor.
    /// </summary>
    public virtual bool NeedsInputGradient { get; set; } = true;

    /// <summary>
    /// Whether ∂L/∂x exists (the default). A layer whose input cannot be differentiated, such as the whole numbers that an embedding
    /// looks up, says false: its <see cref="Backward"/> returns an empty tensor.
    /// </summary>
    public virtual bool HasInputGradient => true;

    /// <summary>
    /// How many units of the last <see cref="Forward"/> chose between pieces of a piecewise function, such as the two sides of a ReLU;
    /// 0 for a smooth layer. A gradient check asks for it, to name the unit that sits on a corner.
    /// </summary>
    protected internal virtual int BranchCount => 0;

    /// <summary>Computes a = f(x; θ).</summary>
    /// <param name="input">x, with the batch as its first dimension. It must stay as it is until <see cref="Backward"/> has run.</param>
    /// <returns>a, in memory that belongs to the layer: it stays valid until the next <see cref="Forward"/>.</returns>
    /// <exception cref="ArgumentException">The shape of <paramref name="input"/> is not one that the layer takes.</exception>
    public abstract Tensor<T> Forward(Tensor<T> input);

    /// <summary>Returns ∂L/∂x and adds ∂L/∂θ to each parameter's gradient.</summary>
    /// <param name="outputGradient">∂L/∂a, in the shape of the last output.</param>
    /// <returns>∂L/∂x, in memory that belongs to the layer: it stays valid until the next <see cref="Backward"/>.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not run yet.</exception>
    /// <exception cref="ArgumentException"><paramref name="outputGradient"/> has another shape than the last output.</exception>
    public abstract Tensor<T> Backward(Tensor<T> outputGradient);

    /// <summary>The piece that a unit was on in the last <see cref="Forward"/>: another number for each piece, and for the corner itself.</summary>
    /// <param name="unit">From 0 to less than <see cref="BranchCount"/>; the units of the first sample come first.</param>
    protected internal virtual int Branch(int unit) => 0;

    /// <summary>What the layer is, e.g. ReLU or Linear(2, 8).</summary>
    public override string ToString() => Kind;

    /// <summary>
    /// What the last <see cref="Forward"/> computed on its way to the output and <see cref="Backward"/> reads: rounding is in it as in an
    /// output, and a gradient check asks how far that carries.
    /// </summary>
    internal virtual IEnumerable<Memory<T>> InnerValues => [];

    /// <summary>
    /// What a gradient check does to values in the middle of a forward pass from which others are computed, to see how far their rounding
    /// carries; null in every other pass.
    /// </summary>
    internal Action<Span<T>>? Shake { get; set; }

    /// <summary>The name of the layer's type, e.g. ReLU.</summary>
    internal string Kind => GetType().Name.Split('`')[0];

    /// <summary>The layer as an error message names it: what it is and, inside a network, what it is called.</summary>
    internal string Description => Name.Length == 0 ? ToString() : $"{this} '{Name}'";

    /// <summary>Gives the layer a place in a network: puts the network's name for it in front of its own and its parameters'.</summary>
    internal void PlaceAt(string place)
    {
        Name = Name.Length == 0 ? place : $"{place}.{Name}";
        foreach (Layer<T> child in Children)
        {
            child.PlaceAt(place);
        }

        foreach (Parameter<T> parameter in Parameters.Except(Children.SelectMany(child => child.Parameters)))
        {
            parameter.Name = $"{place}.{parameter.Name}";
        }

        foreach (RunningStatistic<T> statistic in Statistics.Except(Children.SelectMany(child => child.Statistics)))
        {
            statistic.Name = $"{place}.{statistic.Name}";
        }
    }
}
