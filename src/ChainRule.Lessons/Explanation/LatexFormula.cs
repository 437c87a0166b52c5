using System.Globalization;
using ChainRule.Explanation;

namespace ChainRule.Lessons.Explanation;

/// <summary>Formulas in LaTeX, as Markdown takes them between dollar signs.</summary>
public static class LatexFormula
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
            return Strength(part, withNumbers) < strength ? $@"\left({text}\right)" : text;
        }

        bool IsNumber(double amount) => withNumbers && !double.IsNaN(amount);
        string Argument(Formula part) => $@"\left({Write(part, withNumbers)}\right)";
        return formula switch
        {
            Formula.Number number => Number(number.Amount),
            Formula.Variable variable => IsNumber(variable.Amount) ? Number(variable.Amount) : Write(variable.Symbol),
            Formula.Derivative derivative => IsNumber(derivative.Amount) ? Number(derivative.Amount) : Derivative(derivative.Numerator, derivative.Denominator),
            Formula.Sum sum => $"{At(sum.Left, Additive)} + {At(sum.Right, Additive + 1)}",
            Formula.Difference difference => $"{At(difference.Left, Additive)} - {At(difference.Right, Additive + 1)}",
            Formula.Negation negation => $"-{At(negation.Operand, Multiplicative)}",
            Formula.Product product => Product(At(product.Left, Multiplicative), At(product.Right, Multiplicative)),
            Formula.EntrywiseProduct product => $@"{At(product.Left, Multiplicative)} \circ {At(product.Right, Multiplicative)}",
            Formula.Quotient quotient => $@"\frac{{{Write(quotient.Numerator, withNumbers)}}}{{{Write(quotient.Denominator, withNumbers)}}}",
            Formula.Call { Function: Function.SquareRoot } root => $@"\sqrt{{{Write(root.Argument, withNumbers)}}}",
            Formula.Call call => $"{Name(call.Function.Name())}{Argument(call.Argument)}",
            Formula.Square { Operand: Formula.Call call } => $"{Name(call.Function.Name())}^2{Argument(call.Argument)}",
            Formula.Square square => $"{At(square.Operand, Tight)}^2",
            Formula.Opaque opaque => IsNumber(opaque.Amount)
                ? Number(opaque.Amount)
                : $"{Name(opaque.Name)}{Argument(opaque.Argument)}{(opaque.Indices.Count == 0 ? "" : $"_{{{string.Join(',', opaque.Indices)}}}")}",
            Formula.Indicator indicator => $@"\left[{Write(indicator.Left, withNumbers)} {Sign(indicator.Relation)} {Number(indicator.Bound)}\right]",
            Formula.Transpose { Operand: Formula.Variable { Symbol: { Layer: not null, Indices: [] } symbol } } when !withNumbers => $@"{Write(symbol)[..^1]}\top}}", // one exponent, not two over each other
            Formula.Transpose transpose => $@"{{{At(transpose.Operand, Tight)}}}^{{\top}}",
            Formula.BatchSum sum => $@"\sum {At(sum.Operand, Multiplicative)}",
            Formula.Remainder rest => Number(rest.Amount),
            _ => throw new NotSupportedException($"There is no LaTeX for {formula.GetType().Name}."),
        };
    }

    /// <summary>A symbol, e.g. W^{(1)}_{0,3}.</summary>
    /// <param name="symbol">The symbol.</param>
    public static string Write(Symbol symbol)
    {
        ArgumentNullException.ThrowIfNull(symbol);
        string letters = symbol.Letter.TrimEnd('′');
        string text = (letters switch { "μ" => @"\mu", "ε" => @"\varepsilon", { Length: 1 } => letters, _ => $@"\mathrm{{{Escape(letters)}}}" }) + new string('\'', symbol.Letter.Length - letters.Length);
        string above = (symbol.Layer is { } layer ? $"({Whole(layer)})" : "") + (symbol.Sample is { } sample ? $"[{Whole(sample)}]" : "");
        return text + (above.Length > 0 ? $"^{{{above}}}" : "") + (symbol.Indices.Count > 0 ? $"_{{{string.Join(',', symbol.Indices)}}}" : "");
    }

    /// <summary>A derivative, e.g. \frac{\partial L}{\partial z}.</summary>
    /// <param name="numerator">What changes.</param>
    /// <param name="denominator">What it changes with.</param>
    public static string Derivative(Symbol numerator, Symbol denominator) => $@"\frac{{\partial {Write(numerator)}}}{{\partial {Write(denominator)}}}";

    /// <summary>A number, e.g. -1.2 \times 10^{-5}.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? @"\mathrm{NaN}" : value > 0 ? @"\infty" : @"-\infty";
        }

        string[] parts = Formula.Format(value).Replace('−', '-').Split('e');
        return parts.Length == 1 ? parts[0] : $@"{parts[0]} \times 10^{{{parts[1]}}}";
    }

    private static string Name(string name)
    {
        string letters = name.TrimEnd('′');
        string command = letters switch
        {
            "σ" => @"\sigma",
            "Φ" => @"\Phi",
            "φ" => @"\varphi",
            "tanh" or "exp" or "ln" => $@"\{letters}",
            _ => $@"\operatorname{{{Escape(letters)}}}",
        };
        return command + new string('\'', name.Length - letters.Length);
    }

    private static string Sign(Relation relation) => relation switch
    {
        Relation.Above => ">",
        Relation.Below => "<",
        _ => @"\le",
    };

    private static string Product(string left, string right) => right.StartsWith(@"\left(", StringComparison.Ordinal) ? $"{left} {right}" : $@"{left} \cdot {right}";

    private static string Escape(string text) => text.Replace("_", @"\_", StringComparison.Ordinal);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Strength(Formula formula, bool withNumbers) => formula switch
    {
        Formula.Sum or Formula.Difference or Formula.Negation => Additive,
        Formula.Product or Formula.EntrywiseProduct or Formula.BatchSum => Multiplicative,
        Formula.Number => formula.Value < 0 ? Additive : Tight,
        Formula.Variable or Formula.Opaque or Formula.Derivative => withNumbers && formula.Value < 0 ? Additive : Tight,
        _ => Tight,
    };
}
