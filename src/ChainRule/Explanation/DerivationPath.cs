namespace ChainRule.Explanation;

/// <summary>One path from the loss down to the target. Along it local derivatives multiply.</summary>
/// <param name="Sample">The position in the batch of the sample whose prediction the path starts at.</param>
/// <param name="Factors">The local derivatives, from the loss down.</param>
/// <param name="Product">Their product.</param>
public sealed record DerivationPath(int Sample, IReadOnlyList<Factor> Factors, double Product);
