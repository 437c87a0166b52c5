namespace ChainRule.Explanation;

/// <summary>What a derivative is taken by: an entry of a parameter or of the input.</summary>
/// <param name="Tensor">The name of the parameter, e.g. layer1.weight; <c>input</c> for the input.</param>
/// <param name="Indices">The place inside it; for the input the position of the sample and then the place inside the sample.</param>
/// <param name="Symbol">What formulas call it, e.g. W1[0,3].</param>
/// <param name="Value">Its number.</param>
/// <param name="Level">The level of the layer that it goes into, as <see cref="Factor.Level"/> counts them.</param>
public sealed record Target(string Tensor, IReadOnlyList<int> Indices, Symbol Symbol, double Value, int Level)
{
    /// <summary>E.g. layer1.weight[0,3].</summary>
    public string Name => $"{Tensor}[{string.Join(',', Indices)}]";
}

/// <summary>A tensor whose entries can be explained.</summary>
/// <param name="Name">Its name, e.g. layer1.weight.</param>
/// <param name="Lengths">Its shape.</param>
public sealed record TargetTensor(string Name, IReadOnlyList<int> Lengths)
{
    /// <summary>The entries that there are, e.g. layer1.weight[0…1,0…7].</summary>
    public override string ToString() => $"{Name}[{string.Join(',', Lengths.Select(length => length == 1 ? "0" : $"0…{length - 1}"))}]";
}
