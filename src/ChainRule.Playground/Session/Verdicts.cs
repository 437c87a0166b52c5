using ChainRule.Verification;

namespace ChainRule.Playground.Session;

/// <summary>A verdict for every entry of every parameter.</summary>
/// <param name="Parameters">The verdicts of each parameter, in the network's order, entry by entry.</param>
public sealed record Verdicts(IReadOnlyList<IReadOnlyList<GradientVerdict>> Parameters)
{
    /// <summary>How many entries have a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    public int Count(GradientVerdict verdict) => Parameters.Sum(parameter => parameter.Count(entry => entry == verdict));

    /// <summary>The verdict of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="units">The neurons of its layer.</param>
    public GradientVerdict Of(Entry entry, int units) => Parameters[(2 * entry.Layer) + (entry.IsBias ? 1 : 0)][entry.Position(units)];
}
