namespace ChainRule.Cli;

/// <summary>The call or its input was wrong. The message is the one line that the user sees: what was given, what was expected.</summary>
/// <param name="message">That line.</param>
internal sealed class CommandException(string message) : Exception(message);
