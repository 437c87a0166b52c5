namespace ChainRule.Explanation;

/// <summary>What one sample adds to the gradient: the sum over all paths that start at its prediction.</summary>
/// <param name="Sample">The position of the sample in the batch.</param>
/// <param name="Number">The sample's number in the data that the batch was taken from.</param>
/// <param name="Gradient">The sum over all of its paths.</param>
/// <param name="PathCount">How many paths there are, exact up to 2⁵³.</param>
/// <param name="Paths">Those that are named, largest first.</param>
/// <param name="Remainder">The sum of the others; exactly 0 where there are none.</param>
public sealed record SamplePart(int Sample, int Number, double Gradient, double PathCount, IReadOnlyList<DerivationPath> Paths, double Remainder)
{
    /// <summary>How many paths are not named.</summary>
    public double RemainderCount => PathCount - Paths.Count;
}
