using System.Numerics.Tensors;

namespace ChainRule.Lessons;

/// <summary>Section 6: the whole chain for one sample, before the first step of training.</summary>
public sealed record ChainExample
{
    /// <summary>The sample's number in <see cref="Xor.Inputs"/>.</summary>
    public required int Sample { get; init; }

    /// <summary>What the prediction should be.</summary>
    public required double Target { get; init; }

    /// <summary>The weights from the hidden units, shape (hidden, 1).</summary>
    public required Tensor<double> W2 { get; init; }

    /// <summary>The forward pass, with a batch of one.</summary>
    public required ForwardPass Forward { get; init; }

    /// <summary>L = (a2 − y)².</summary>
    public required double Loss { get; init; }

    /// <summary>The backward pass.</summary>
    public required BackwardPass Backward { get; init; }

    /// <summary>The input that the road to W1 ends at.</summary>
    public required int Input { get; init; }

    /// <summary>The hidden unit that the road leads through: the one with the largest gradient.</summary>
    public required int Unit { get; init; }

    /// <summary>The factors whose product is dL/dW2 of the chosen unit.</summary>
    public IReadOnlyList<ChainFactor> W2Factors =>
    [
        new("dL/da2", "2(a2 − y)", Backward.LossByA2[0, 0]),
        new("da2/dz2", "σ′(z2)", Activation.SigmoidDerivative(Forward.Z2[0, 0])),
        new("dz2/dW2", "a1", Forward.A1[0, Unit]),
    ];

    /// <summary>The factors whose product is dL/dW1 from the chosen input to the chosen unit.</summary>
    public IReadOnlyList<ChainFactor> W1Factors =>
    [
        new("dL/da2", "2(a2 − y)", Backward.LossByA2[0, 0]),
        new("da2/dz2", "σ′(z2)", Activation.SigmoidDerivative(Forward.Z2[0, 0])),
        new("dz2/da1", "W2", W2[Unit, 0]),
        new("da1/dz1", "relu′(z1)", Activation.ReluDerivative(Forward.Z1[0, Unit])),
        new("dz1/dW1", "x", Forward.X[0, Input]),
    ];
}

/// <summary>One factor of the chain rule.</summary>
/// <param name="Symbol">What it is called, e.g. da2/dz2.</param>
/// <param name="Formula">What it is, e.g. σ′(z2).</param>
/// <param name="Value">Its number.</param>
public sealed record ChainFactor(string Symbol, string Formula, double Value);
