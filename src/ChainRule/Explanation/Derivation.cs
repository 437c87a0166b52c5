namespace ChainRule.Explanation;

/// <summary>
/// Where one derivative comes from: ∂L/∂θ as a sum over the samples of the batch, each a sum over paths, each a product of
/// local derivatives.
/// </summary>
/// <remarks>
/// The paths that are named are the largest of the whole batch. The others are totalled sample by sample; nothing is lost:
/// all named products and all remainders add up to <see cref="Gradient"/>, but for rounding.
/// </remarks>
public sealed class Derivation
{
    private readonly Func<UnitReference, IReadOnlyList<SumTerm>> unfold;

    internal Derivation(Func<UnitReference, IReadOnlyList<SumTerm>> unfold) => this.unfold = unfold;

    /// <summary>What is derived by.</summary>
    public required Target Target { get; init; }

    /// <summary>The network's whole forward and backward pass.</summary>
    public required NetworkPass Pass { get; init; }

    /// <summary>∂L/∂θ, as the engine has it.</summary>
    public required double Gradient { get; init; }

    /// <summary>The opinions on it.</summary>
    public required Opinions Opinions { get; init; }

    /// <summary>The samples, in the order of the batch.</summary>
    public required IReadOnlyList<SamplePart> Samples { get; init; }

    /// <summary>All paths that are named, largest first.</summary>
    public required IReadOnlyList<DerivationPath> Paths { get; init; }

    /// <summary>
    /// The gradient by unit: one term for each unit that the target goes into directly, for a weight one a sample. The
    /// gradient of a term's unit is a sum in its turn: <see cref="Unfold"/>.
    /// </summary>
    public required IReadOnlyList<SumTerm> Terms { get; init; }

    /// <summary>How many paths there are, exact up to 2⁵³.</summary>
    public double PathCount => Samples.Sum(sample => sample.PathCount);

    /// <summary>The sum of the paths that are not named.</summary>
    public double Remainder => Samples.Sum(sample => sample.Remainder);

    /// <summary>The gradient of one unit as a sum over the units above it.</summary>
    /// <param name="unit">A unit on the way from the target to the loss, e.g. the <see cref="SumTerm.Upper"/> of a term.</param>
    /// <exception cref="ArgumentException">It is not on the way.</exception>
    public IReadOnlyList<SumTerm> Unfold(UnitReference unit) => unfold(unit);
}
