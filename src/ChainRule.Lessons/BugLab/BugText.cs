namespace ChainRule.Lessons.BugLab;

/// <summary>The story of a bug in one language.</summary>
/// <param name="Title">What the mistake is, in a few words.</param>
/// <param name="Story">How one comes to make it.</param>
/// <param name="Seen">How it shows.</param>
/// <param name="Mended">How it is put right, and why.</param>
public sealed record BugText(string Title, string Story, string Seen, string Mended);
