namespace ChainRule.Cli.Output;

/// <summary>Listens on the thread that tells: <see cref="Progress{T}"/> would listen on another, later.</summary>
internal sealed class Listener<TNews>(Action<TNews> listen) : IProgress<TNews>
{
    /// <inheritdoc/>
    public void Report(TNews value) => listen(value);
}
