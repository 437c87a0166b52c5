namespace ChainRule.Playground.Session;

/// <summary>Every number of one training step: what flows forward, what flows back, and where the parameters go.</summary>
public sealed class Pass
{
    /// <summary>The numbers of the batch's samples among the training samples.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>The samples, one after the other.</summary>
    public required IReadOnlyList<double> Inputs { get; init; }

    /// <summary>∂L/∂x.</summary>
    public required IReadOnlyList<double> InputGradients { get; init; }

    /// <summary>The targets as the loss takes them.</summary>
    public required IReadOnlyList<double> Targets { get; init; }

    /// <summary>The network's layers.</summary>
    public required IReadOnlyList<PassLayer> Layers { get; init; }

    /// <summary>L.</summary>
    public required double Loss { get; init; }

    /// <summary>The number of samples.</summary>
    public int Samples => Rows.Count;

    /// <summary>The features of a sample.</summary>
    public int Features => Inputs.Count / Samples;
}

/// <summary>One layer of a pass.</summary>
/// <param name="Name">Its name in the network, e.g. layer1.</param>
/// <param name="Description">What it is, e.g. Linear(2, 8).</param>
/// <param name="Units">The values of a sample.</param>
/// <param name="Values">Its output, sample after sample.</param>
/// <param name="Gradients">∂L/∂output.</param>
/// <param name="Parameters">Weight and bias, or nothing.</param>
public sealed record PassLayer(string Name, string Description, int Units, IReadOnlyList<double> Values, IReadOnlyList<double> Gradients, IReadOnlyList<PassParameter> Parameters);

/// <summary>One parameter of a pass.</summary>
/// <param name="Name">Its name in the network, e.g. layer1.weight.</param>
/// <param name="Values">θ.</param>
/// <param name="Gradients">∂L/∂θ.</param>
/// <param name="Updated">θ after the step.</param>
public sealed record PassParameter(string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Gradients, IReadOnlyList<double> Updated);
