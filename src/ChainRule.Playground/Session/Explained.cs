using ChainRule.Explanation;
using ChainRule.Verification;

namespace ChainRule.Playground.Session;

/// <summary>A derivative of the next step, explained.</summary>
/// <param name="Entry">What it is taken by.</param>
/// <param name="Derivation">Where it comes from, in the network without bugs.</param>
/// <param name="ByHand">What the network that is trained says, with its bug where there is one.</param>
/// <param name="Verdict">Whether that is right.</param>
public sealed record Explained(Entry Entry, Derivation Derivation, double ByHand, GradientVerdict Verdict);
