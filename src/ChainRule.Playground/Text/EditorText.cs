namespace ChainRule.Playground.Text;

/// <summary>The network and its training.</summary>
public sealed record EditorText
{
    /// <summary>Heads the panel.</summary>
    public required string Title { get; init; }

    /// <summary>Heads the layers.</summary>
    public required string HiddenLayers { get; init; }

    /// <summary>Adds a layer.</summary>
    public required string AddLayer { get; init; }

    /// <summary>Takes layer {0} away.</summary>
    public required string RemoveLayer { get; init; }

    /// <summary>Adds a neuron to layer {0}.</summary>
    public required string AddNeuron { get; init; }

    /// <summary>Takes a neuron of layer {0} away.</summary>
    public required string RemoveNeuron { get; init; }

    /// <summary>The neurons {0}.</summary>
    public required string Neurons { get; init; }

    /// <summary>One neuron.</summary>
    public required string OneNeuron { get; init; }

    /// <summary>The activation of layer {0}.</summary>
    public required string ActivationOf { get; init; }

    /// <summary>No activation.</summary>
    public required string NoActivation { get; init; }

    /// <summary>What the output is.</summary>
    public required string Output { get; init; }

    /// <summary>Names the initialisation.</summary>
    public required string Weights { get; init; }

    /// <summary>He's.</summary>
    public required string He { get; init; }

    /// <summary>Glorot's.</summary>
    public required string Glorot { get; init; }

    /// <summary>PyTorch's.</summary>
    public required string PyTorch { get; init; }

    /// <summary>Zeros.</summary>
    public required string Zeros { get; init; }

    /// <summary>Names the seed.</summary>
    public required string WeightSeed { get; init; }

    /// <summary>Names the loss.</summary>
    public required string Loss { get; init; }

    /// <summary>The mean squared error.</summary>
    public required string MeanSquaredError { get; init; }

    /// <summary>The binary cross-entropy.</summary>
    public required string BinaryCrossEntropy { get; init; }

    /// <summary>The cross-entropy.</summary>
    public required string CrossEntropy { get; init; }

    /// <summary>Why there are not more losses.</summary>
    public required string LossNote { get; init; }

    /// <summary>Names the optimizer.</summary>
    public required string Optimizer { get; init; }

    /// <summary>SGD.</summary>
    public required string Sgd { get; init; }

    /// <summary>With momentum.</summary>
    public required string Momentum { get; init; }

    /// <summary>Adam.</summary>
    public required string Adam { get; init; }

    /// <summary>Names the learning rate.</summary>
    public required string LearningRate { get; init; }

    /// <summary>Names the batch size.</summary>
    public required string BatchSize { get; init; }

    /// <summary>Names the L1 penalty.</summary>
    public required string L1 { get; init; }

    /// <summary>Names the L2 penalty.</summary>
    public required string L2 { get; init; }

    /// <summary>Names the precision.</summary>
    public required string Precision { get; init; }
}
