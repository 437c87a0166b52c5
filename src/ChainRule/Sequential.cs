using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>
/// Layers one after the other: f(x) = fₙ(… f₂(f₁(x))). Backward walks the same road the other way:
/// ∂L/∂x = ((∂L/∂aₙ · ∂aₙ/∂aₙ₋₁) · …) · ∂a₁/∂x.
/// </summary>
/// <remarks>
/// Layers that have parameters are called <c>layer1</c>, <c>layer2</c>, … and their parameters <c>layer1.weight</c>,
/// <c>layer1.bias</c>, …; the others are counted by kind: <c>relu1</c>, <c>relu2</c>, <c>sigmoid1</c>.
/// A network inside a network puts its name in front: <c>layer2.layer1.weight</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sequential<T> : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T>[] layers;
    private readonly Parameter<T>[] parameters;
    private readonly RunningStatistic<T>[] statistics;

    /// <summary>Puts layers together and names them.</summary>
    /// <param name="layers">The layers, first to last. From now on they belong to this network.</param>
    /// <exception cref="ArgumentException">
    /// There are no layers, one of them already belongs to a network, or one that passes no gradient back stands above parameters.
    /// </exception>
    public Sequential(params Layer<T>[] layers)
    {
        RequireFree(layers, "Layer");
        this.layers = [.. layers];
        parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        statistics = [.. layers.SelectMany(layer => layer.Statistics)];
        FirstWithParameters = Array.FindIndex(this.layers, layer => layer.Parameters.Count > 0) is >= 0 and var first ? first : layers.Length;
        int last = Array.FindLastIndex(this.layers, layer => !layer.HasInputGradient);
        if (last > FirstWithParameters)
        {
            throw new ArgumentException($"Layer {last + 1} of {layers.Length}, {layers[last].Description}, has no gradient for its input: the parameters of layer {FirstWithParameters + 1}, {layers[FirstWithParameters].Description}, would never learn. Put it first.", nameof(layers));
        }

        HasInputGradient = last < 0;
        var counts = new Dictionary<string, int>();
        foreach (Layer<T> layer in layers)
        {
            string kind = layer.Parameters.Count > 0 ? "layer" : layer.Kind.ToLowerInvariant();
            int number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            layer.PlaceAt($"{kind}{number}");
        }
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Layer<T>> Layers => layers;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter<T>> Parameters => parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<RunningStatistic<T>> Statistics => statistics;

    /// <inheritdoc/>
    public override IReadOnlyList<Layer<T>> Children => layers;

    /// <inheritdoc/>
    public override bool HasInputGradient { get; }

    /// <inheritdoc/>
    public override bool NeedsInputGradient
    {
        get => base.NeedsInputGradient;
        set
        {
            base.NeedsInputGradient = value;
            if (FirstWithParameters < layers.Length)
            {
                layers[FirstWithParameters].NeedsInputGradient = value;
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> input)
    {
        Tensor<T> activation = input;
        foreach (Layer<T> layer in layers)
        {
            activation = layer.Forward(activation);
        }

        return activation;
    }

    /// <inheritdoc/>
    public override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        Tensor<T> gradient = outputGradient;
        bool toInput = NeedsInputGradient && HasInputGradient;
        int first = toInput ? 0 : FirstWithParameters;
        for (int i = layers.Length - 1; i >= first; i--)
        {
            gradient = layers[i].Backward(gradient);
            AfterBackward?.Invoke(i);
        }

        return toInput ? gradient : Tensor<T>.Empty;
    }

    /// <summary>Is told of each layer whose gradients are complete, by its index, while <see cref="Backward"/> goes on to those below.</summary>
    internal Action<int>? AfterBackward { get; set; }

    /// <summary>The layers, e.g. Sequential(Linear(2, 8), ReLU, Linear(8, 1), Sigmoid).</summary>
    public override string ToString() => $"Sequential({string.Join(", ", layers.AsEnumerable())})";

    // Below it there is nothing to learn: training may stop there.
    private int FirstWithParameters { get; }

    /// <summary>Throws where there are no layers, or where one of them already has a place.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="what">What a message calls one of them.</param>
    /// <exception cref="ArgumentException">There are none, or one has.</exception>
    internal static void RequireFree(Layer<T>[] layers, string what)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0)
        {
            throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        }

        for (int i = 0; i < layers.Length; i++)
        {
            Layer<T> layer = layers[i] ?? throw new ArgumentException($"{what} {i + 1} of {layers.Length} is null.", nameof(layers));
            if (layer.Name.Length > 0 || Array.IndexOf(layers, layer) < i)
            {
                throw new ArgumentException($"{what} {i + 1} of {layers.Length}, {layer.Description}, already belongs to a network: a layer keeps the values of one place in one network. Make a new one.", nameof(layers));
            }
        }
    }
}
