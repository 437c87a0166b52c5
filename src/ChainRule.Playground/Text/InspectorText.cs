namespace ChainRule.Playground.Text;

/// <summary>The inspector.</summary>
public sealed record InspectorText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>Names the choice.</summary>
    public required string Choose { get; init; }

    /// <summary>Names the choice of the layer.</summary>
    public required string Layer { get; init; }

    /// <summary>Names the choice of the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>A weight.</summary>
    public required string Weight { get; init; }

    /// <summary>A bias.</summary>
    public required string Bias { get; init; }

    /// <summary>A neuron.</summary>
    public required string Neuron { get; init; }

    /// <summary>Names the choice of where it comes from.</summary>
    public required string From { get; init; }

    /// <summary>Names the choice of where it goes to.</summary>
    public required string To { get; init; }

    /// <summary>Names the value.</summary>
    public required string Value { get; init; }

    /// <summary>How to edit.</summary>
    public required string ValueHint { get; init; }

    /// <summary>Heads the gradient.</summary>
    public required string Gradient { get; init; }

    /// <summary>Heads the value after the step.</summary>
    public required string AfterStep { get; init; }

    /// <summary>Heads the derivation.</summary>
    public required string Derivation { get; init; }

    /// <summary>How to read it.</summary>
    public required string DerivationNote { get; init; }

    /// <summary>Terms {0} add up to {1}.</summary>
    public required string SumOver { get; init; }

    /// <summary>Shows all terms.</summary>
    public required string ShowAll { get; init; }

    /// <summary>Sample number {0}.</summary>
    public required string SampleRow { get; init; }

    /// <summary>Heads the paths.</summary>
    public required string Paths { get; init; }

    /// <summary>Shown {0} of {1} paths.</summary>
    public required string PathsOf { get; init; }

    /// <summary>All {0} paths.</summary>
    public required string AllPaths { get; init; }

    /// <summary>Heads the opinions.</summary>
    public required string Opinions { get; init; }

    /// <summary>The engine.</summary>
    public required string ByHand { get; init; }

    /// <summary>The paths.</summary>
    public required string PathSum { get; init; }

    /// <summary>Autodiff.</summary>
    public required string Autodiff { get; init; }

    /// <summary>Numeric.</summary>
    public required string Numeric { get; init; }

    /// <summary>Heads the differences.</summary>
    public required string Difference { get; init; }

    /// <summary>Heads the verdict.</summary>
    public required string Verdict { get; init; }

    /// <summary>Right.</summary>
    public required string Pass { get; init; }

    /// <summary>A corner.</summary>
    public required string Kink { get; init; }

    /// <summary>Wrong.</summary>
    public required string Fail { get; init; }

    /// <summary>Nothing to be seen.</summary>
    public required string Noise { get; init; }

    /// <summary>Heads the V-curve.</summary>
    public required string VCurve { get; init; }

    /// <summary>How to read it.</summary>
    public required string VCurveNote { get; init; }

    /// <summary>How to read it at a corner.</summary>
    public required string VCurveKink { get; init; }

    /// <summary>The derivative is 0.</summary>
    public required string VCurveZero { get; init; }

    /// <summary>The axis of steps.</summary>
    public required string VCurveStep { get; init; }

    /// <summary>The axis of errors.</summary>
    public required string VCurveError { get; init; }

    /// <summary>Heads the sum of a neuron.</summary>
    public required string ForwardSum { get; init; }

    /// <summary>Heads the gradient of a neuron.</summary>
    public required string BackwardSum { get; init; }

    /// <summary>Heads the weights of a neuron.</summary>
    public required string Incoming { get; init; }

    /// <summary>The penalty adds {0}.</summary>
    public required string Penalty { get; init; }

    /// <summary>The engine has a bug.</summary>
    public required string BugNote { get; init; }

    /// <summary>It waits.</summary>
    public required string Playing { get; init; }

    /// <summary>It cannot explain.</summary>
    public required string NotFinite { get; init; }
}
