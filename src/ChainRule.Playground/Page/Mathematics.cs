using ChainRule.Explanation;
using ChainRule.Lessons.Explanation;
using ChainRule.Playground.Session;
using ChainRule.Playground.Text;
using Microsoft.AspNetCore.Components;

namespace ChainRule.Playground.Page;

/// <summary>Formulas of the page in MathML.</summary>
internal static class Mathematics
{
    /// <summary>One line of mathematics.</summary>
    /// <param name="parts">MathML elements.</param>
    public static MarkupString Line(params ReadOnlySpan<string> parts) => new($"<math displaystyle=\"true\"><mrow>{string.Concat(parts)}</mrow></math>");

    /// <summary>A symbol, also for those who hear the page.</summary>
    public static MarkupString Of(Symbol symbol) => Spoken(symbol.ToString(), MathMlFormula.Write(symbol));

    /// <summary>∂L/∂v = a number.</summary>
    public static MarkupString Gradient(Symbol of, double value) => Line(MathMlFormula.Derivative(Symbol.Loss, of), Equal, MathMlFormula.Number(value));

    /// <summary>A quantity and its formula, e.g. z1 = x·W1 + b1.</summary>
    public static MarkupString Definition(Symbol symbol, Formula formula) => Line(MathMlFormula.Write(symbol), Equal, MathMlFormula.Write(formula));

    /// <summary>A gradient and its formula, e.g. ∂L/∂W1 = xᵀ·∂L/∂z1.</summary>
    public static MarkupString Rule(Symbol of, Formula formula) => Line(MathMlFormula.Derivative(Symbol.Loss, of), Equal, MathMlFormula.Write(formula));

    /// <summary>A term of the chain rule's sum: ∂L/∂u · ∂u/∂v with its formula and its numbers; its factors light up what they belong to.</summary>
    public static MarkupString Term(SumTerm term, NetworkPass pass, IReadOnlyList<NeuronLayer> layers)
    {
        string lights = PictureKeys.Of(term.Local, pass, layers);
        string local = $"<mrow class=\"factor\" data-lights=\"{lights}\">{Bracketed(MathMlFormula.Write(term.Local.Formula), term.Local.Formula is Formula.Sum or Formula.Difference or Formula.Negation)}</mrow>";
        string number = MathMlFormula.Number(term.Product);
        string spoken = term.Upper is null
            ? $"{term.Local.Formula} = {Numbers.Brief(term.Product)}"
            : $"dL/d{term.UpperSymbol} · {term.Local.Formula} = {Numbers.Brief(term.UpperGradient)} · {Numbers.Brief(term.Local.Value)} = {Numbers.Brief(term.Product)}";
        return term.Upper is null
            ? Spoken(spoken, local, Equal, $"<mrow class=\"factor\" data-lights=\"{lights}\">{MathMlFormula.Write(term.Local.Formula, withNumbers: true)}</mrow>", Equal, number)
            : Spoken(
                spoken,
                MathMlFormula.Derivative(Symbol.Loss, term.UpperSymbol),
                Times,
                local,
                Equal,
                Signed(term.UpperGradient),
                Times,
                $"<mrow class=\"factor\" data-lights=\"{lights}\">{Signed(term.Local.Value)}</mrow>",
                Equal,
                number);
    }

    /// <summary>A path: the product of its factors, then each factor with its formula and its numbers.</summary>
    public static MarkupString Path(Derivation derivation, int number, IReadOnlyList<NeuronLayer> layers) =>
        new(PictureKeys.Translate(MathMlExplanation.Path(derivation, number, "inspected-"), layers));

    /// <summary>What a neuron computes: z = Σ w·x + b, with numbers.</summary>
    /// <param name="symbol">z.</param>
    /// <param name="terms">The weights and the values that come in.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="value">What comes out.</param>
    public static MarkupString WeightedSum(Symbol symbol, IReadOnlyList<(double Weight, double Value)> terms, double bias, double value)
    {
        const int most = 4;
        string sum = string.Join("<mo>+</mo>", terms.Take(most).Select(term => $"{Signed(term.Weight)}{Times}{Signed(term.Value)}"));
        return Line(MathMlFormula.Write(symbol), Equal, sum, terms.Count > most ? "<mo>+</mo><mi>⋯</mi>" : "", "<mo>+</mo>", Signed(bias), Equal, MathMlFormula.Number(value));
    }

    /// <summary>What an activation makes of one neuron, e.g. a₄ = relu(z₄) = 0.3978.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="linear">The layer that it stands on.</param>
    /// <param name="unit">The neuron's place.</param>
    /// <param name="value">What comes out.</param>
    public static MarkupString Activated(LayerPass activation, LayerPass linear, int unit, double value)
    {
        var z = new Formula.Variable(linear.UnitSymbol(unit));
        Formula formula = activation.Forward! switch
        {
            Formula.Call call => call with { Argument = z },
            Formula.Opaque opaque when activation.Connection == Connection.Entrywise => opaque with { Argument = z },
            Formula.Opaque opaque => opaque with { Indices = activation.UnitSymbol(unit).Indices },
            var other => other,
        };
        return Line(MathMlFormula.Write(activation.UnitSymbol(unit)), Equal, MathMlFormula.Write(formula), Equal, MathMlFormula.Number(value));
    }

    /// <summary>A line of mathematics in a heading or a button, where not everybody hears mathematics: the same in plain text beside it.</summary>
    private static MarkupString Spoken(string text, params ReadOnlySpan<string> parts) =>
        new($"<span class=\"unseen\">{System.Net.WebUtility.HtmlEncode(text)}</span><math aria-hidden=\"true\" displaystyle=\"true\"><mrow>{string.Concat(parts)}</mrow></math>");

    private const string Equal = "<mo>=</mo>";

    private const string Times = "<mo>·</mo>";

    private static string Signed(double value) => Bracketed(MathMlFormula.Number(value), value < 0);

    private static string Bracketed(string content, bool isSum) => isSum ? $"<mrow><mo>(</mo>{content}<mo>)</mo></mrow>" : content;
}
