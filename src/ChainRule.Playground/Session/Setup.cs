using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>Everything that decides what a run computes, but for edits by hand.</summary>
/// <param name="Data">Where the samples come from.</param>
/// <param name="Network">What learns.</param>
/// <param name="Training">How it learns.</param>
public sealed record Setup(DataSetup Data, NetworkSetup Network, TrainingSetup Training)
{
    /// <summary>What the page starts with.</summary>
    public static Setup Default { get; } = new(
        new DataSetup("circles", Samples: 200, Noise: 0.1, TestShare: 0.3, Seed: 7),
        new NetworkSetup([new HiddenLayer(8, Activation.Relu), new HiddenLayer(8, Activation.Relu)], StartingWeights.He, Seed: 42),
        new TrainingSetup(LossKind.BinaryCrossEntropy, OptimizerKind.Sgd, LearningRate: 0.1, BatchSize: 10, L1: 0, L2: 0, Precision.Bits64));

    /// <summary>The experiment of the lesson: XOR, 2-8-1, seed 42, the whole batch in every step.</summary>
    public static Setup Lesson { get; } = new(
        new DataSetup("xor", Samples: 4, Noise: 0, TestShare: 0, Seed: 42),
        new NetworkSetup([new HiddenLayer(8, Activation.Relu)], StartingWeights.He, Seed: 42),
        new TrainingSetup(LossKind.MeanSquaredError, OptimizerKind.Sgd, LearningRate: 1, BatchSize: 4, L1: 0, L2: 0, Precision.Bits64));

    /// <summary>Whether a run has to start anew to get from another setup to this one; the rest can change under way.</summary>
    /// <param name="other">The other setup.</param>
    public bool NeedsNewRun(Setup other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Data != other.Data || Network != other.Network || Training.Loss != other.Training.Loss || Training.Precision != other.Training.Precision;
    }
}

/// <summary>Where the samples come from.</summary>
/// <param name="Kind">A toy set's name, or <see cref="Own"/>.</param>
/// <param name="Samples">How many are drawn.</param>
/// <param name="Noise">The standard deviation of the noise.</param>
/// <param name="TestShare">The share that is held out; 0 for none.</param>
/// <param name="Seed">What they, their split and their order are drawn from.</param>
/// <param name="OwnData">The samples themselves for <see cref="Own"/>, else null.</param>
public sealed record DataSetup(string Kind, int Samples, double Noise, double TestShare, uint Seed, OwnData? OwnData = null)
{
    /// <summary>The name of data that somebody brought along or drew.</summary>
    public const string Own = "own";
}

/// <summary>What learns: a network of linear layers with activations between them.</summary>
/// <param name="Hidden">The hidden layers, first to last; none for a network of one layer.</param>
/// <param name="Weights">Where weights start.</param>
/// <param name="Seed">What they are drawn from.</param>
public sealed record NetworkSetup(IReadOnlyList<HiddenLayer> Hidden, StartingWeights Weights, uint Seed)
{
    /// <inheritdoc/>
    public bool Equals(NetworkSetup? other) =>
        other is not null && Hidden.SequenceEqual(other.Hidden) && Weights == other.Weights && Seed == other.Seed;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Hidden.Count, Weights, Seed);
}

/// <summary>A hidden layer.</summary>
/// <param name="Units">Its neurons.</param>
/// <param name="Activation">Their activation.</param>
public readonly record struct HiddenLayer(int Units, Activation Activation);

/// <summary>How the network learns.</summary>
/// <param name="Loss">What is made small.</param>
/// <param name="Optimizer">How.</param>
/// <param name="LearningRate">How far a step goes.</param>
/// <param name="BatchSize">How many samples a step uses.</param>
/// <param name="L1">What |θ| of every weight costs.</param>
/// <param name="L2">What ½θ² of every weight costs.</param>
/// <param name="Precision">What numbers it computes with.</param>
public sealed record TrainingSetup(LossKind Loss, OptimizerKind Optimizer, double LearningRate, int BatchSize, double L1, double L2, Precision Precision);

/// <summary>Where weights start.</summary>
public enum StartingWeights
{
    /// <summary>He's: for ReLU.</summary>
    He,

    /// <summary>Glorot's, also called Xavier: for tanh and sigmoid.</summary>
    Glorot,

    /// <summary>PyTorch's for nn.Linear, which draws the biases too.</summary>
    PyTorch,

    /// <summary>All zeros: the units of a layer never come to differ.</summary>
    Zeros,
}

/// <summary>How parameters change.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent.</summary>
    Sgd,

    /// <summary>The same with momentum 0.9.</summary>
    Momentum,

    /// <summary>Adam.</summary>
    Adam,
}

/// <summary>What numbers a run computes with.</summary>
public enum Precision
{
    /// <summary>Single precision: <see cref="float"/>.</summary>
    Bits32,

    /// <summary>Double precision: <see cref="double"/>.</summary>
    Bits64,
}
