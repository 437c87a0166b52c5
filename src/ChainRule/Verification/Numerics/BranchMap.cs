using System.Numerics;

namespace ChainRule.Verification;

/// <summary>Which piece every unit of a network's piecewise layers, and of its loss, is on.</summary>
/// <param name="network">The network; null where there is none.</param>
/// <param name="loss">The loss; null where there is none.</param>
/// <param name="batch">The number of samples.</param>
internal sealed class BranchMap<T>(Layer<T>? network, Loss<T>? loss, int batch)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T>[] layers = network is null ? [] : [.. LayerTree.Of(network)];

    /// <summary>Whether every layer is one of this library's, which tell of all their corners.</summary>
    public bool IsComplete { get; } = network is null ? loss is not null && IsOurs(loss) : LayerTree.Of(network).All(IsOurs) && (loss is null || IsOurs(loss));

    /// <summary>The branches of the last forward pass.</summary>
    public int[][] Read() =>
    [
        .. layers.Select(layer => Enumerable.Range(0, layer.BranchCount).Select(layer.Branch).ToArray()),
        loss is null ? [] : [.. Enumerable.Range(0, loss.BranchCount).Select(loss.Branch)],
    ];

    /// <summary>The units that are on different pieces in two passes.</summary>
    public IReadOnlyList<KinkUnit> Changed(int[][] before, int[][] after)
    {
        var changed = new List<KinkUnit>();
        for (int layer = 0; layer < before.Length; layer++)
        {
            int units = Math.Max(1, before[layer].Length / batch);
            for (int i = 0; i < before[layer].Length; i++)
            {
                if (before[layer][i] != after[layer][i])
                {
                    changed.Add(new KinkUnit(layer < layers.Length ? NameOf(layers[layer]) : loss!.ToString(), i / units, i % units));
                }
            }
        }

        return changed;
    }

    private static string NameOf(Layer<T> layer) => layer.Name.Length > 0 ? layer.Name : layer.ToString();

    // A function that was written by hand has corners that nobody tells of.
    private static bool IsOurs(object part) => part is not FunctionLayer<T> && part.GetType().Assembly == typeof(BranchMap<>).Assembly;
}
