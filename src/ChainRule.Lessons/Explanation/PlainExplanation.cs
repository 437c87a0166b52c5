using System.Text;
using ChainRule.Explanation;
using ChainRule.Lessons.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>Explanations as plain text for a terminal.</summary>
public static class PlainExplanation
{
    private const int MostColumns = 8;
    private const int MostRows = 12;

    /// <summary>Writes the lines.</summary>
    /// <param name="view">What is explained.</param>
    public static string Render(ExplanationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var text = new StringBuilder();
        Line(text, view.Title);
        Line(text, view.Subtitle);
        if (view.Derivation is { } derivation)
        {
            Write(text, view, derivation);
        }
        else
        {
            Write(text, view, view.Pass);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ExplanationView view, Derivation derivation)
    {
        ExplanationText words = view.Text;
        Symbol target = derivation.Target.Symbol;
        Line(text, $"{target} = {Formula.Format(derivation.Target.Value)},  L = {Formula.Format(view.Pass.Loss)},  dL/d{target} = {Formula.Format(derivation.Gradient)}");
        for (int i = 0; i < derivation.Paths.Count; i++)
        {
            DerivationPath path = derivation.Paths[i];
            Line(text);
            Line(text, ExplanationView.Format(words.Path, i + 1, derivation.PathCount, view.Pass.SampleNumbers[path.Sample]));
            List<string[]> rows = [.. path.Factors.Select(factor => new[] { factor.Symbol, factor.Formula.ToString(), Numbers(factor), Formula.Format(factor.Value) })];
            rows.Add([words.Product, "", "", Formula.Format(path.Product)]);
            Lines(text, TextColumns.Align(rows, [false, false, false, true], "  "));
        }

        if (derivation.PathCount > derivation.Paths.Count)
        {
            Line(text);
            Line(text, $"{ExplanationView.Format(words.MorePaths, derivation.PathCount - derivation.Paths.Count)}: {Formula.Format(derivation.Remainder)}");
        }

        if (view.Pass.Samples > 1)
        {
            Line(text);
            Line(text, words.BySample);
            List<string[]> rows = [[words.Sample, words.Paths, $"dL/d{target}"]];
            rows.AddRange(derivation.Samples.Take(MostRows).Select(sample => new[] { $"{sample.Number}", $"{sample.PathCount}", Formula.Format(sample.Gradient) }));
            if (derivation.Samples.Count > MostRows)
            {
                rows.Add([ExplanationView.Format(words.More, derivation.Samples.Count - MostRows), "", Formula.Format(derivation.Samples.Skip(MostRows).Sum(sample => sample.Gradient))]);
            }

            rows.Add([words.Sum, $"{derivation.PathCount}", Formula.Format(derivation.Gradient)]);
            Lines(text, TextColumns.Align(rows, [true, true, true], "  "));
        }

        if (derivation.Samples.Any(sample => sample.PathCount > 1))
        {
            Line(text);
            Unfold(text, view, derivation);
        }

        Line(text);
        Line(text, words.Opinions);
        Lines(text, TextColumns.Align([.. view.Opinions().Select(opinion => new[] { opinion.Name, char.IsAsciiDigit(opinion.Value[0]) ? $" {opinion.Value}" : opinion.Value })], [false, false], "  "));
    }

    /// <summary>The sums on the way from the target to the loss, always through the largest term.</summary>
    private static void Unfold(StringBuilder text, ExplanationView view, Derivation derivation)
    {
        string name = $"dL/d{derivation.Target.Symbol}";
        IReadOnlyList<SumTerm> terms = derivation.Terms;
        double sum = derivation.Gradient;
        var rows = new List<string[]>();
        int? sample = null;
        while (terms.Count > 0)
        {
            SumTerm largest = terms.MaxBy(term => Math.Abs(term.Product))!;
            sample ??= largest.Upper?.Sample;
            string product = largest.Upper is null ? largest.Local.Formula.ToString() : $"dL/d{largest.UpperSymbol}·{Bracketed(largest.Local.Formula)}";
            rows.Add([$"{name} = {Formula.Format(sum)}", terms.Count == 1 ? $"= {product}" : $"{ExplanationView.Format(view.Text.LargestOf, terms.Count)}: {product}", $"= {Formula.Format(largest.Product)}"]);
            if (largest.Upper is not { } upper)
            {
                break;
            }

            (name, sum, terms) = ($"dL/d{largest.UpperSymbol}", largest.UpperGradient, derivation.Unfold(upper));
        }

        Line(text, ExplanationView.Format(view.Text.ByUnit, view.Pass.SampleNumbers[sample ?? 0]));
        Lines(text, TextColumns.Align(rows, [false, false, false], "  "));
    }

    private static void Write(StringBuilder text, ExplanationView view, NetworkPass pass)
    {
        void Tensor(string formula, IReadOnlyList<double> values, int columns)
        {
            Line(text, $"  {formula}");
            int rows = values.Count / columns;
            int shown = Math.Min(columns, MostColumns);
            List<string[]> cells = [.. Enumerable.Range(0, Math.Min(rows, MostRows)).Select(row => Enumerable.Range(0, shown).Select(column => Formula.Format(values[(row * columns) + column])).Append(columns > shown ? ExplanationView.Format(view.Text.More, columns - shown) : "").ToArray())];
            Lines(text, TextColumns.Align(cells, [.. Enumerable.Repeat(true, shown), false], "      "));
            if (rows > MostRows)
            {
                Line(text, $"      {ExplanationView.Format(view.Text.More, rows - MostRows)}");
            }
        }

        Line(text);
        Line(text, view.Text.Forward);
        Tensor("x", pass.Input.Values, pass.Input.Units);
        foreach (LayerPass layer in pass.Layers)
        {
            Tensor($"{layer.Symbol} = {layer.Forward}", layer.Values, layer.Units);
        }

        Tensor("y", pass.Targets, pass.Targets.Count / pass.Samples);
        Line(text, $"  L = {pass.LossFormula} = {Formula.Format(pass.Loss)}");
        Line(text);
        Line(text, view.Text.Backward);
        for (int level = pass.Layers.Count; level >= 0; level--)
        {
            LayerPass here = pass.Level(level);
            Tensor($"dL/d{here.Symbol} = {pass.Arriving(level)}", here.Gradients, here.Units);
            foreach (ParameterPass parameter in here.Parameters)
            {
                Tensor($"dL/d{parameter.Symbol} = {parameter.Backward}", parameter.Gradients, parameter.Lengths[^1]);
            }
        }
    }

    /// <summary>The formula with numbers, where it says more than its value.</summary>
    private static string Numbers(Factor factor)
    {
        string numbers = factor.Formula.WithNumbers();
        return numbers == Formula.Format(factor.Value) ? "" : numbers;
    }

    private static string Bracketed(Formula formula) => formula is Formula.Sum or Formula.Difference or Formula.Negation ? $"({formula})" : formula.ToString();

    private static void Lines(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            Line(text, line);
        }
    }

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
