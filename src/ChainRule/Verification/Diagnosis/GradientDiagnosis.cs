namespace ChainRule.Verification;

/// <summary>Says what is probably wrong with a gradient, from all that a check found.</summary>
/// <remarks>
/// What the probes saw happen is certain. Where the network can be run again, each of its pieces is examined by itself
/// (<see cref="PieceDiagnosis"/>); where the gradients come from elsewhere, mistakes are made on purpose until one gives the same
/// numbers (<see cref="ForeignDiagnosis"/>). Else the pattern of the errors has to do (<see cref="PatternDiagnosis"/>).
/// </remarks>
internal static class GradientDiagnosis
{
    // What may cause the others comes first: a pass that gives other numbers each time fails every probe, and a gradient that grows
    // is wrong after another batch too.
    private static readonly GradientMistake[] certain =
    [
        GradientMistake.WrongShape,
        GradientMistake.NotFinite,
        GradientMistake.NonDeterministic,
        GradientMistake.ValuesChanged,
        GradientMistake.WrongAccumulation,
        GradientMistake.StaleCache,
        GradientMistake.WrongAfterTraining,
        GradientMistake.NeverReached,
    ];

    /// <summary>What is probably wrong, most likely first; empty where nothing is.</summary>
    public static IReadOnlyList<Diagnosis> Of(GradientEvidence evidence)
    {
        List<Diagnosis> found = [.. evidence.Probes.Select(FromProbe)];
        if (evidence.Tensors.Any(tensor => tensor.IsWrong) || found.Count > 0)
        {
            Diagnosis[] examined = evidence.Network is null ? [] : [.. Examine(evidence, evidence.Network)];
            found.AddRange(examined);
            found.AddRange(PatternDiagnosis.Of(evidence).Select(diagnosis => examined.Length == 0 ? diagnosis : diagnosis with { Confidence = diagnosis.Confidence / 2 }));
        }

        // The same mistake at the same place is said once, as sure as the surest says it.
        return [.. found.OrderByDescending(diagnosis => diagnosis.Confidence).DistinctBy(diagnosis => diagnosis.Cause)];
    }

    private static Diagnosis FromProbe(ProbeFinding probe)
    {
        int rank = Array.IndexOf(certain, probe.Mistake);
        return new Diagnosis { Cause = probe.Mistake, Place = probe.Place, Confidence = rank >= 0 ? 1 - (0.001 * Math.Max(0, rank - 1)) : 0.7, Evidence = probe.Evidence };
    }

    private static IEnumerable<Diagnosis> Examine(GradientEvidence evidence, CheckedNetwork network)
    {
        Diagnosis[] inside = [.. Piece.Of(network).Select(Examination.Of).OfType<Examination>().SelectMany(PieceDiagnosis.Of)];
        return inside.Length > 0 ? inside : ForeignDiagnosis.Of(network, evidence.Tensors);
    }
}
