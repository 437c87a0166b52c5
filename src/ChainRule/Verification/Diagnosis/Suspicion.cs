namespace ChainRule.Verification;

/// <summary>A mistake that would give certain numbers. Where those are the numbers that are claimed, the mistake was probably made.</summary>
/// <param name="Cause">The mistake.</param>
/// <param name="Confidence">How sure it is if the numbers agree.</param>
/// <param name="Evidence">What is said then, in one sentence.</param>
/// <param name="Prediction">The gradient that the mistake gives; not a number where it leaves an entry open.</param>
internal sealed record Suspicion(GradientMistake Cause, double Confidence, string Evidence, double[] Prediction)
{
    /// <summary>Whether the order of the entries is left open: <see cref="Prediction"/> has them from the smallest to the largest.</summary>
    public bool IsSorted { get; init; }

    /// <summary>Whether a claim is what the mistake gives.</summary>
    public bool Explains(double[] claim) =>
        claim.Length == Prediction.Length && Agreement.Same(IsSorted ? [.. claim.Order()] : claim, Prediction);

    /// <summary>The diagnosis, if this is what happened.</summary>
    /// <param name="place">Where.</param>
    public Diagnosis At(string place) => new() { Cause = Cause, Place = place, Confidence = Confidence, Evidence = Evidence };
}
