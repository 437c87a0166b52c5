using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainRule.Benchmarks;

/// <summary>What was measured: tables for people, and the same numbers one by one for programs.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The tables, in Markdown.</summary>
    public StringBuilder Text { get; } = new();

    /// <summary>The numbers.</summary>
    public List<Measurement> Measurements { get; } = [];

    /// <summary>Writes <c>PATH.md</c> and <c>PATH.json</c>.</summary>
    public void Write(string path)
    {
        File.WriteAllText($"{path}.md", Text.ToString());
        File.WriteAllText($"{path}.json", JsonSerializer.Serialize(new { Machine = Peer.Machine(), Measurements }, json) + "\n");
    }
}

/// <summary>One piece of work here and in a peer.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Threads">How many threads were allowed.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="ChainRule">How much of it here; null where it was not measured.</param>
/// <param name="Peer">Who else did it, with the version; null where nobody.</param>
/// <param name="PeerValue">How much of it there.</param>
/// <param name="Ratio">How many times better ChainRule is.</param>
internal sealed record Measurement(string Work, int Threads, string Unit, double? ChainRule, string? Peer = null, double? PeerValue = null, double? Ratio = null);
