namespace ChainRule.Cli;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The check or the training failed: a gradient is wrong, the loss is not a number.</summary>
    public const int Failed = 1;

    /// <summary>The call or its input was wrong.</summary>
    public const int WrongCall = 2;

    /// <summary>Somebody pressed Ctrl-C: 128 and the number of SIGINT, as shells do.</summary>
    public const int Cancelled = 130;
}
