using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Layers;

namespace ChainRule.Verification;

/// <summary>A network as it was before a check: its values and those of the batch come back bit for bit, and so do its settings.</summary>
internal sealed class CheckedState<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Layer<T> layer;
    private readonly bool neededInputGradient;
    private readonly IReadOnlyList<Dropout<T>> drewMasks;
    private readonly Bits<T> values;

    /// <summary>Keeps everything, and prepares the network: it computes the gradient of its input, and what it draws at random stays drawn.</summary>
    public CheckedState(Layer<T> layer, params IEnumerable<Tensor<T>> batch)
    {
        this.layer = layer;
        values = new Bits<T>(
        [
            .. layer.Parameters.Select(parameter => (parameter.Name, parameter.Value)),
            .. layer.Statistics.Select(statistic => (statistic.Name, statistic.Value)),
            .. batch.Select(tensor => ("batch", tensor)),
        ]);
        neededInputGradient = layer.NeedsInputGradient;
        layer.NeedsInputGradient = true;
        drewMasks = LayerTree.KeepMasks(layer);
    }

    /// <summary>Puts the values back, where a pass has changed what it must only read.</summary>
    public void Restore() => values.Restore();

    /// <summary>Puts all back. Gradients that had been added up are given up.</summary>
    public void Dispose()
    {
        values.Restore();
        layer.NeedsInputGradient = neededInputGradient;
        foreach (Dropout<T> dropout in drewMasks)
        {
            dropout.KeepsMask = false;
        }

        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }
    }
}
