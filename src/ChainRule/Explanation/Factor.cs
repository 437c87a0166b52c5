namespace ChainRule.Explanation;

/// <summary>One factor of the chain rule: a local derivative, of one layer, of one of its units.</summary>
/// <param name="Numerator">What changes, e.g. a1[3].</param>
/// <param name="Denominator">What it changes with, e.g. z1[3]; a quantity of the same layer's input or one of its parameters.</param>
/// <param name="Formula">The local derivative as a formula with its numbers, e.g. σ(z1[3])(1 − σ(z1[3])).</param>
/// <param name="Value">Its number, as the layer's own backward pass gives it.</param>
/// <param name="Layer">The name of the layer that it belongs to, e.g. sigmoid1; <c>loss</c> for the loss.</param>
/// <param name="Level">The layer's level: n for <see cref="NetworkPass.Layers"/>[n − 1]; one more than the last for the loss.</param>
/// <param name="Upper">The unit that changes; null for the loss.</param>
/// <param name="Lower">The unit that it changes with; null for a parameter.</param>
public sealed record Factor(Symbol Numerator, Symbol Denominator, Formula Formula, double Value, string Layer, int Level, UnitReference? Upper, UnitReference? Lower)
{
    /// <summary>What the factor is called, e.g. da1[3]/dz1[3].</summary>
    public string Symbol => $"d{Numerator}/d{Denominator}";
}
