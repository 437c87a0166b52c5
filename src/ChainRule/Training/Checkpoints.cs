namespace ChainRule.Training;

/// <summary>Decides when a run saves its state, and saves it.</summary>
/// <param name="options">Where and how often.</param>
/// <param name="settings">What another run must share to go on.</param>
/// <param name="write">Writes the state.</param>
/// <param name="isWriter">Whether this process writes: of several, rank 0.</param>
internal sealed class Checkpoints(TrainingOptions options, IReadOnlyList<KeyValuePair<string, string>> settings, Action<BinaryWriter> write, bool isWriter = true)
{
    private long savedAt = -1;

    /// <summary>What another run must share to go on.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings => settings;

    /// <summary>Whether the state is to be saved after so many steps.</summary>
    /// <param name="steps">The steps since the start of training.</param>
    /// <param name="isEnd">Whether an epoch has just ended.</param>
    public bool IsDue(long steps, bool isEnd) =>
        options.Checkpoint is { } checkpoint && (checkpoint.EverySteps is { } every ? steps % every == 0 : isEnd);

    /// <summary>Saves the state where checkpoints are wanted and this one is not there yet.</summary>
    public void Save(long steps)
    {
        if (isWriter && options.Checkpoint is { } checkpoint && savedAt != steps)
        {
            CheckpointFile.Write(checkpoint.Path, settings, write);
            savedAt = steps;
        }
    }
}
