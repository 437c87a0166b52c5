namespace ChainRule.Explanation;

/// <summary>One number of the forward pass: a unit of a layer's output, or of the input, for one sample.</summary>
/// <param name="Level">0 for the input x, n for the output of <see cref="NetworkPass.Layers"/>[n − 1].</param>
/// <param name="Sample">The position of the sample in the batch.</param>
/// <param name="Unit">The place among the sample's values, row by row.</param>
public readonly record struct UnitReference(int Level, int Sample, int Unit);
