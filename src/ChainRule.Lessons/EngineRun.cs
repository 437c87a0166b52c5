namespace ChainRule.Lessons;

/// <summary>Section 4: the engine trained on the same data from the same start as the hand-written network.</summary>
/// <param name="Losses">The loss of each epoch.</param>
/// <param name="LargestRelativeDifference">The largest |engine − by hand| / by hand of all losses.</param>
public sealed record EngineRun(IReadOnlyList<double> Losses, double LargestRelativeDifference);
