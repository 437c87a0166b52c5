using System.Numerics.Tensors;
using ChainRule.Verification;

namespace ChainRule.Lessons;

/// <summary>Section 3: four opinions on the gradients of one network, before its first step of training.</summary>
/// <param name="Seed">Where the network's weights were drawn from.</param>
/// <param name="Hidden">Its number of hidden units.</param>
/// <param name="Rows">A row for each parameter.</param>
public sealed record GradientAgreement(uint Seed, int Hidden, IReadOnlyList<AgreementRow> Rows)
{
    /// <summary>
    /// Whether nobody disagrees. Those who derive differ by rounding alone; how far a central difference may be off depends on its
    /// step and on the loss, which the gradient check judges. A kink is no disagreement: there is no derivative to disagree about.
    /// </summary>
    public bool Agrees => Rows.All(row => row.ExactDifference < 1e-12 && row.Verdict != GradientVerdict.Fail);
}

/// <summary>Four opinions on dL/dθ of one parameter θ.</summary>
public sealed record AgreementRow
{
    /// <summary>W1, b1, W2 or b2.</summary>
    public required string Parameter { get; init; }

    /// <summary>By <see cref="TwoLayerPerceptron.Backward"/>.</summary>
    public required Tensor<double> ByHand { get; init; }

    /// <summary>By the engine's layers.</summary>
    public required Tensor<double> Engine { get; init; }

    /// <summary>By automatic differentiation of single numbers.</summary>
    public required Tensor<double> Autodiff { get; init; }

    /// <summary>By central differences.</summary>
    public required Tensor<double> Numeric { get; init; }

    /// <summary>The largest difference of any entry, by hand against the engine and against autodiff.</summary>
    public required double ExactDifference { get; init; }

    /// <summary>The largest difference of any entry, by hand against the engine and against autodiff; against central differences too unless they met a kink.</summary>
    public required double LargestDifference { get; init; }

    /// <summary>The largest difference of any entry, by hand against central differences.</summary>
    public required double NumericDifference { get; init; }

    /// <summary>What the gradient check says: on a kink, central differences mean nothing.</summary>
    public required GradientVerdict Verdict { get; init; }

    /// <summary>The place, counted row by row, of the entry with the largest gradient: the one to show.</summary>
    public int LargestEntry => Enumerable.Range(0, (int)ByHand.FlattenedLength).MaxBy(i => Math.Abs(ByHand.ElementAt(i)));
}
