using System.Globalization;

namespace ChainRule.Explanation;

/// <summary>Formulas on one line of plain text.</summary>
internal static class FormulaText
{
    private const string SuperscriptT = "ᵀ";

    // How strongly an operator binds: what binds less than its surroundings stands in brackets.
    private const int Additive = 1;
    private const int Multiplicative = 2;
    private const int Tight = 3;

    /// <summary>The formula, with its symbols or with their numbers.</summary>
    public static string Write(Formula formula, bool withNumbers)
    {
        string At(Formula part, int strength)
        {
            string text = Write(part, withNumbers);
            return Strength(part, withNumbers) < strength ? $"({text})" : text;
        }

        return formula switch
        {
            Formula.Number number => Number(number.Amount),
            Formula.Variable variable => withNumbers && !double.IsNaN(variable.Amount) ? Number(variable.Amount) : variable.Symbol.ToString(),
            Formula.Derivative derivative => withNumbers && !double.IsNaN(derivative.Amount) ? Number(derivative.Amount) : $"d{derivative.Numerator}/d{derivative.Denominator}",
            Formula.Sum sum => $"{At(sum.Left, Additive)} + {At(sum.Right, Additive + 1)}",
            Formula.Difference difference => $"{At(difference.Left, Additive)} − {At(difference.Right, Additive + 1)}",
            Formula.Negation negation => $"−{At(negation.Operand, Multiplicative)}",
            Formula.Product product => Product(At(product.Left, Multiplicative), At(product.Right, Multiplicative)),
            Formula.EntrywiseProduct product => $"{At(product.Left, Multiplicative)} ∘ {At(product.Right, Multiplicative)}",
            Formula.Quotient quotient => $"{At(quotient.Numerator, Multiplicative)}/{At(quotient.Denominator, Tight)}",
            Formula.Call { Function: Function.SquareRoot } root => $"√{(root.Argument is Formula.Variable or Formula.Number ? At(root.Argument, Tight) : $"({Write(root.Argument, withNumbers)})")}",
            Formula.Call call => $"{call.Function.Name()}({Write(call.Argument, withNumbers)})",
            Formula.Square { Operand: Formula.Call call } => $"{call.Function.Name()}²({Write(call.Argument, withNumbers)})",
            Formula.Square square => $"{At(square.Operand, Tight)}²",
            Formula.Opaque opaque => withNumbers && !double.IsNaN(opaque.Amount)
                ? Number(opaque.Amount)
                : $"{opaque.Name}({Write(opaque.Argument, withNumbers)}){(opaque.Indices.Count == 0 ? "" : $"[{string.Join(',', opaque.Indices)}]")}",
            Formula.Indicator indicator => $"[{Write(indicator.Left, withNumbers)} {Sign(indicator.Relation)} {Number(indicator.Bound)}]",
            Formula.Transpose transpose => $"{At(transpose.Operand, Tight)}{SuperscriptT}",
            Formula.BatchSum sum => $"Σ {At(sum.Operand, Multiplicative)}",
            Formula.Remainder rest => withNumbers ? Number(rest.Amount) : string.Create(CultureInfo.InvariantCulture, $"Σ({rest.Count})"),
            _ => throw new NotSupportedException($"There is no text for {formula.GetType().Name}."),
        };
    }

    /// <summary>
    /// A number for people: four decimals where they say something, none where there is nothing to say, else a power of ten.
    /// </summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1e5 when value == Math.Truncate(value) => Signed(value.ToString("0", CultureInfo.InvariantCulture)),
        >= 1e-3 and < 1e5 => Signed(value.ToString("0.0000", CultureInfo.InvariantCulture)),
        _ => Signed(value.ToString("0.000e-0", CultureInfo.InvariantCulture)),
    };

    private static string Sign(Relation relation) => relation switch
    {
        Relation.Above => ">",
        Relation.Below => "<",
        _ => "≤",
    };

    private static string Signed(string number) => number.Replace('-', '−');

    /// <summary>2(a − b) and (a)(b) need no dot between them.</summary>
    private static string Product(string left, string right) =>
        right.StartsWith('(') ? $"{left}{right}" : $"{left}·{right}";

    private static int Strength(Formula formula, bool withNumbers) => formula switch
    {
        Formula.Sum or Formula.Difference => Additive,
        Formula.Negation => Additive,
        Formula.Product or Formula.EntrywiseProduct or Formula.Quotient => Multiplicative,
        Formula.BatchSum => Multiplicative,
        Formula.Derivative when !withNumbers => Multiplicative,
        _ => withNumbers && formula.Value < 0 && formula is Formula.Variable or Formula.Number or Formula.Opaque or Formula.Derivative ? Additive : Tight,
    };
}
