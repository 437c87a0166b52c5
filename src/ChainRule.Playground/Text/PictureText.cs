namespace ChainRule.Playground.Text;

/// <summary>The picture of the network.</summary>
public sealed record PictureText
{
    /// <summary>Names the picture.</summary>
    public required string Title { get; init; }

    /// <summary>How to use the picture.</summary>
    public required string Hint { get; init; }

    /// <summary>Names the switch of what is shown.</summary>
    public required string View { get; init; }

    /// <summary>Values.</summary>
    public required string Values { get; init; }

    /// <summary>Gradients.</summary>
    public required string Gradients { get; init; }

    /// <summary>Updates.</summary>
    public required string Updates { get; init; }

    /// <summary>Shows numbers.</summary>
    public required string ShowNumbers { get; init; }

    /// <summary>What a full line is.</summary>
    public required string Positive { get; init; }

    /// <summary>What a dashed line is.</summary>
    public required string Negative { get; init; }

    /// <summary>What a dot is.</summary>
    public required string Bias { get; init; }

    /// <summary>Names the choice of the sample.</summary>
    public required string Sample { get; init; }

    /// <summary>Sample {0} of {1}, number {2} in the data.</summary>
    public required string SampleOf { get; init; }

    /// <summary>The next sample.</summary>
    public required string NextSample { get; init; }

    /// <summary>The sample before.</summary>
    public required string PreviousSample { get; init; }

    /// <summary>Heads the inputs.</summary>
    public required string InputLayer { get; init; }

    /// <summary>Heads hidden layer {0}.</summary>
    public required string HiddenLayer { get; init; }

    /// <summary>Heads the outputs.</summary>
    public required string OutputLayer { get; init; }

    /// <summary>Heads the loss.</summary>
    public required string LossNode { get; init; }

    /// <summary>Input {0}.</summary>
    public required string InputNumber { get; init; }

    /// <summary>Neuron {0} of layer {1}.</summary>
    public required string HiddenNeuron { get; init; }

    /// <summary>Output neuron {0} (layer {1}).</summary>
    public required string OutputNeuron { get; init; }

    /// <summary>The bias of {0}.</summary>
    public required string BiasOf { get; init; }

    /// <summary>The weight from {0} to {1}.</summary>
    public required string WeightFromTo { get; init; }

    /// <summary>Neuron {1} of layer {0} is dead.</summary>
    public required string Dead { get; init; }

    /// <summary>Neuron {1} of layer {0} is saturated for {2}.</summary>
    public required string Saturated { get; init; }

    /// <summary>Neuron {1} of layer {0} gives up to {2}.</summary>
    public required string Exploding { get; init; }

    /// <summary>There are {0} more.</summary>
    public required string More { get; init; }

    /// <summary>No neuron ails.</summary>
    public required string Healthy { get; init; }

    /// <summary>Heads the ailments.</summary>
    public required string HealthTitle { get; init; }
}
