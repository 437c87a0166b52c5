using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>What <c>chainrule train</c> was asked to do.</summary>
internal sealed record TrainSettings
{
    public required DataSource Data { get; init; }

    /// <summary>A CSV file; null for none.</summary>
    public required string? Test { get; init; }

    public required double? Validation { get; init; }

    public required Scaling Normalize { get; init; }

    public required IReadOnlyList<int> Hidden { get; init; }

    public required ActivationKind Activation { get; init; }

    public required InitializationKind Initialization { get; init; }

    public required bool Shuffle { get; init; }

    /// <summary>Null: cross-entropy for classes, the squared error for values.</summary>
    public required LossKind? Loss { get; init; }

    public required OptimizerKind Optimizer { get; init; }

    public required double? LearningRate { get; init; }

    public required double Momentum { get; init; }

    public required double? WeightDecay { get; init; }

    public required ScheduleKind Schedule { get; init; }

    public required double? ClipNorm { get; init; }

    /// <summary>The probability that a hidden unit is left out of a step.</summary>
    public required double Dropout { get; init; }

    /// <summary>Whether batch normalisation stands before each activation.</summary>
    public required bool BatchNorm { get; init; }

    /// <summary>The strength of the penalty on the weights' magnitudes.</summary>
    public required double L1 { get; init; }

    /// <summary>That on half their squares.</summary>
    public required double L2 { get; init; }

    /// <summary>The share of each target that all classes get alike.</summary>
    public required double LabelSmoothing { get; init; }

    public required int Epochs { get; init; }

    public required int Batch { get; init; }

    /// <summary>The samples that go through the network at once; null for the whole batch.</summary>
    public required int? MicroBatch { get; init; }

    public required uint Seed { get; init; }

    public required int? EarlyStopping { get; init; }

    /// <summary>The file for checkpoints; null for none.</summary>
    public required string? Checkpoint { get; init; }

    /// <summary>The steps between two; null for one an epoch.</summary>
    public required int? CheckpointEvery { get; init; }

    /// <summary>The checkpoint to go on from; null to start from the beginning.</summary>
    public required string? Resume { get; init; }

    public required string? Save { get; init; }

    public required string? Log { get; init; }

    public required string? Plot { get; init; }

    /// <summary>A network for a gradient check: everything else as usual.</summary>
    public static TrainSettings ForCheck(DataSource data, IReadOnlyList<int> hidden, ActivationKind activation, LossKind? loss, uint seed) => new()
    {
        Data = data,
        Test = null,
        Validation = null,
        Normalize = Scaling.None,
        Hidden = hidden,
        Activation = activation,
        Initialization = InitializationKind.He,
        Shuffle = false,
        Loss = loss,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = null,
        Momentum = 0,
        WeightDecay = null,
        Schedule = ScheduleKind.Constant,
        ClipNorm = null,
        Dropout = 0,
        BatchNorm = false,
        L1 = 0,
        L2 = 0,
        LabelSmoothing = 0,
        Epochs = 1,
        Batch = 1,
        MicroBatch = null,
        Seed = seed,
        EarlyStopping = null,
        Checkpoint = null,
        CheckpointEvery = null,
        Resume = null,
        Save = null,
        Log = null,
        Plot = null,
    };
}

/// <summary>What is done to the inputs first.</summary>
internal enum Scaling
{
    None,
    Unit,
    Standard,
}

/// <summary>The hidden layers' activation.</summary>
internal enum ActivationKind
{
    Relu,
    LeakyRelu,
    Elu,
    Hardtanh,
    Sigmoid,
    Tanh,
    Softplus,
    Gelu,
    GeluTanh,
    Silu,
}

/// <summary>How the weights start.</summary>
internal enum InitializationKind
{
    He,
    Glorot,
    Pytorch,
}

/// <summary>How the parameters change.</summary>
internal enum OptimizerKind
{
    Adam,
    AdamW,
    Sgd,
    Rmsprop,
    Adagrad,
    Lion,
}

/// <summary>How the learning rate changes.</summary>
internal enum ScheduleKind
{
    Constant,
    Step,
    Cosine,
    WarmupCosine,
}
