namespace ChainRule.Lessons;

/// <summary>Section 1: the activation functions and their derivatives at a few places.</summary>
/// <param name="X">The places.</param>
/// <param name="Sigmoid">σ(x).</param>
/// <param name="SigmoidDerivative">σ′(x).</param>
/// <param name="Relu">relu(x).</param>
/// <param name="ReluDerivative">relu′(x).</param>
public sealed record ActivationTable(
    IReadOnlyList<double> X,
    IReadOnlyList<double> Sigmoid,
    IReadOnlyList<double> SigmoidDerivative,
    IReadOnlyList<double> Relu,
    IReadOnlyList<double> ReluDerivative);
