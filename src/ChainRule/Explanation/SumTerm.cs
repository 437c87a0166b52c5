namespace ChainRule.Explanation;

/// <summary>
/// One term of the chain rule's sum, ∂L/∂v = Σ over the units u that v goes into of ∂L/∂u · ∂u/∂v: what arrives through one u.
/// </summary>
/// <param name="Upper">u; null where v is a prediction and goes into the loss, whose derivative by itself is 1.</param>
/// <param name="UpperSymbol">What u is called; L for the loss.</param>
/// <param name="UpperGradient">∂L/∂u.</param>
/// <param name="Local">∂u/∂v.</param>
/// <param name="Product">The product of both.</param>
public sealed record SumTerm(UnitReference? Upper, Symbol UpperSymbol, double UpperGradient, Factor Local, double Product);
