namespace ChainRule.Explanation;

/// <summary>A whole forward and backward pass, kept: every value and every gradient of every layer.</summary>
public sealed class NetworkPass
{
    /// <summary>The number of samples in the batch.</summary>
    public required int Samples { get; init; }

    /// <summary>The number of each sample in the data that the batch was taken from.</summary>
    public required IReadOnlyList<int> SampleNumbers { get; init; }

    /// <summary>x.</summary>
    public required LayerPass Input { get; init; }

    /// <summary>The layers, first to last, those of networks inside the network one by one.</summary>
    public required IReadOnlyList<LayerPass> Layers { get; init; }

    /// <summary>y, row by row, as the loss takes it.</summary>
    public required IReadOnlyList<double> Targets { get; init; }

    /// <summary>The number of dimensions of y, the batch included.</summary>
    internal int TargetRank { get; init; }

    /// <summary>The loss's name, e.g. MeanSquaredError.</summary>
    public required string LossName { get; init; }

    /// <summary>L as a formula of the last layer's output.</summary>
    public required Formula LossFormula { get; init; }

    /// <summary>∂L/∂prediction as a formula of whole tensors.</summary>
    public required Formula LossGradientFormula { get; init; }

    /// <summary>L.</summary>
    public required double Loss { get; init; }

    /// <summary>The output of a layer, or the input for level 0.</summary>
    /// <param name="level">0 for x, n for the output of <see cref="Layers"/>[n − 1].</param>
    public LayerPass Level(int level) => level == 0 ? Input : Layers[level - 1];

    /// <summary>Whether ∂L/∂output of a level exists: below a layer such as an embedding, which looks whole numbers up, it does not.</summary>
    /// <param name="level">The level.</param>
    public bool HasGradient(int level) => Layers.Skip(level).All(layer => layer.Backward is not null);

    /// <summary>∂L/∂output of a level, where it <see cref="HasGradient"/>, as the formula of the layer above it, or of the loss.</summary>
    /// <param name="level">The level.</param>
    public Formula Arriving(int level) => level == Layers.Count ? LossGradientFormula : Layers[level].Backward!;

    /// <summary>The value of a unit.</summary>
    /// <param name="unit">The unit.</param>
    public double Value(UnitReference unit) => Level(unit.Level).Value(unit.Sample, unit.Unit);

    /// <summary>∂L/∂unit.</summary>
    /// <param name="unit">The unit.</param>
    public double Gradient(UnitReference unit) => Level(unit.Level).Gradient(unit.Sample, unit.Unit);
}

/// <summary>One layer of a pass: its output with the gradient, and its parameters with theirs.</summary>
public sealed class LayerPass
{
    /// <summary>The layer's name in the network, e.g. layer1 or relu1; <c>input</c> for the input.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, e.g. Linear(2, 8).</summary>
    public required string Description { get; init; }

    /// <summary>What formulas call its output, e.g. z1.</summary>
    public required Symbol Symbol { get; init; }

    /// <summary>The output as a formula of whole tensors, e.g. x·W1 + b1; null for the input.</summary>
    public required Formula? Forward { get; init; }

    /// <summary>∂L/∂input as a formula of whole tensors, e.g. dL/dz1·W1ᵀ; null for the input, and where its input has no derivative.</summary>
    public required Formula? Backward { get; init; }

    /// <summary>How its units depend on those of the level below.</summary>
    public required Connection Connection { get; init; }

    /// <summary>The shape of the output for one sample.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The number of values of one sample.</summary>
    public int Units => Shape.Aggregate(1, (product, length) => product * length);

    /// <summary>The output, sample after sample.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>∂L/∂output, sample after sample.</summary>
    public required IReadOnlyList<double> Gradients { get; init; }

    /// <summary>The parameters; empty where there are none.</summary>
    public required IReadOnlyList<ParameterPass> Parameters { get; init; }

    /// <summary>The output of one unit.</summary>
    /// <param name="sample">The position of the sample in the batch.</param>
    /// <param name="unit">The place among the sample's values.</param>
    public double Value(int sample, int unit) => Values[(sample * Units) + unit];

    /// <summary>∂L/∂output of one unit.</summary>
    /// <param name="sample">The position of the sample in the batch.</param>
    /// <param name="unit">The place among the sample's values.</param>
    public double Gradient(int sample, int unit) => Gradients[(sample * Units) + unit];

    /// <summary>The mean of a unit's values over the batch; for one sample its value.</summary>
    /// <param name="unit">The place among the sample's values.</param>
    public double MeanValue(int unit) => Enumerable.Range(0, Values.Count / Units).Average(sample => Value(sample, unit));

    /// <summary>The sum of a unit's gradients over the batch; for one sample its gradient.</summary>
    /// <param name="unit">The place among the sample's values.</param>
    public double TotalGradient(int unit) => Enumerable.Range(0, Values.Count / Units).Sum(sample => Gradient(sample, unit));

    /// <summary>What formulas call one unit, e.g. z1[3].</summary>
    /// <param name="unit">The place among the sample's values.</param>
    public Symbol UnitSymbol(int unit) => Symbol with { Indices = Places.Unravel(unit, Shape) };
}

/// <summary>How the units of a layer depend on those of the level below.</summary>
public enum Connection
{
    /// <summary>In a way that is not known here: any on any.</summary>
    Any,

    /// <summary>Each on the one in its own place.</summary>
    Entrywise,

    /// <summary>Each on all, by a weight for each pair: <see cref="LayerPass.Parameters"/>[0], shape (inputs, outputs).</summary>
    Linear,
}

/// <summary>A parameter of a pass.</summary>
/// <param name="Name">Its name in the network, e.g. layer1.weight.</param>
/// <param name="Symbol">What formulas call it, e.g. W1.</param>
/// <param name="Lengths">Its shape.</param>
/// <param name="Values">θ, row by row.</param>
/// <param name="Gradients">∂L/∂θ, row by row.</param>
/// <param name="Backward">∂L/∂θ as a formula of whole tensors, e.g. xᵀ·dL/dz1.</param>
public sealed record ParameterPass(string Name, Symbol Symbol, IReadOnlyList<int> Lengths, IReadOnlyList<double> Values, IReadOnlyList<double> Gradients, Formula Backward);
