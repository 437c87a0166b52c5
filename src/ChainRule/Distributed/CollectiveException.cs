namespace ChainRule.Distributed;

/// <summary>Processes cannot go on together: one is lost, hangs, or does something else than the others. The message names its rank.</summary>
/// <param name="message">What happened, and to which rank.</param>
/// <param name="reporter">The rank that is to tell people, so that it is said once.</param>
/// <param name="isCommon">Whether every rank has this exception, so that all can end in order; else the job has to be aborted.</param>
public sealed class CollectiveException(string message, int reporter, bool isCommon) : Exception(message)
{
    /// <summary>The rank that is to tell people, so that it is said once.</summary>
    public int Reporter { get; } = reporter;

    /// <summary>Whether every rank has this exception, so that all can end in order; else the job has to be aborted.</summary>
    public bool IsCommon { get; } = isCommon;
}
