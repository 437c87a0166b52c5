using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Serialization;

/// <summary>What a file of tensors holds.</summary>
/// <param name="Tensors">The tensors by name, in the order of the file.</param>
/// <param name="Metadata">Texts by name; empty where the format has none.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record NamedTensors<T>(OrderedDictionary<string, Tensor<T>> Tensors, IReadOnlyDictionary<string, string> Metadata)
    where T : unmanaged, IFloatingPointIeee754<T>;
