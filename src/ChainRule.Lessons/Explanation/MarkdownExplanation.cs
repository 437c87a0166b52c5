using System.Globalization;
using System.Text;
using ChainRule.Explanation;
using ChainRule.Lessons.Text;

namespace ChainRule.Lessons.Explanation;

/// <summary>Explanations as Markdown with formulas in LaTeX, which GitHub, Jupyter and most editors show.</summary>
public static class MarkdownExplanation
{
    private const int MostRows = 8;

    /// <summary>Writes the document.</summary>
    /// <param name="view">What is explained.</param>
    public static string Render(ExplanationView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var text = new StringBuilder();
        Block(text, $"# {view.Title.Replace("[", @"\[", StringComparison.Ordinal)}");
        Block(text, view.Subtitle);
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
        string gradient = LatexFormula.Derivative(Symbol.Loss, derivation.Target.Symbol);
        Block(text, $"${LatexFormula.Write(derivation.Target.Symbol)} = {LatexFormula.Number(derivation.Target.Value)}$, $L = {LatexFormula.Number(view.Pass.Loss)}$, ${gradient} = {LatexFormula.Number(derivation.Gradient)}$");
        if (derivation.PathCount == 0)
        {
            Block(text, words.NoPath);
        }

        for (int i = 0; i < derivation.Paths.Count; i++)
        {
            DerivationPath path = derivation.Paths[i];
            Block(text, $"## {ExplanationView.Format(words.Path, i + 1, derivation.PathCount, view.Pass.SampleNumbers[path.Sample])}");
            string names = string.Join(@" \cdot ", path.Factors.Select(factor => LatexFormula.Derivative(factor.Numerator, factor.Denominator)));
            string formulas = string.Join(@" \cdot ", path.Factors.Select(factor => Bracketed(LatexFormula.Write(factor.Formula), factor.Formula is Formula.Sum or Formula.Difference or Formula.Negation)));
            string numbers = string.Join(@" \cdot ", path.Factors.Select(factor => Bracketed(LatexFormula.Number(factor.Value), factor.Value < 0)));
            Block(text, string.Join('\n', "$$", @"\begin{aligned}", $@"&{names} \\", $@"&= {formulas} \\", $"&= {numbers} = {LatexFormula.Number(path.Product)}", @"\end{aligned}", "$$"));
            text.Append("| | | | |\n|---|---|---|---:|\n");
            foreach (Factor factor in path.Factors)
            {
                text.Append(CultureInfo.InvariantCulture, $"| ${LatexFormula.Derivative(factor.Numerator, factor.Denominator)}$ | ${Cell(LatexFormula.Write(factor.Formula))}$ | ${Cell(LatexFormula.Write(factor.Formula, withNumbers: true))}$ | ${LatexFormula.Number(factor.Value)}$ |\n");
            }

            text.Append('\n');
        }

        if (derivation.PathCount > derivation.Paths.Count)
        {
            Block(text, $"{view.MorePaths(derivation.PathCount - derivation.Paths.Count)}: ${LatexFormula.Number(derivation.Remainder)}$");
        }

        if (derivation.PathCount > 1)
        {
            Block(text, $"{ExplanationView.Format(words.SumOfAllPaths, derivation.PathCount)}: ${LatexFormula.Number(derivation.Gradient)}$");
        }

        if (view.Pass.Samples > 1)
        {
            Block(text, $"## {words.BySample}");
            text.Append(CultureInfo.InvariantCulture, $"| {words.Sample} | {words.Paths} | ${gradient}$ |\n|---:|---:|---:|\n");
            foreach (SamplePart sample in derivation.Samples)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {sample.Number} | {sample.PathCount} | ${LatexFormula.Number(sample.Gradient)}$ |\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"| {words.Sum} | {derivation.PathCount} | ${LatexFormula.Number(derivation.Gradient)}$ |\n\n");
        }

        Block(text, $"## {words.Opinions}");
        text.Append("| | |\n|---|---:|\n");
        foreach ((string name, string value) in view.Opinions())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
        }
    }

    private static void Write(StringBuilder text, ExplanationView view, NetworkPass pass)
    {
        void Tensor(string left, Formula? formula, IReadOnlyList<double> values, int columns)
        {
            int rows = values.Count / columns;
            string matrix = string.Join(@" \\ ", Enumerable.Range(0, Math.Min(rows, MostRows)).Select(row => Ellipsis(string.Join(" & ", Enumerable.Range(0, Math.Min(columns, MostRows)).Select(column => LatexFormula.Number(values[(row * columns) + column]))), columns, @" & \cdots"))) + (rows > MostRows ? @" \\ \vdots" : "");
            Block(text, $"$$\n{left}{(formula is null ? "" : $" = {LatexFormula.Write(formula)}")} = {(rows == 1 && columns == 1 ? LatexFormula.Number(values[0]) : $@"\begin{{bmatrix}} {matrix} \end{{bmatrix}}")}\n$$");
        }

        Block(text, $"## {view.Text.Forward}");
        Tensor("x", null, pass.Input.Values, pass.Input.Units);
        foreach (LayerPass layer in pass.Layers)
        {
            Tensor(LatexFormula.Write(layer.Symbol), layer.Forward, layer.Values, layer.Units);
        }

        Tensor("y", null, view.Targets, view.Targets.Count / pass.Samples);
        string count = view.Count is { } divisor ? $@", \quad {LatexFormula.Write(divisor)} = {LatexFormula.Number(divisor.Value)}" : "";
        Block(text, $"$$\nL = {LatexFormula.Write(pass.LossFormula)} = {LatexFormula.Number(pass.Loss)}{count}\n$$");
        Block(text, $"## {view.Text.Backward}");
        for (int level = pass.Layers.Count; level >= 0 && pass.HasGradient(level); level--)
        {
            LayerPass here = pass.Level(level);
            Tensor(LatexFormula.Derivative(Symbol.Loss, here.Symbol), pass.Arriving(level), here.Gradients, here.Units);
            foreach (ParameterPass parameter in here.Parameters)
            {
                Tensor(LatexFormula.Derivative(Symbol.Loss, parameter.Symbol), parameter.Backward, parameter.Gradients, parameter.Lengths[^1]);
            }
        }
    }

    private static string Ellipsis(string row, int columns, string more) => columns > MostRows ? row + more : row;

    private static string Bracketed(string text, bool isSum) => isSum ? $@"\left({text}\right)" : text;

    /// <summary>A bar would end the cell of the table.</summary>
    private static string Cell(string latex) => latex.Replace("|", @"\vert ", StringComparison.Ordinal);

    private static void Block(StringBuilder text, string block) => text.Append(block).Append("\n\n");
}
