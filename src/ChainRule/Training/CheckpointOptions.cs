namespace ChainRule.Training;

/// <summary>Where and how often a <see cref="Trainer{T}"/> saves everything that it needs to go on after a crash.</summary>
/// <remarks>
/// The file is replaced as a whole, and the one before it is kept as <c>FILE.previous</c>. A run that resumes from it goes on with
/// the same bits as one that was never stopped, provided that data, network, loss, optimizer and options are the same.
/// </remarks>
/// <param name="Path">The file.</param>
public sealed record CheckpointOptions(string Path)
{
    /// <summary>The steps between two checkpoints; null for one at the end of each epoch. There is always one when training ends or is cancelled.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int? EverySteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1);
            field = value;
        }
    }
}
