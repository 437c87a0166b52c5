namespace ChainRule.Playground.Text;

/// <summary>Playing and stepping.</summary>
public sealed record TransportText
{
    /// <summary>Names the row.</summary>
    public required string Title { get; init; }

    /// <summary>Starts playing.</summary>
    public required string Play { get; init; }

    /// <summary>Stops playing.</summary>
    public required string Pause { get; init; }

    /// <summary>Steps forward.</summary>
    public required string Step { get; init; }

    /// <summary>Steps back.</summary>
    public required string Back { get; init; }

    /// <summary>Starts again from the same weights.</summary>
    public required string Reset { get; init; }

    /// <summary>What that does.</summary>
    public required string ResetHint { get; init; }

    /// <summary>Starts again from other weights.</summary>
    public required string NewStart { get; init; }

    /// <summary>What that does.</summary>
    public required string NewStartHint { get; init; }

    /// <summary>Names the choice of the grain.</summary>
    public required string Grain { get; init; }

    /// <summary>One operation.</summary>
    public required string GrainOperation { get; init; }

    /// <summary>One layer.</summary>
    public required string GrainLayer { get; init; }

    /// <summary>To the prediction.</summary>
    public required string GrainForward { get; init; }

    /// <summary>To the loss.</summary>
    public required string GrainLoss { get; init; }

    /// <summary>Until every gradient is known.</summary>
    public required string GrainBackward { get; init; }

    /// <summary>One batch.</summary>
    public required string GrainBatch { get; init; }

    /// <summary>One epoch.</summary>
    public required string GrainEpoch { get; init; }

    /// <summary>Names the choice of the speed.</summary>
    public required string Speed { get; init; }

    /// <summary>Operations a second {0}.</summary>
    public required string OperationsPerSecond { get; init; }

    /// <summary>One operation a second.</summary>
    public required string OneOperationPerSecond { get; init; }

    /// <summary>Steps a second {0}.</summary>
    public required string StepsPerSecond { get; init; }

    /// <summary>As fast as possible.</summary>
    public required string AsFastAsPossible { get; init; }

    /// <summary>Draws while playing.</summary>
    public required string Draw { get; init; }

    /// <summary>What that does.</summary>
    public required string DrawHint { get; init; }

    /// <summary>Names the bar of time.</summary>
    public required string Time { get; init; }

    /// <summary>The step {0}.</summary>
    public required string AtStep { get; init; }

    /// <summary>Heads the steps.</summary>
    public required string StepLabel { get; init; }

    /// <summary>Heads the epochs.</summary>
    public required string EpochLabel { get; init; }

    /// <summary>Steps a second {0}.</summary>
    public required string Rate { get; init; }

    /// <summary>Heads the epoch's loss.</summary>
    public required string EpochLoss { get; init; }

    /// <summary>Heads the test loss.</summary>
    public required string TestLoss { get; init; }

    /// <summary>Heads the batch's loss.</summary>
    public required string BatchLoss { get; init; }

    /// <summary>Layer {0}, which is {1}, has computed.</summary>
    public required string ForwardDone { get; init; }

    /// <summary>The loss is {0}.</summary>
    public required string LossDone { get; init; }

    /// <summary>The loss has its gradient.</summary>
    public required string LossGradientDone { get; init; }

    /// <summary>Layer {0}, which is {1}, has gone back.</summary>
    public required string BackwardDone { get; init; }

    /// <summary>The parameters of {0} have moved.</summary>
    public required string UpdateDone { get; init; }

    /// <summary>Nothing of the step is done.</summary>
    public required string WholeStep { get; init; }
}
