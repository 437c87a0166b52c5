using System.Text;
using ChainRule.Explanation;
using ChainRule.Lessons.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>Explanations as plain text for a terminal.</summary>
public static class PlainExplanation
{
    private const int MostColumns = 8;
    private const int MostRows = 12;
    private const int MostTerms = 8;

    /// <summary>Writes the lines.</summary>
    /// <param name="view">What is explained.</param>
    /// <param name="width">How wide lines may be: where they would be wider, numbers stand below their formulas.</param>
    public static string Render(ExplanationView view, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(view);
        var text = new StringBuilder();
        Line(text, view.Title);
        Line(text, view.Subtitle);
        if (view.Derivation is { } derivation)
        {
            Write(text, view, derivation, width);
        }
        else
        {
            Write(text, view, view.Pass);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, ExplanationView view, Derivation derivation, int width)
    {
        ExplanationText words = view.Text;
        Symbol target = derivation.Target.Symbol;
        Line(text, $"{target} = {Formula.Format(derivation.Target.Value)},  L = {Formula.Format(view.Pass.Loss)},  dL/d{target} = {Formula.Format(derivation.Gradient)}");
        if (derivation.PathCount == 0)
        {
            Line(text);
            Line(text, words.NoPath);
        }

        for (int i = 0; i < derivation.Paths.Count; i++)
        {
            DerivationPath path = derivation.Paths[i];
            Line(text);
            Line(text, ExplanationView.Format(words.Path, i + 1, derivation.PathCount, view.Pass.SampleNumbers[path.Sample]));
            List<string[]> rows = [.. path.Factors.Select(factor => new[] { factor.Symbol, factor.Formula.ToString(), Numbers(factor), Formula.Format(factor.Value) })];
            rows.Add([words.Product, "", "", Formula.Format(path.Product)]);
            Lines(text, Fitted(rows, width, isNumber: true));
        }

        if (derivation.PathCount > 1)
        {
            Line(text);
            List<string[]> sums = [[ExplanationView.Format(words.SumOfAllPaths, derivation.PathCount), Formula.Format(derivation.Gradient)]];
            if (derivation.PathCount > derivation.Paths.Count)
            {
                sums.Insert(0, [view.MorePaths(derivation.PathCount - derivation.Paths.Count), Formula.Format(derivation.Remainder)]);
            }

            Lines(text, TextColumns.Align(sums, [false, true], "  "));
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
            Unfold(text, view, derivation, width);
        }

        Line(text);
        Line(text, words.Opinions);
        Lines(text, TextColumns.Align([.. view.Opinions().Select(opinion => new[] { opinion.Name, char.IsAsciiDigit(opinion.Value[0]) ? $" {opinion.Value}" : opinion.Value })], [false, false], "  "));
    }

    /// <summary>The sums on the way from the target to the loss, of a batch those of the sample that adds most, from each on through its largest term.</summary>
    private static void Unfold(StringBuilder text, ExplanationView view, Derivation derivation, int width)
    {
        int sample = derivation.Samples.MaxBy(part => Math.Abs(part.Gradient))!.Sample;
        int number = view.Pass.SampleNumbers[sample];
        bool isWhole = view.Pass.Samples == 1 || derivation.Terms.All(term => term.Upper?.Sample == sample);
        string name = isWhole ? $"dL/d{derivation.Target.Symbol}" : $"{view.Text.Sample} {number}";
        IReadOnlyList<SumTerm> terms = isWhole ? derivation.Terms : [.. derivation.Terms.Where(term => term.Upper?.Sample == sample)];
        double sum = isWhole ? derivation.Gradient : terms.Sum(term => term.Product);
        var rows = new List<string[]>();
        while (terms.Count > 0)
        {
            SumTerm[] ordered = [.. terms.OrderByDescending(term => Math.Abs(term.Product))];
            SumTerm[] shown = ordered[..Math.Min(ordered.Length, MostTerms)];
            for (int i = 0; i < shown.Length; i++)
            {
                SumTerm term = shown[i];
                bool isLoss = term.Upper is null;
                rows.Add(
                [
                    i == 0 ? name : "",
                    $"{(i == 0 ? "=" : "+")} {(isLoss ? term.Local.Formula.ToString() : $"dL/d{term.UpperSymbol}·{Bracketed(term.Local.Formula)}")}",
                    $"= {(isLoss ? term.Local.Formula.WithNumbers() : $"{Formula.Format(term.UpperGradient)}·{Signed(term.Local.Value)}")}",
                    Formula.Format(term.Product),
                ]);
            }

            if (terms.Count > shown.Length)
            {
                rows.Add(["", $"+ {ExplanationView.Format(view.Text.More, terms.Count - shown.Length)}", "", Formula.Format(ordered[MostTerms..].Sum(term => term.Product))]);
            }

            if (terms.Count > 1)
            {
                rows.Add(["", "", "", Formula.Format(sum)]);
            }

            if (shown[0].Upper is not { } upper)
            {
                break;
            }

            (name, sum, terms) = ($"dL/d{shown[0].UpperSymbol}", shown[0].UpperGradient, derivation.Unfold(upper));
        }

        Line(text, ExplanationView.Format(view.Text.ByUnit, number));
        int longest = rows.Max(row => row[^1].Length);
        rows.ForEach(row => row[^1] = $"= {row[^1].PadLeft(longest)}");
        Lines(text, Fitted(rows, width, isNumber: false));
    }

    private static void Write(StringBuilder text, ExplanationView view, NetworkPass pass)
    {
        void Tensor(string formula, IReadOnlyList<double> values, int columns, IReadOnlyList<double>? classes = null)
        {
            Line(text, $"  {formula}");
            int rows = values.Count / columns;
            int shown = Math.Min(columns, MostColumns);
            string Rest(int row) => string.Join("  ", new[]
            {
                columns > shown ? ExplanationView.Format(view.Text.More, columns - shown) : "",
                classes is null ? "" : ExplanationView.Format(view.Text.ClassOf, classes[row]),
            }.Where(note => note.Length > 0));
            List<string[]> cells = [.. Enumerable.Range(0, Math.Min(rows, MostRows)).Select(row => Enumerable.Range(0, shown).Select(column => Formula.Format(values[(row * columns) + column])).Append(Rest(row)).ToArray())];
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

        Tensor("y", view.Targets, view.Targets.Count / (view.TargetsAreClasses ? pass.Targets.Count : pass.Samples), view.TargetsAreClasses ? pass.Targets : null);
        Line(text, $"  L = {pass.LossFormula} = {Formula.Format(pass.Loss)}");
        Line(text);
        Line(text, view.Text.Backward);
        for (int level = pass.Layers.Count; level >= 0 && pass.HasGradient(level); level--)
        {
            LayerPass here = pass.Level(level);
            string count = level == pass.Layers.Count && view.Count is { } divisor ? $",  {divisor} = {Formula.Format(divisor.Value)}" : "";
            Tensor($"dL/d{here.Symbol} = {pass.Arriving(level)}{count}", here.Gradients, here.Units);
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

    /// <summary>Rows of a name, a formula, the formula with numbers, and its value; what makes the lines too wide goes below the formula.</summary>
    private static IEnumerable<string> Fitted(List<string[]> rows, int width, bool isNumber)
    {
        string[] whole = [.. TextColumns.Align(rows, [false, false, false, isNumber], "  ")];
        if (whole.Max(TextColumns.Width) <= width)
        {
            return whole;
        }

        string[] folded = [.. TextColumns.Align(
            [.. rows.SelectMany(row => row[2].Length == 0 ? new string[][] { [row[0], row[1], row[3]] } : [[row[0], row[1], ""], ["", row[2], row[3]]])],
            [false, false, isNumber],
            "  ")];
        return folded.Max(TextColumns.Width) <= width ? folded : TextColumns.Align(
            [.. rows.SelectMany(row => new string[][] { [row[0], row[1]], ["", row[2]], ["", isNumber ? $"= {row[3]}" : row[3]] }.Where(line => line[1].Length > 0))],
            [false, false],
            "  ");
    }

    private static string Signed(double value) => value < 0 ? $"({Formula.Format(value)})" : Formula.Format(value);

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
