using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Serialization;

namespace ChainRule.Training;

/// <summary>A copy of a network's parameters and running statistics, to go back to: the best so far, or the last that was good.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class Snapshot<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Tensor<T>[] tensors;
    private readonly T[][] values;

    /// <summary>Copies the network as it is.</summary>
    public Snapshot(Layer<T> network)
    {
        tensors = [.. network.Parameters.Select(parameter => parameter.Value), .. network.Statistics.Select(statistic => statistic.Value)];
        values = [.. tensors.Select(tensor => new T[tensor.FlattenedLength])];
        Take();
    }

    /// <summary>Copies the network again, over the last copy.</summary>
    public void Take()
    {
        for (int i = 0; i < values.Length; i++)
        {
            tensors[i].AsSpan().CopyTo(values[i]);
        }
    }

    /// <summary>Puts the copy back.</summary>
    public void Restore()
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i].CopyTo(tensors[i].AsSpan());
        }
    }

    /// <summary>Writes the copy.</summary>
    public void Write(BinaryWriter writer)
    {
        foreach (T[] value in values)
        {
            Binary.Write<T>(writer, value);
        }
    }

    /// <summary>Reads a copy of a network of the same shape.</summary>
    public void Read(BinaryReader reader)
    {
        foreach (T[] value in values)
        {
            Binary.Read<T>(reader, value);
        }
    }
}
