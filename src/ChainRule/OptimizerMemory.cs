using System.Numerics;

namespace ChainRule;

/// <summary>What an optimizer remembers of one parameter between steps, e.g. its velocity: saved in checkpoints.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class OptimizerMemory<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[][] values;

    internal OptimizerMemory(int count, int length)
    {
        values = new T[count][];
        for (int i = 0; i < count; i++)
        {
            values[i] = new T[length];
        }
    }

    /// <summary>How many steps the parameter has had, the one under way included: 1 in the first.</summary>
    public int Steps { get; internal set; }

    /// <summary>One of the remembered tensors, in the order of <see cref="Optimizer{T}.MemoryNames"/>: as long as the parameter, zeros before the first step.</summary>
    /// <param name="index">Which.</param>
    public Span<T> this[int index] => values[index];
}
