using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Training;

/// <summary>A copy of a network's parameters, to go back to: the best so far, or the last that was good.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Snapshot<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Parameter<T>> parameters;
    private readonly T[][] values;

    /// <summary>Copies the parameters as they are.</summary>
    public Snapshot(IReadOnlyList<Parameter<T>> parameters)
    {
        this.parameters = parameters;
        values = [.. parameters.Select(parameter => new T[parameter.Value.FlattenedLength])];
        Take();
    }

    /// <summary>Copies the parameters again, over the last copy.</summary>
    public void Take()
    {
        for (int i = 0; i < values.Length; i++)
        {
            parameters[i].Value.AsSpan().CopyTo(values[i]);
        }
    }

    /// <summary>Puts the copy back.</summary>
    public void Restore()
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].CopyTo(parameters[i].Value.AsSpan());
        }
    }
}
