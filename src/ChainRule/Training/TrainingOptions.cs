namespace ChainRule.Training;

/// <summary>How a <see cref="Trainer{T}"/> goes about it.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often training goes through the samples.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int Epochs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>The number of samples in a step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 64;

    /// <summary>
    /// The number of samples that go through the network at once; null for the whole batch. A batch is then taken in parts, whose
    /// gradients are added up before the step: the gradient is that of the whole batch up to rounding, the memory that of a part.
    /// </summary>
    /// <remarks>
    /// Batch normalisation is another function then: each part is normalised by its own mean and variance, and the running
    /// statistics move once a part.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? MicroBatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            field = value;
        }
    }

    /// <summary>The seed of the order of the samples, which is new in each epoch; null keeps them in their order.</summary>
    public uint? ShuffleSeed { get; init; } = 42;

    /// <summary>How the learning rate changes, from the value that the optimizer has at the start.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The longest gradient that is not shortened; null leaves all as they are. See <see cref="GradientNorm.Clip"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public double? ClipNorm
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1);
            field = value;
        }
    }

    /// <summary>
    /// Stops after so many epochs without a smaller validation loss, and goes back to the parameters of the smallest; null trains
    /// through. It needs validation samples.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? EarlyStopping
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            field = value;
        }
    }

    /// <summary>Where the state of training is saved while it runs; null saves none.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>The checkpoint to go on from; null starts from the beginning.</summary>
    public string? ResumeFrom { get; init; }

    /// <summary>
    /// What a run that resumes must share with the one that made the checkpoint, by name, beside what the trainer compares itself;
    /// e.g. the name of the data.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];
}
