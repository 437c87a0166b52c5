using System.Globalization;
using ChainRule.Explanation;

namespace ChainRule.Lessons.Explanation;

/// <summary>
/// An explanation as a graph of quantities: for a derivation its named paths, each edge with its local derivative; for a
/// whole pass the units of the network, each edge with its weight.
/// </summary>
internal sealed class ExplanationGraph
{
    private const int MostUnits = 8;

    private readonly Dictionary<string, GraphNode> nodes = [];
    private readonly Dictionary<(string, string), GraphEdge> edges = [];

    private ExplanationGraph()
    {
    }

    public IReadOnlyCollection<GraphNode> Nodes => nodes.Values;

    public IReadOnlyCollection<GraphEdge> Edges => edges.Values;

    public static ExplanationGraph Of(ExplanationView view)
    {
        var graph = new ExplanationGraph();
        if (view.Derivation is { } derivation)
        {
            graph.AddPaths(derivation, view.Text.Sample);
        }
        else
        {
            graph.AddPass(view);
        }

        return graph;
    }

    private void AddPaths(Derivation derivation, string sampleWord)
    {
        NetworkPass pass = derivation.Pass;
        string Name(UnitReference unit) => string.Create(CultureInfo.InvariantCulture, $"u{unit.Level}_{unit.Unit}_s{pass.SampleNumbers[unit.Sample]}");
        string Node(UnitReference unit)
        {
            string id = Name(unit);
            string sample = pass.Samples > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({sampleWord} {derivation.Pass.SampleNumbers[unit.Sample]})") : "";
            Symbol symbol = pass.Level(unit.Level).UnitSymbol(unit.Unit);
            nodes.TryAdd(id, new GraphNode(id, $"{symbol}{sample}", pass.Value(unit), $"dL/d{symbol}", pass.Gradient(unit), unit.Level == 0 && derivation.Target.Level == 0));
            return id;
        }

        nodes.Add("L", new GraphNode("L", "L", pass.Loss, "", 1, false));
        foreach (Factor factor in derivation.Paths.SelectMany(path => path.Factors))
        {
            string upper = factor.Upper is { } above ? Node(above) : "L";
            string lower = factor.Lower is { } below ? Node(below) : "theta";
            if (factor.Lower is null)
            {
                nodes.TryAdd("theta", new GraphNode("theta", derivation.Target.Symbol.ToString(), derivation.Target.Value, $"dL/d{derivation.Target.Symbol}", derivation.Gradient, true));
            }

            edges.TryAdd((lower, upper), new GraphEdge(lower, upper, factor.Symbol, factor.Value));
        }
    }

    private void AddPass(ExplanationView view)
    {
        NetworkPass pass = view.Pass;
        string Name(int level, int unit) => string.Create(CultureInfo.InvariantCulture, $"u{level}_{unit}");
        for (int level = 0; level <= pass.Layers.Count; level++)
        {
            LayerPass here = pass.Level(level);
            for (int unit = 0; unit < Math.Min(here.Units, MostUnits); unit++)
            {
                string id = Name(level, unit);
                Symbol symbol = here.UnitSymbol(unit);
                nodes.Add(id, new GraphNode(id, symbol.ToString(), here.MeanValue(unit), pass.HasGradient(level) ? $"dL/d{symbol}" : "", here.TotalGradient(unit), false));
                for (int input = 0; level > 0 && input < Math.Min(pass.Level(level - 1).Units, MostUnits); input++)
                {
                    string from = Name(level - 1, input);
                    if (here.Connection == Connection.Linear)
                    {
                        ParameterPass weight = here.Parameters[0];
                        edges.Add((from, id), new GraphEdge(from, id, (weight.Symbol with { Indices = [input, unit] }).ToString(), weight.Values[(input * here.Units) + unit]));
                    }
                    else if (here.Connection == Connection.Any || input == unit)
                    {
                        edges.Add((from, id), new GraphEdge(from, id, here.Name, null));
                    }
                }
            }

            if (here.Units > MostUnits)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"more{level}");
                nodes.Add(id, new GraphNode(id, ExplanationView.Format(view.Text.More, here.Units - MostUnits), null, "", null, false));
                if (level > 0)
                {
                    string from = pass.Level(level - 1).Units > MostUnits ? string.Create(CultureInfo.InvariantCulture, $"more{level - 1}") : Name(level - 1, 0);
                    edges.Add((from, id), new GraphEdge(from, id, here.Name, null));
                }
            }
        }

        nodes.Add("L", new GraphNode("L", "L", pass.Loss, "", 1, false));
        for (int unit = 0; unit < Math.Min(pass.Layers[^1].Units, MostUnits); unit++)
        {
            string from = Name(pass.Layers.Count, unit);
            edges.Add((from, "L"), new GraphEdge(from, "L", pass.LossName, null));
        }
    }
}

/// <summary>A quantity.</summary>
/// <param name="Id">Its name in the graph: letters, digits and underscores.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Value">Its number; null where it stands for several.</param>
/// <param name="GradientLabel">What its gradient is called; empty where it is not shown.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="IsTarget">Whether it is what is derived by.</param>
internal sealed record GraphNode(string Id, string Label, double? Value, string GradientLabel, double? Gradient, bool IsTarget)
{
    /// <summary>The lines of its label.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Value is { } value ? $"{Label} = {Formula.Format(value)}" : Label;
        if (GradientLabel.Length > 0 && Gradient is { } gradient)
        {
            yield return $"{GradientLabel} = {Formula.Format(gradient)}";
        }
    }
}

/// <summary>What one quantity does to another.</summary>
/// <param name="From">The id of the lower one.</param>
/// <param name="To">The id of the upper one.</param>
/// <param name="Label">The local derivative, the weight or the layer.</param>
/// <param name="Value">Its number; null for a layer.</param>
internal sealed record GraphEdge(string From, string To, string Label, double? Value)
{
    /// <summary>The label with its number.</summary>
    public string Text => Value is { } value ? $"{Label} = {Formula.Format(value)}" : Label;
}
