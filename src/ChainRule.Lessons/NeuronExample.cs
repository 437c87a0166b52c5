namespace ChainRule.Lessons;

/// <summary>Section 2: one neuron on one sample.</summary>
/// <param name="Seed">Where its weight and bias were drawn from.</param>
/// <param name="Weight">w.</param>
/// <param name="Bias">b.</param>
/// <param name="Forward">What the forward pass computed.</param>
/// <param name="Backward">The factors of the chain rule and their products.</param>
public sealed record NeuronExample(uint Seed, double Weight, double Bias, NeuronForward Forward, NeuronBackward Backward);
