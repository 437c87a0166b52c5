namespace ChainRule.Lessons.BugLab;

/// <summary>The lines that a bug is about, as a reader sees them. They are the source of what runs.</summary>
/// <param name="Forward">The formula of the forward pass, e.g. z = x·W + b.</param>
/// <param name="Wrong">The wrong lines of the backward pass.</param>
/// <param name="Right">The right ones.</param>
public sealed record BugCode(string Forward, string Wrong, string Right);
