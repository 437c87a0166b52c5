using ChainRule.Verification;

namespace ChainRule.Explanation;

/// <summary>What independent ways of finding one derivative say, and what follows.</summary>
/// <param name="ByHand">The engine: the Backward of every layer.</param>
/// <param name="Paths">The sum over all paths, computed from the weight up.</param>
/// <param name="Autodiff">Automatic differentiation of the network written with <see cref="Autodiff.Scalar"/>; null where a layer has no such form.</param>
/// <param name="Numeric">The central difference.</param>
/// <param name="Verdict">Whether they agree. A kink is no disagreement: the loss has a corner there and no derivative.</param>
public sealed record Opinions(double ByHand, double Paths, double? Autodiff, double Numeric, GradientVerdict Verdict);
