using System.Globalization;
using ChainRule.Explanation;
using static ChainRule.Lessons.Explanation.MathMlFormula;

namespace ChainRule.Lessons.Explanation;

/// <summary>
/// Explanations in presentation MathML. Every factor is an element of the class <c>factor</c> with an id (<c>path-1-factor-2</c>),
/// its layer, and in <c>data-lights</c> the ids of what it belongs to in <see cref="NetworkPicture"/>, so that a page can
/// light them up.
/// </summary>
public static class MathMlExplanation
{
    private const int MostColumns = 8;
    private const int MostRows = 8;
    private const int MostSamples = 12;

    /// <summary>Writes one <c>math</c> element with everything.</summary>
    /// <param name="view">What is explained.</param>
    public static string Render(ExplanationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        IEnumerable<string> rows = [Line(Text(view.Title)), Line(Text(view.Subtitle)), .. view.Derivation is { } derivation ? Rows(view, derivation) : Rows(view, view.Pass)];


        // Browsers go by the style, other readers of MathML by columnalign.
        return Document($"<mtable columnalign=\"left\">\n{string.Join('\n', rows)}\n</mtable>").Replace("<mtd>", "<mtd style=\"text-align: left\">", StringComparison.Ordinal) + "\n";
    }

    /// <summary>One path: the product of its factors by name, then a row for each factor: its name, its formula, its numbers, its value.</summary>
    /// <param name="derivation">The derivation.</param>
    /// <param name="number">The path's number in <see cref="Derivation.Paths"/>.</param>
    /// <param name="prefix">What the ids begin with, where a page shows several derivations.</param>
    public static string Path(Derivation derivation, int number, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(derivation);
        return Document(PathTable(derivation, number, prefix));
    }

    /// <summary>A derivative as the sum that it is: ∂L/∂v = Σ ∂L/∂u · ∂u/∂v, by name and with numbers.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="of">v.</param>
    /// <param name="gradient">∂L/∂v.</param>
    /// <param name="terms">The terms: <see cref="Derivation.Terms"/>, or what <see cref="Derivation.Unfold"/> gives.</param>
    /// <param name="prefix">What the ids begin with.</param>
    /// <param name="mostTerms">How many terms are shown, largest first; the others are totalled.</param>
    public static string Sum(NetworkPass pass, Symbol of, double gradient, IReadOnlyList<SumTerm> terms, string prefix = "", int mostTerms = 8)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(terms);
        SumTerm[] ordered = [.. terms.OrderByDescending(term => Math.Abs(term.Product))];
        SumTerm[] shown = ordered[..Math.Min(ordered.Length, mostTerms)];
        double rest = ordered[shown.Length..].Sum(term => term.Product);
        IEnumerable<string> Rows()
        {
            for (int i = 0; i < shown.Length; i++)
            {
                SumTerm term = shown[i];
                string attributes = $"id=\"{prefix}term-{i + 1}\" class=\"factor\"{Data(term.Local, pass)}";
                string local = Bracketed(Write(term.Local.Formula), term.Local.Formula is Formula.Sum or Formula.Difference or Formula.Negation);
                string names = term.Upper is null ? local : Row(MathMlFormula.Derivative(Symbol.Loss, term.UpperSymbol), Operator("·"), local);
                string numbers = term.Upper is null ? Write(term.Local.Formula, withNumbers: true) : Row(Signed(term.UpperGradient), Operator("·"), Signed(term.Local.Value));
                yield return Cells(attributes, i == 0 ? MathMlFormula.Derivative(Symbol.Loss, of) : "", i == 0 ? Operator("=") : Operator("+"), names, Operator("="), numbers, Operator("="), Number(term.Product));
            }

            if (terms.Count > shown.Length)
            {
                yield return Cells("class=\"rest\"", "", Operator("+"), Row("<mi>⋯</mi>", Brackets($"<mn>{terms.Count - shown.Length}</mn>")), Operator("="), "", "", Number(rest));
            }

            if (terms.Count > 1)
            {
                yield return Cells("class=\"total\"", "", Operator("="), "", "", "", "", Number(gradient));
            }
        }

        return Document($"<mtable columnalign=\"left\">\n{string.Join('\n', Rows())}\n</mtable>");
    }

    private static IEnumerable<string> Rows(ExplanationView view, Derivation derivation)
    {
        Symbol target = derivation.Target.Symbol;
        yield return Line(Row(
            Write(target), Operator("="), Number(derivation.Target.Value), "<mspace width=\"2em\"/>",
            Write(Symbol.Loss), Operator("="), Number(view.Pass.Loss), "<mspace width=\"2em\"/>",
            MathMlFormula.Derivative(Symbol.Loss, target), Operator("="), Number(derivation.Gradient)));
        if (derivation.PathCount == 0)
        {
            yield return Line(Text(view.Text.NoPath));
        }

        for (int i = 0; i < derivation.Paths.Count; i++)
        {
            yield return Line(Text(ExplanationView.Format(view.Text.Path, i + 1, derivation.PathCount, view.Pass.SampleNumbers[derivation.Paths[i].Sample])));
            yield return Line(PathTable(derivation, i, ""));
        }

        if (derivation.PathCount > derivation.Paths.Count)
        {
            yield return Line(Row(Text(view.MorePaths(derivation.PathCount - derivation.Paths.Count)), Operator("="), Number(derivation.Remainder)));
        }

        if (derivation.PathCount > 1)
        {
            yield return Line(Row(Text(ExplanationView.Format(view.Text.SumOfAllPaths, derivation.PathCount)), Operator("="), Number(derivation.Gradient)));
        }

        if (view.Pass.Samples > 1)
        {
            yield return Line(Text(view.Text.BySample));
            yield return Line(SampleTable(view, derivation));
        }

        foreach ((string name, string value) in view.Opinions())
        {
            yield return Line(Text($"{name}: {value}"));
        }
    }

    /// <summary>The gradient as a sum over samples, each in a row of its own.</summary>
    private static string SampleTable(ExplanationView view, Derivation derivation)
    {
        string gradient = MathMlFormula.Derivative(Symbol.Loss, derivation.Target.Symbol);
        var rows = derivation.Samples.Take(MostSamples).Select((sample, i) => Cells(
            $"class=\"sample\" data-sample=\"{sample.Number}\"",
            i == 0 ? gradient : "", Operator(i == 0 ? "=" : "+"), Number(sample.Gradient), Text($"{view.Text.Sample} {sample.Number}"))).ToList();
        if (derivation.Samples.Count > MostSamples)
        {
            rows.Add(Cells("class=\"rest\"", "", Operator("+"), Number(derivation.Samples.Skip(MostSamples).Sum(sample => sample.Gradient)), Text(ExplanationView.Format(view.Text.More, derivation.Samples.Count - MostSamples))));
        }

        rows.Add(Cells("class=\"total\"", "", Operator("="), Number(derivation.Gradient), ""));
        return $"<mtable columnalign=\"left\">\n{string.Join('\n', rows)}\n</mtable>";
    }

    private static IEnumerable<string> Rows(ExplanationView view, NetworkPass pass)
    {
        string Tensor(string left, Formula? formula, IReadOnlyList<double> values, int columns)
        {
            int rows = values.Count / columns;
            string Cells(int row) => string.Concat(Enumerable.Range(0, Math.Min(columns, MostColumns)).Select(column => $"<mtd style=\"text-align: right\">{Number(values[(row * columns) + column])}</mtd>")) + (columns > MostColumns ? "<mtd><mo>⋯</mo></mtd>" : "");
            string matrix = string.Concat(Enumerable.Range(0, Math.Min(rows, MostRows)).Select(row => $"<mtr>{Cells(row)}</mtr>")) + (rows > MostRows ? "<mtr><mtd><mo>⋮</mo></mtd></mtr>" : "");
            string content = rows == 1 && columns == 1 ? Number(values[0]) : Row(Operator("["), $"<mtable>{matrix}</mtable>", Operator("]"));
            return Line(Row(left, formula is null ? "" : Operator("=") + Write(formula), Operator("="), content));
        }

        yield return Line(Text(view.Text.Forward));
        yield return Tensor(Write(pass.Input.Symbol), null, pass.Input.Values, pass.Input.Units);
        foreach (LayerPass layer in pass.Layers)
        {
            yield return Tensor(Write(layer.Symbol), layer.Forward, layer.Values, layer.Units);
        }

        yield return Tensor(Write(new Symbol("y", null, [])), null, view.Targets, view.Targets.Count / pass.Samples);
        string count = view.Count is { } divisor ? $"<mspace width=\"2em\"/>{Write(divisor)}{Operator("=")}{Number(divisor.Value)}" : "";
        yield return Line(Row(Write(Symbol.Loss), Operator("="), Write(pass.LossFormula), Operator("="), Number(pass.Loss), count));
        yield return Line(Text(view.Text.Backward));
        for (int level = pass.Layers.Count; level >= 0 && pass.HasGradient(level); level--)
        {
            LayerPass here = pass.Level(level);
            yield return Tensor(MathMlFormula.Derivative(Symbol.Loss, here.Symbol), pass.Arriving(level), here.Gradients, here.Units);
            foreach (ParameterPass parameter in here.Parameters)
            {
                yield return Tensor(MathMlFormula.Derivative(Symbol.Loss, parameter.Symbol), parameter.Backward, parameter.Gradients, parameter.Lengths[^1]);
            }
        }
    }

    private static string PathTable(Derivation derivation, int number, string prefix)
    {
        DerivationPath path = derivation.Paths[number];
        string id = string.Create(CultureInfo.InvariantCulture, $"{prefix}path-{number + 1}");
        string names = string.Join(Operator("·"), path.Factors.Select((factor, i) => $"<mrow id=\"{id}-factor-{i + 1}-name\" class=\"factor\"{Data(factor, derivation.Pass)}>{MathMlFormula.Derivative(factor.Numerator, factor.Denominator)}</mrow>"));
        string numbers = string.Join(Operator("·"), path.Factors.Select((factor, i) => $"<mrow id=\"{id}-factor-{i + 1}-value\" class=\"factor\"{Data(factor, derivation.Pass)}>{Signed(factor.Value)}</mrow>"));
        IEnumerable<string> rows = path.Factors.Select((factor, i) => Cells(
            $"id=\"{id}-factor-{i + 1}\" class=\"factor\"{Data(factor, derivation.Pass)}",
            MathMlFormula.Derivative(factor.Numerator, factor.Denominator),
            Operator("="),
            Write(factor.Formula),
            Operator("="),
            Write(factor.Formula, withNumbers: true),
            Operator("="),
            Number(factor.Value)));
        return $"<mtable id=\"{id}\" class=\"path\" data-sample=\"{derivation.Pass.SampleNumbers[path.Sample]}\" columnalign=\"left\">\n"
            + $"<mtr><mtd>{Row(names, Operator("="), numbers, Operator("="), Number(path.Product))}</mtd></mtr>\n"
            + $"<mtr><mtd><mtable columnalign=\"left\">\n{string.Join('\n', rows)}\n</mtable></mtd></mtr>\n</mtable>";
    }

    private static string Data(Factor factor, NetworkPass pass) =>
        $" data-layer=\"{Escape(factor.Layer)}\" data-lights=\"{string.Join(' ', ElementNames.Of(factor, pass))}\"";

    private static string Document(string content) => $"<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">{content}</math>";

    private static string Line(string content) => $"<mtr><mtd>{content}</mtd></mtr>";

    private static string Cells(string attributes, params ReadOnlySpan<string> cells)
    {
        string text = $"<mtr {attributes}>";
        foreach (string cell in cells)
        {
            text += $"<mtd>{cell}</mtd>";
        }

        return text + "</mtr>";
    }

    private static string Text(string words) => $"<mtext>{Escape(words)}</mtext>";

    private static string Signed(double value) => Bracketed(Number(value), value < 0);

    private static string Bracketed(string content, bool isSum) => isSum ? Brackets(content) : content;

    private static string Brackets(string content) => Row(Operator("("), content, Operator(")"));
}
