using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>A network under a loss, or a layer alone, as the subject of a check.</summary>
/// <param name="layer">The network or layer.</param>
/// <param name="loss">The loss; null for a layer alone.</param>
/// <param name="input">The batch.</param>
/// <param name="target">Its targets; null without a loss.</param>
/// <param name="seed">The seed of the weights that a layer alone is projected with.</param>
internal sealed class LayerSubject<T>(Layer<T> layer, Loss<T>? loss, Tensor<T> input, Tensor<T>? target, uint seed)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor<T>? weights = loss is null ? Projection.Weights<T>(layer.Forward(input).Lengths, seed) : null;

    /// <summary>The names of the tensors: the parameters', then <c>input</c>.</summary>
    public string[] Names { get; } = [.. layer.Parameters.Select(parameter => parameter.Name), .. layer.HasInputGradient ? ["input"] : Array.Empty<string>()];

    /// <summary>The tensors.</summary>
    public Tensor<T>[] Values { get; } = [.. layer.Parameters.Select(parameter => parameter.Value), .. layer.HasInputGradient ? [input] : Array.Empty<Tensor<T>>()];

    /// <summary>Who tells about corners.</summary>
    public BranchMap<T> Branches { get; } = new(layer, loss, (int)input.Lengths[0]);

    /// <summary>The tensor of a name, and the place of an entry in it.</summary>
    /// <exception cref="ArgumentException">There is no such tensor or entry.</exception>
    public (int Tensor, int Entry) Find(string name, ReadOnlySpan<int> index)
    {
        int tensor = Array.IndexOf(Names, name);
        if (tensor < 0)
        {
            throw new ArgumentException($"There is no parameter '{name}': expected one of {string.Join(", ", Names)}.", nameof(name));
        }

        ReadOnlySpan<nint> shape = Values[tensor].Lengths;
        int entry = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            if (index.Length != shape.Length || index[d] < 0 || index[d] >= shape[d])
            {
                throw new ArgumentException($"{name} has the shape {Shape.Describe(shape)}: there is no entry [{string.Join(", ", index.ToArray())}].", nameof(index));
            }

            entry = (entry * (int)shape[d]) + index[d];
        }

        return (tensor, entry);
    }

    /// <summary>L for the values as they are.</summary>
    public double Loss() => loss is null ? Projection.Of(layer.Forward(input), weights!) : double.CreateTruncating(loss.Forward(layer.Forward(input), target!));

    /// <summary>The gradients that the backward pass claims for the values as they are; copies.</summary>
    public double[][] Gradients()
    {
        Loss();
        Tensor<T> outputGradient = loss is null ? weights! : loss.Derivative();
        Discard();
        return Read(layer.Backward(outputGradient));
    }

    /// <summary>L with everything between the layers moved by a rounding.</summary>
    public double ShakenLoss(NumPyRandom random) => Shaken.Loss(random);

    /// <summary>The gradients with everything between the layers moved by a rounding.</summary>
    public double[][] ShakenGradients(NumPyRandom random)
    {
        Discard();
        return Read(Shaken.Backward(random));
    }

    /// <summary>The subject of a check.</summary>
    public Subject<T> Create() => new()
    {
        Names = Names,
        Values = Values,
        Loss = Loss,
        LossScale = Scale(),
        Additions = target?.FlattenedLength ?? 0,
        Claims = Gradients(),
        Gradients = Gradients,
        ShakenLoss = ShakenLoss,
        ShakenGradients = ShakenGradients,
        Branches = Branches,
    };

    private ShakenPass<T> Shaken => new(layer, loss, input, target, weights);

    private void Discard()
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }
    }

    private double[][] Read(Tensor<T> inputGradient) =>
    [
        .. layer.Parameters.Select(parameter => parameter.HasGradient ? Numbers(parameter.Gradient) : new double[parameter.Gradient.FlattenedLength]),
        .. layer.HasInputGradient ? [Numbers(inputGradient)] : Array.Empty<double[]>(),
    ];

    private double Scale() => loss is null ? Projection.Scale(layer.Forward(input), weights!) : Math.Abs(Loss());

    private static double[] Numbers(Tensor<T> tensor) => [.. tensor.AsSpan().ToArray().Select(double.CreateTruncating)];
}
