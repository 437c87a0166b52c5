using System.Globalization;
using System.Text;
using ChainRule.Explanation;

namespace ChainRule.Lessons.Explanation;

/// <summary>
/// Formulas in presentation MathML, the part of it that every browser shows (MathML Core). The elements stand for themselves:
/// put them into a <c>math</c> element.
/// </summary>
/// <remarks>Every quantity is an <c>mrow</c> of the class <c>quantity</c> with its <see cref="Symbol.Id"/> in <c>data-symbol</c>.</remarks>
public static class MathMlFormula
{
    private const int Additive = 1;
    private const int Multiplicative = 2;
    private const int Tight = 3;

    /// <summary>A formula with its symbols, or with their numbers.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="withNumbers">Whether numbers stand for the symbols.</param>
    public static string Write(Formula formula, bool withNumbers = false)
    {
        string At(Formula part, int strength)
        {
            string text = Write(part, withNumbers);
            return Strength(part, withNumbers) < strength ? Brackets(text) : text;
        }

        string Value(double amount, Symbol symbol) => $"<mrow class=\"quantity\" data-symbol=\"{Escape(symbol.Id)}\">{Number(amount)}</mrow>";
        bool IsNumber(double amount) => withNumbers && !double.IsNaN(amount);
        return formula switch
        {
            Formula.Number number => Number(number.Amount),
            Formula.Variable variable => IsNumber(variable.Amount) ? Value(variable.Amount, variable.Symbol) : Write(variable.Symbol),
            Formula.Derivative derivative => IsNumber(derivative.Amount) ? Number(derivative.Amount) : Derivative(derivative.Numerator, derivative.Denominator),
            Formula.Sum sum => Row(At(sum.Left, Additive), Operator("+"), At(sum.Right, Additive + 1)),
            Formula.Difference difference => Row(At(difference.Left, Additive), Operator("−"), At(difference.Right, Additive + 1)),
            Formula.Negation negation => Row(Operator("−"), At(negation.Operand, Multiplicative)),
            Formula.Product product => Row(At(product.Left, Multiplicative), Strength(product.Right, withNumbers) < Multiplicative ? Operator("\u2062") : Operator("·"), At(product.Right, Multiplicative)),
            Formula.EntrywiseProduct product => Row(At(product.Left, Multiplicative), Operator("∘"), At(product.Right, Multiplicative)),
            Formula.Quotient quotient => $"<mfrac>{Row(Write(quotient.Numerator, withNumbers))}{Row(Write(quotient.Denominator, withNumbers))}</mfrac>",
            Formula.Call { Function: Function.SquareRoot } root => $"<msqrt>{Write(root.Argument, withNumbers)}</msqrt>",
            Formula.Call call => Row(Identifier(call.Function.Name()), Operator("\u2061"), Brackets(Write(call.Argument, withNumbers))),
            Formula.Square { Operand: Formula.Call call } => Row($"<msup>{Identifier(call.Function.Name())}<mn>2</mn></msup>", Operator("\u2061"), Brackets(Write(call.Argument, withNumbers))),
            Formula.Square square => $"<msup>{Row(At(square.Operand, Tight))}<mn>2</mn></msup>",
            Formula.Opaque opaque => IsNumber(opaque.Amount) ? Number(opaque.Amount) : Opaque(opaque, Brackets(Write(opaque.Argument, withNumbers))),
            Formula.Indicator indicator => Row(Operator("["), Write(indicator.Left, withNumbers), Operator(Sign(indicator.Relation)), Number(indicator.Bound), Operator("]")),
            Formula.Transpose transpose => $"<msup>{Row(At(transpose.Operand, Tight))}<mo>⊤</mo></msup>",
            Formula.BatchSum sum => Row(Operator("∑"), At(sum.Operand, Multiplicative)),
            Formula.Remainder rest => Number(rest.Amount),
            _ => throw new NotSupportedException($"There is no MathML for {formula.GetType().Name}."),
        };
    }

    /// <summary>A symbol, e.g. W with 1 above and 0,3 below.</summary>
    /// <param name="symbol">The symbol.</param>
    public static string Write(Symbol symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        string above = (symbol.Layer is { } layer ? Brackets(Whole(layer)) : "") + (symbol.Sample is { } sample ? Row(Operator("["), Whole(sample), Operator("]")) : "");
        string below = string.Join(Operator(","), symbol.Indices.Select(Whole));
        string letter = Identifier(symbol.Letter);
        string content = (above.Length > 0, below.Length > 0) switch
        {
            (true, true) => $"<msubsup>{letter}{Row(below)}{Row(above)}</msubsup>",
            (true, false) => $"<msup>{letter}{Row(above)}</msup>",
            (false, true) => $"<msub>{letter}{Row(below)}</msub>",
            _ => letter,
        };
        return $"<mrow class=\"quantity\" data-symbol=\"{Escape(symbol.Id)}\">{content}</mrow>";
    }

    /// <summary>A derivative as a fraction.</summary>
    /// <param name="numerator">What changes.</param>
    /// <param name="denominator">What it changes with.</param>
    public static string Derivative(Symbol numerator, Symbol denominator) => $"<mfrac>{Row("<mi>∂</mi>", Write(numerator))}{Row("<mi>∂</mi>", Write(denominator))}</mfrac>";

    /// <summary>A number, with its power of ten where it has one.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value)
    {
        string[] parts = Formula.Format(value).Split('e');
        string Signed(string digits) => digits.StartsWith('−') ? $"<mo>−</mo><mn>{digits[1..]}</mn>" : $"<mn>{digits}</mn>";
        string text = !double.IsFinite(value)
            ? double.IsNaN(value) ? "<mi>NaN</mi>" : value > 0 ? "<mi>∞</mi>" : "<mo>−</mo><mi>∞</mi>"
            : parts.Length == 1 ? Signed(parts[0]) : $"{Signed(parts[0])}<mo>×</mo><msup><mn>10</mn><mrow>{Signed(parts[1])}</mrow></msup>";
        return $"<mrow>{text}</mrow>";
    }

    /// <summary>Elements in a row.</summary>
    internal static string Row(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder("<mrow>");
        foreach (string part in parts)
        {
            text.Append(part);
        }

        return text.Append("</mrow>").ToString();
    }

    /// <summary>An operator; the argument is markup.</summary>
    internal static string Operator(string sign) => $"<mo>{sign}</mo>";

    /// <summary>Text as markup.</summary>
    internal static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static string Opaque(Formula.Opaque opaque, string argument)
    {
        string call = Row(Identifier(opaque.Name), Operator("\u2061"), argument);
        return opaque.Indices.Count == 0 ? call : $"<msub>{call}{Row(string.Join(Operator(","), opaque.Indices.Select(Whole)))}</msub>";
    }

    private static string Sign(Relation relation) => relation switch
    {
        Relation.Above => "&gt;",
        Relation.Below => "&lt;",
        _ => "≤",
    };

    private static string Identifier(string name) => $"<mi>{Escape(name)}</mi>";

    private static string Whole(int value) => $"<mn>{value.ToString(CultureInfo.InvariantCulture)}</mn>";

    private static string Brackets(string text) => Row(Operator("("), text, Operator(")"));

    private static int Strength(Formula formula, bool withNumbers) => formula switch
    {
        Formula.Sum or Formula.Difference or Formula.Negation => Additive,
        Formula.Product or Formula.EntrywiseProduct or Formula.BatchSum => Multiplicative,
        Formula.Number => formula.Value < 0 ? Additive : Tight,
        Formula.Variable or Formula.Opaque or Formula.Derivative => withNumbers && formula.Value < 0 ? Additive : Tight,
        _ => Tight,
    };
}
