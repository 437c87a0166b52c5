namespace ChainRule.Explanation;

/// <summary>
/// A formula as a tree, each quantity in it with its number, so that it can be written in any notation, with symbols or with
/// numbers put in, and computed anew.
/// </summary>
public abstract record Formula
{
    private protected Formula()
    {
    }

    /// <summary>The number that the formula gives.</summary>
    public abstract double Value { get; }

    /// <summary>The formula with symbols on one line, e.g. 2(a2[0] − y[0]).</summary>
    public sealed override string ToString() => FormulaText.Write(this, withNumbers: false);

    /// <summary>The formula with numbers put in for the symbols, e.g. 2(0.3797 − 1).</summary>
    public string WithNumbers() => FormulaText.Write(this, withNumbers: true);

    /// <summary>A number as formulas show it: four decimals where they say something, none where there is nothing to say, else a power of ten.</summary>
    /// <param name="value">The number.</param>
    public static string Format(double value) => FormulaText.Number(value);

    /// <summary>A constant.</summary>
    /// <param name="Amount">Its number.</param>
    public sealed record Number(double Amount) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Amount;
    }

    /// <summary>A quantity of the network.</summary>
    /// <param name="Symbol">What it is called.</param>
    /// <param name="Amount">Its number; not a number for a whole tensor.</param>
    public sealed record Variable(Symbol Symbol, double Amount = double.NaN) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Amount;
    }

    /// <summary>The derivative of one quantity by another, e.g. dL/da2.</summary>
    /// <param name="Numerator">What changes.</param>
    /// <param name="Denominator">What it changes with.</param>
    /// <param name="Amount">Its number; not a number for whole tensors.</param>
    public sealed record Derivative(Symbol Numerator, Symbol Denominator, double Amount = double.NaN) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Amount;
    }

    /// <summary>a + b.</summary>
    /// <param name="Left">a.</param>
    /// <param name="Right">b.</param>
    public sealed record Sum(Formula Left, Formula Right) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Left.Value + Right.Value;
    }

    /// <summary>a − b.</summary>
    /// <param name="Left">a.</param>
    /// <param name="Right">b.</param>
    public sealed record Difference(Formula Left, Formula Right) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Left.Value - Right.Value;
    }

    /// <summary>−a.</summary>
    /// <param name="Operand">a.</param>
    public sealed record Negation(Formula Operand) : Formula
    {
        /// <inheritdoc/>
        public override double Value => -Operand.Value;
    }

    /// <summary>a·b.</summary>
    /// <param name="Left">a.</param>
    /// <param name="Right">b.</param>
    public sealed record Product(Formula Left, Formula Right) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Left.Value * Right.Value;
    }

    /// <summary>a∘b, the product of two tensors entry by entry.</summary>
    /// <param name="Left">a.</param>
    /// <param name="Right">b.</param>
    public sealed record EntrywiseProduct(Formula Left, Formula Right) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Left.Value * Right.Value;
    }

    /// <summary>a/b.</summary>
    /// <param name="Numerator">a.</param>
    /// <param name="Denominator">b.</param>
    public sealed record Quotient(Formula Numerator, Formula Denominator) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Numerator.Value / Denominator.Value;
    }

    /// <summary>f(a).</summary>
    /// <param name="Function">f.</param>
    /// <param name="Argument">a.</param>
    public sealed record Call(Function Function, Formula Argument) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Function.Invoke(Argument.Value);
    }

    /// <summary>a².</summary>
    /// <param name="Operand">a.</param>
    public sealed record Square(Formula Operand) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Operand.Value * Operand.Value;
    }

    /// <summary>A function that has no formula here: what it is called, and the number that it gives, e.g. gelu′(z1[3]).</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Argument">What it is applied to.</param>
    /// <param name="Indices">Which entry of its result is meant; empty for all of it.</param>
    /// <param name="Amount">The number that it gives.</param>
    public sealed record Opaque(string Name, Formula Argument, IReadOnlyList<int> Indices, double Amount = double.NaN) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Amount;
    }

    /// <summary>Iverson's bracket: 1 where the condition holds, else 0, e.g. [z1[3] &gt; 0].</summary>
    /// <param name="Left">The left side.</param>
    /// <param name="Relation">The relation to the bound.</param>
    /// <param name="Bound">The right side.</param>
    public sealed record Indicator(Formula Left, Relation Relation, double Bound = 0) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Relation switch
        {
            Relation.Above => Left.Value > Bound,
            Relation.Below => Left.Value < Bound,
            _ => Left.Value <= Bound,
        } ? 1 : 0;
    }

    /// <summary>Aᵀ.</summary>
    /// <param name="Operand">A.</param>
    public sealed record Transpose(Formula Operand) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Operand.Value;
    }

    /// <summary>The sum over all samples of the batch.</summary>
    /// <param name="Operand">What is summed.</param>
    public sealed record BatchSum(Formula Operand) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Operand.Value;
    }

    /// <summary>The sum of the paths that are not named one by one.</summary>
    /// <param name="Count">How many they are.</param>
    /// <param name="Amount">Their sum.</param>
    public sealed record Remainder(double Count, double Amount) : Formula
    {
        /// <inheritdoc/>
        public override double Value => Amount;
    }
}

/// <summary>How an <see cref="Formula.Indicator"/> compares.</summary>
public enum Relation
{
    /// <summary>Above the bound.</summary>
    Above,

    /// <summary>The bound or below.</summary>
    NotAbove,

    /// <summary>Below the bound.</summary>
    Below,
}
