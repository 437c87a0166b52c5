using System.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>Explanations as Mermaid flowcharts, which GitHub and GitLab draw in Markdown.</summary>
public static class MermaidExplanation
{
    /// <summary>Writes the flowchart.</summary>
    /// <param name="view">What is explained.</param>
    public static string Render(ExplanationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var graph = ExplanationGraph.Of(view);
        var text = new StringBuilder();
        text.Append("%% ").Append(view.Title).Append('\n');
        text.Append("%% ").Append(view.Subtitle).Append('\n');
        text.Append("flowchart LR\n");
        foreach (GraphNode node in graph.Nodes)
        {
            text.Append("    ").Append(node.Id).Append("[\"").AppendJoin("<br/>", node.Lines().Select(Escape)).Append("\"]").Append(node.IsTarget ? ":::target" : "").Append('\n');
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            // What is negative is dotted: a picture without colours says it too.
            text.Append("    ").Append(edge.From).Append(edge.Value < 0 ? " -.->|\"" : " -->|\"").Append(Escape(edge.Text)).Append("\"| ").Append(edge.To).Append('\n');
        }

        return text.Append("    classDef target stroke-width:4px\n").ToString();
    }

    private static string Escape(string text) => text.Replace("#", "#35;", StringComparison.Ordinal).Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal).Replace(">", "#gt;", StringComparison.Ordinal);
}
