using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.Verification;

/// <summary>A layer and all layers that it is made of.</summary>
internal static class LayerTree
{
    /// <summary>The layer, then those inside it, in their order.</summary>
    public static IEnumerable<Layer<T>> Of<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        layer.Children.SelectMany(Of).Prepend(layer);

    /// <summary>Makes every dropout keep its r, so that all passes compute one function.</summary>
    /// <returns>Those that did not before: set them back afterwards.</returns>
    public static IReadOnlyList<Dropout<T>> KeepMasks<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dropout<T>[] changed = [.. Of(layer).OfType<Dropout<T>>().Where(dropout => !dropout.KeepsMask)];
        foreach (Dropout<T> dropout in changed)
        {
            dropout.KeepsMask = true;
        }

        return changed;
    }
}
