using System.Runtime.CompilerServices;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A line of a backward pass together with its own source text, so that what is shown is what runs.</summary>
/// <param name="run">The line, a lambda.</param>
/// <param name="source">What the compiler saw.</param>
internal sealed class Code<T>(T run, [CallerArgumentExpression(nameof(run))] string source = "")
    where T : Delegate
{
    /// <summary>The line.</summary>
    public T Run => run;

    /// <summary>Its text as an assignment, or, where it has several lines, those lines.</summary>
    /// <param name="result">What the line computes, e.g. dW.</param>
    public string Text(string result)
    {
        string body = source[(source.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim();
        if (!body.StartsWith('{'))
        {
            return $"{result} = {body}";
        }

        string[] lines = [.. body.Trim('{', '}').Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0)];
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length == 0 ? line : line[indent..])).TrimEnd();
    }
}
