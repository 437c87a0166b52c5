using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>Tensors as they were, to see later whether every bit is still the same.</summary>
internal sealed class Bits<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (string Name, Tensor<T> Tensor, T[] Values)[] kept;

    /// <summary>Keeps copies.</summary>
    public Bits(IEnumerable<(string Name, Tensor<T> Tensor)> tensors)
    {
        kept = [.. tensors.Select(tensor => (tensor.Name, tensor.Tensor, tensor.Tensor.AsSpan().ToArray()))];
    }

    /// <summary>The tensors that have changed since.</summary>
    public IEnumerable<string> Changed() => kept.Where(tensor => !Same(tensor.Values, tensor.Tensor.AsSpan())).Select(tensor => tensor.Name);

    /// <summary>Puts every bit back.</summary>
    public void Restore()
    {
        foreach ((_, Tensor<T> tensor, T[] values) in kept)
        {
            values.CopyTo(tensor.AsSpan());
        }
    }

    /// <summary>Whether two spans hold the same bits.</summary>
    public static bool Same(ReadOnlySpan<T> left, ReadOnlySpan<T> right) => MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));
}
