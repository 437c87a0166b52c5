namespace ChainRule.Training;

/// <summary>What a training run did.</summary>
/// <param name="Epochs">The epochs that were completed.</param>
/// <param name="Stopped">How it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Problem">Where a number that is not finite arose; null where training did not diverge.</param>
public sealed record TrainingReport(IReadOnlyList<EpochReport> Epochs, TrainingStop Stopped, double Seconds, NonFinite? Problem);

/// <summary>One pass through the samples.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Seconds">How long its training took; validation is not in it.</param>
/// <param name="SamplesPerSecond">The training samples in a second.</param>
/// <param name="LearningRate">The learning rate of its first step.</param>
/// <param name="TrainLoss">The mean loss over its samples, each before the step that used it.</param>
/// <param name="GradientNorm">The mean of ‖g‖ over its steps, before clipping.</param>
/// <param name="Validation">The loss and the score on the validation samples after it; null where there are none.</param>
public sealed record EpochReport(int Epoch, double Seconds, double SamplesPerSecond, double LearningRate, double TrainLoss, double GradientNorm, Evaluation? Validation);

/// <summary>News from within an epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Samples">How many of its samples have been used.</param>
/// <param name="Loss">The loss of the last batch.</param>
public readonly record struct StepReport(int Epoch, int Samples, double Loss);

/// <summary>How a training run ended.</summary>
public enum TrainingStop
{
    /// <summary>All epochs have run.</summary>
    Finished,

    /// <summary>The validation loss had stopped falling.</summary>
    Early,

    /// <summary>Somebody stopped it, after a whole step.</summary>
    Cancelled,

    /// <summary>The loss or a gradient stopped being a finite number; the parameters are those of the last good epoch.</summary>
    Diverged,
}

/// <summary>Where a number that is not finite arose.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Step">The step within the epoch, counted from 1.</param>
/// <param name="Place">The first place on the way that held one, e.g. <c>layer2.weight</c>, <c>the output of Linear(8, 1) 'layer2'</c>, <c>the loss</c>.</param>
public sealed record NonFinite(int Epoch, int Step, string Place);
