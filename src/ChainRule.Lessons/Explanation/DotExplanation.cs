using System.Globalization;
using System.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>Explanations in the DOT language of Graphviz: <c>dot -Tsvg</c>.</summary>
public static class DotExplanation
{
    private const double ThinnestPen = 0.5;
    private const double PenRange = 3.5;

    /// <summary>Writes the graph.</summary>
    /// <param name="view">What is explained.</param>
    public static string Render(ExplanationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var graph = ExplanationGraph.Of(view);
        double largest = graph.Edges.Max(edge => edge.Value is { } value && double.IsFinite(value) ? Math.Abs(value) : 0);
        var text = new StringBuilder();
        text.Append("digraph explanation {\n");
        text.Append(CultureInfo.InvariantCulture, $"    label=\"{Escape(view.Title)}\\n{Escape(view.Subtitle)}\";\n");
        text.Append("    labelloc=t;\n    fontname=\"sans-serif\";\n    rankdir=LR;\n    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n    edge [fontname=\"sans-serif\", fontsize=10];\n");
        foreach (GraphNode node in graph.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {node.Id} [label=\"{string.Join("\\n", node.Lines().Select(Escape))}\"{(node.IsTarget ? ", penwidth=3" : "")}];\n");
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            // Width by size, dashed where negative.
            string look = edge.Value is { } value
                ? string.Create(CultureInfo.InvariantCulture, $", penwidth={ThinnestPen + (largest > 0 && double.IsFinite(value) ? PenRange * Math.Abs(value) / largest : 0):0.##}, color=\"{(value < 0 ? PictureColours.NegativeOnLight : PictureColours.PositiveOnLight)}\"{(value < 0 ? ", style=dashed" : "")}")
                : ", color=\"#8c959f\"";
            text.Append(CultureInfo.InvariantCulture, $"    {edge.From} -> {edge.To} [label=\"{Escape(edge.Text)}\"{look}];\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
