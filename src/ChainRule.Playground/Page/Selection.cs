using ChainRule.Playground.Session;

namespace ChainRule.Playground.Page;

/// <summary>What the inspector looks at: an entry of a parameter, or a neuron.</summary>
/// <param name="Entry">The entry; for a neuron its bias.</param>
/// <param name="IsNeuron">Whether it is a neuron.</param>
public readonly record struct Selection(Entry Entry, bool IsNeuron)
{
    /// <summary>An entry.</summary>
    /// <param name="entry">The entry.</param>
    public Selection(Entry entry)
        : this(entry, IsNeuron: false)
    {
    }

    /// <summary>A neuron.</summary>
    /// <param name="layer">Its layer, from 0.</param>
    /// <param name="unit">Its place there.</param>
    public Selection(int layer, int unit)
        : this(new Entry(layer, -1, unit), IsNeuron: true)
    {
    }

    /// <summary>What the picture calls it: W1-0-3, b1-3 or n1-3.</summary>
    public string Key => IsNeuron ? $"n{Entry.Layer + 1}-{Entry.Unit}" : Entry.IsBias ? $"b{Entry.Layer + 1}-{Entry.Unit}" : $"W{Entry.Layer + 1}-{Entry.Input}-{Entry.Unit}";

    /// <summary>Whether a network has it.</summary>
    /// <param name="layers">The network's layers of neurons.</param>
    public bool Fits(IReadOnlyList<NeuronLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return Entry.Layer >= 0 && Entry.Layer < layers.Count && Entry.Unit < layers[Entry.Layer].Units && Entry.Input < layers[Entry.Layer].Inputs;
    }
}
