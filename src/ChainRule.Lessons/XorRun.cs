namespace ChainRule.Lessons;

/// <summary>Section 4: a network learns XOR.</summary>
public sealed record XorRun
{
    /// <summary>Where the first weights were drawn from.</summary>
    public required uint Seed { get; init; }

    /// <summary>The number of hidden units.</summary>
    public required int Hidden { get; init; }

    /// <summary>How far each step went.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The number of epochs that were asked for.</summary>
    public required int Epochs { get; init; }

    /// <summary>The parameters before the first step.</summary>
    public required IReadOnlyList<NamedTensor> Initial { get; init; }

    /// <summary>The loss of each epoch, before its step; finite numbers only.</summary>
    public required IReadOnlyList<double> Losses { get; init; }

    /// <summary>How training ended.</summary>
    public required TrainingOutcome Outcome { get; init; }

    /// <summary>The epoch, counted from 1, at which the loss stopped being a number; null where training did not diverge.</summary>
    public int? DivergedEpoch => Outcome == TrainingOutcome.Diverged ? Math.Min(Losses.Count + 1, Epochs) : null;

    /// <summary>The first epoch in which every gradient was exactly 0, so that nothing could change any more; null where there was none.</summary>
    public required int? StuckEpoch { get; init; }

    /// <summary>The parameters at the end.</summary>
    public required IReadOnlyList<NamedTensor> Final { get; init; }

    /// <summary>The predictions for the four samples at the end.</summary>
    public required IReadOnlyList<double> Predictions { get; init; }

    /// <summary>Whether every prediction is on its target's side of ½.</summary>
    public bool HasLearnt => Predictions.Zip(Xor.Targets(), (prediction, target) => prediction > 0.5 == target > 0.5).All(right => right);
}

/// <summary>How training ended.</summary>
public enum TrainingOutcome
{
    /// <summary>All epochs have run.</summary>
    Finished,

    /// <summary>The loss, or a prediction after the last step, stopped being a finite number.</summary>
    Diverged,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,
}

/// <summary>News from training.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Loss">Its loss.</param>
public readonly record struct EpochProgress(int Epoch, double Loss);
