using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>All that a check found: what <see cref="GradientDiagnosis"/> reasons from.</summary>
internal sealed record GradientEvidence
{
    /// <summary>Every tensor that was checked, right or wrong, in the order of the forward pass; the input may come first or last.</summary>
    public required IReadOnlyList<TensorEvidence> Tensors { get; init; }

    /// <summary>The number of samples; null where it is not known.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The number of outputs of a sample; null where it is not known.</summary>
    public int? OutputCount { get; init; }

    /// <summary>What the probes saw go wrong; empty where they saw nothing or did not run.</summary>
    public IReadOnlyList<ProbeFinding> Probes { get; init; } = [];

    /// <summary>What was checked, to be run again in experiments; null where only numbers are known.</summary>
    public CheckedNetwork? Network { get; init; }
}

/// <summary>What a check found for one tensor.</summary>
internal sealed record TensorEvidence
{
    /// <summary>The name of the parameter, or <c>input</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The shape of the tensor.</summary>
    public required IReadOnlyList<nint> Shape { get; init; }

    /// <summary>θ itself, row by row; empty where it is not known.</summary>
    public IReadOnlyList<double> Value { get; init; } = [];

    /// <summary>The gradient that the backward pass claims, row by row.</summary>
    public required IReadOnlyList<double> Claimed { get; init; }

    /// <summary>The gradient by central differences; not a number where an entry was not checked, or lies on a kink.</summary>
    public required IReadOnlyList<double> Numeric { get; init; }

    /// <summary>Whether any entry was found wrong.</summary>
    public required bool IsWrong { get; init; }
}

/// <summary>Something that a probe saw: a mistake that shows in how the passes behave and not in the values of one of them.</summary>
/// <param name="Mistake">What it is.</param>
/// <param name="Place">The layer or tensor; empty for the whole network.</param>
/// <param name="Evidence">What was seen, in one sentence.</param>
internal sealed record ProbeFinding(GradientMistake Mistake, string Place, string Evidence);

/// <summary>What was checked, in double precision.</summary>
/// <param name="Network">The network or layer.</param>
/// <param name="Loss">The loss; null for a layer that was checked alone.</param>
/// <param name="Input">The batch.</param>
/// <param name="Target">Its targets; null without a loss.</param>
internal sealed record CheckedNetwork(Layer<double> Network, Loss<double>? Loss, Tensor<double> Input, Tensor<double>? Target)
{
    /// <summary>What was checked, where it is in double precision; else null.</summary>
    public static CheckedNetwork? Of<T>(Layer<T> network, Loss<T>? loss, Tensor<T> input, Tensor<T>? target)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        network is Layer<double> layer ? new CheckedNetwork(layer, loss as Loss<double>, (Tensor<double>)(object)input, target as Tensor<double>) : null;
}
