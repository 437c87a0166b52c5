namespace ChainRule.Verification;

/// <summary>A unit of a piecewise layer that is on one piece to the left of θ and on another to the right: where a kink comes from.</summary>
/// <param name="Layer">The layer as the network calls it, or what it is where it stands alone, or the loss.</param>
/// <param name="Sample">The sample of the batch.</param>
/// <param name="Unit">The unit, counted through the sample.</param>
public sealed record KinkUnit(string Layer, int Sample, int Unit)
{
    /// <summary>E.g. relu1, unit 3 of sample 0.</summary>
    public override string ToString() => $"{Layer}, unit {Unit} of sample {Sample}";
}
