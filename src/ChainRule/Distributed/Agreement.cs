using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ChainRule.Distributed;

/// <summary>Texts and numbers that all ranks must share.</summary>
internal static class Agreement
{
    /// <summary>Gives all ranks the bytes of one of them.</summary>
    /// <param name="collective">The ranks.</param>
    /// <param name="bytes">The bytes, where this is that rank; the others need not have any.</param>
    /// <param name="root">That rank.</param>
    public static byte[] Share(ICollective collective, byte[] bytes, int root)
    {
        Span<int> length = [bytes.Length];
        collective.Broadcast(MemoryMarshal.AsBytes(length), root);
        byte[] shared = collective.Rank == root ? bytes : new byte[length[0]];
        collective.Broadcast(shared, root);
        return shared;
    }

    /// <summary>Gives all ranks the text of one of them.</summary>
    public static string Share(ICollective collective, string text, int root) =>
        Encoding.UTF8.GetString(Share(collective, Encoding.UTF8.GetBytes(text), root));

    /// <summary>The lowest rank for which something holds; null where it holds for none.</summary>
    public static int? First(ICollective collective, bool holds)
    {
        Span<double> flags = new double[collective.Size];
        flags[collective.Rank] = holds ? 1 : 0;
        collective.Sum(flags);
        return flags.IndexOf(1.0) is >= 0 and var first ? first : null;
    }

    /// <summary>Throws where a rank has another value of a setting than rank 0 has.</summary>
    /// <param name="collective">The ranks.</param>
    /// <param name="settings">The settings by name, in the same order on each rank.</param>
    /// <exception cref="CollectiveException">The ranks differ; all of them throw, and the message names the lowest that differs.</exception>
    public static void RequireSame(ICollective collective, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        if (collective.Size == 1)
        {
            return;
        }

        string[] own = [.. settings.Select(setting => $"{setting.Key}\0{setting.Value}")];
        string[] first = Share(collective, string.Join('\u0001', own), 0).Split('\u0001');
        int different = Enumerable.Range(0, Math.Max(own.Length, first.Length)).FirstOrDefault(i => i >= own.Length || i >= first.Length || own[i] != first[i], -1);
        if (First(collective, different >= 0) is { } rank)
        {
            int index = BitConverter.ToInt32(Share(collective, BitConverter.GetBytes(different), rank));
            string other = Share(collective, index < own.Length ? own[index] : "other settings\0", rank);
            string[] parts = other.Split('\0');
            string mine = index < first.Length ? first[index].Split('\0')[^1] : "";
            throw new CollectiveException($"Rank {rank} does not agree with rank 0: its {parts[0]} is {parts[^1]}, and that of rank 0 is {mine}. All ranks must be started with the same options and data.", 0, isCommon: true);
        }
    }

    /// <summary>Throws where a rank's tensors have other bits than those of rank 0.</summary>
    /// <exception cref="CollectiveException">They do; all ranks throw.</exception>
    public static void RequireSameBits<T>(ICollective collective, IEnumerable<Tensor<T>> tensors, string what)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        if (collective.Size == 1)
        {
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor<T> tensor in tensors)
        {
            hash.AppendData(MemoryMarshal.AsBytes(Kernels.DenseMemory.AsSpan(tensor)));
        }

        RequireSame(collective, [new(what, Convert.ToHexString(hash.GetHashAndReset())[..16])]);
    }
}
