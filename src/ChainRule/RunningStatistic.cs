using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule;

/// <summary>Numbers that a layer gathers about its inputs while it trains, and uses when it infers.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RunningStatistic<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Makes a statistic that starts at <paramref name="value"/>.</summary>
    /// <param name="name">What the layer calls it, e.g. <c>running_mean</c>.</param>
    /// <param name="value">The tensor itself, not a copy: the layer changes it in place.</param>
    /// <exception cref="ArgumentException">The name is empty, or the tensor is empty or strided.</exception>
    public RunningStatistic(string name, Tensor<T> value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!Shape.IsBatch(value))
        {
            throw Shape.NotABatch(value, $"The value of the statistic '{name}'", nameof(value));
        }

        Name = name;
        Value = value;
    }

    /// <summary>The statistic's name: <c>running_mean</c> in a layer, <c>layer2.running_mean</c> in a network.</summary>
    public string Name { get; internal set; }

    /// <summary>The numbers.</summary>
    public Tensor<T> Value { get; }
}
