using System.Collections.Immutable;
using System.Globalization;
using ChainRule.Kernels;

namespace ChainRule.Autodiff;

/// <summary>
/// A number that remembers what it was computed from, so that <see cref="Backward"/> can tell how it changes
/// when any of those numbers changes: reverse-mode automatic differentiation.
/// </summary>
/// <remarks>
/// <para>
/// Arithmetic on scalars builds a graph. Every result points at its operands and keeps, beside each, one number: the
/// local derivative, the slope of this single operation with the other operand held still. In <c>z = w * x + b</c> the
/// product keeps x towards w and w towards x, the sum keeps 1 towards both of its operands.
/// </para>
/// <para>
/// The chain rule on that graph says: the slope of the root L along one path is the product of the local derivatives on
/// it, and ∂L/∂v is the sum over all paths from L down to v. There can be more paths than anyone could list, but they
/// share their upper parts. So each node collects the sum first, and passes it on once:
/// </para>
/// <code>∂L/∂v = Σ over the results r that v went into:  ∂L/∂r · ∂r/∂v</code>
/// <para>
/// The sum for v is complete when every r has passed on its own: results come before their operands. One sweep gives the
/// slopes towards all nodes for about the work of computing L.
/// </para>
/// <para>
/// A node never changes its value; a new value is a new graph. Only <see cref="Gradient"/> is written, by
/// <see cref="Backward"/>, so graphs that share no node may be used on different threads.
/// </para>
/// <para>
/// On a corner (<see cref="Relu"/>, <see cref="Max"/>) the local derivative is that of one side. Where an operation has
/// no finite slope it is infinite or NaN, and 0 · ∞ on the way down is NaN: a wrong number would be worse.
/// </para>
/// <para>
/// Sources: S. Linnainmaa, master's thesis, University of Helsinki, 1970, where the sweep first appears, for rounding
/// errors; A. Griewank and A. Walther, <i>Evaluating Derivatives</i>, 2nd edition, SIAM, 2008, chapter 3. That a class
/// this small is enough to see it all is the idea of A. Karpathy's micrograd.
/// </para>
/// </remarks>
public sealed class Scalar
{
    /// <summary>A leaf: a number that was given, not computed. An input, a weight, a constant.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">What to call it, if anything.</param>
    public Scalar(double value, string? name = null)
    {
        Value = value;
        Name = name;
        Operands = [];
        LocalDerivatives = [];
    }

    private Scalar(string operation, double value, ImmutableArray<Scalar> operands, ImmutableArray<double> localDerivatives)
    {
        Operation = operation;
        Value = value;
        Operands = operands;
        LocalDerivatives = localDerivatives;
    }

    /// <summary>The number itself.</summary>
    public double Value { get; }

    /// <summary>∂L/∂this, where L is the scalar whose <see cref="Backward"/> last came by here; 0 before the first.</summary>
    public double Gradient { get; private set; }

    /// <summary>What a formula calls this number (w, z1, loss); null where nobody has named it.</summary>
    public string? Name { get; set; }

    /// <summary>The operation that made this number (+, −, ×, ÷, ^, ^2, exp, tanh, …); null for a leaf.</summary>
    public string? Operation { get; }

    /// <summary>What the operation was applied to, in order; <c>a + a</c> has a twice. Empty for a leaf.</summary>
    public ImmutableArray<Scalar> Operands { get; }

    /// <summary>∂this/∂operand of this one operation, for each of <see cref="Operands"/>.</summary>
    public ImmutableArray<double> LocalDerivatives { get; }

    // Each operation below is the value and then, under it, its operands and the derivative towards each of them.

    /// <summary>A plain number as a leaf, so that formulas may mix both: <c>1 - x</c>.</summary>
    public static implicit operator Scalar(double value) => new(value);

    /// <summary>a + b; ∂a = 1, ∂b = 1.</summary>
    public static Scalar operator +(Scalar a, Scalar b) =>
        new("+", a.Value + b.Value,
            [a, b], [1, 1]);

    /// <summary>a − b; ∂a = 1, ∂b = −1.</summary>
    public static Scalar operator -(Scalar a, Scalar b) =>
        new("−", a.Value - b.Value,
            [a, b], [1, -1]);

    /// <summary>−x; ∂x = −1.</summary>
    public static Scalar operator -(Scalar x) =>
        new("−", -x.Value,
            [x], [-1]);

    /// <summary>a · b; ∂a = b, ∂b = a.</summary>
    public static Scalar operator *(Scalar a, Scalar b) =>
        new("×", a.Value * b.Value,
            [a, b], [b.Value, a.Value]);

    /// <summary>q = a / b; ∂a = 1/b, ∂b = −a/b² = −q/b, which has no square to overflow.</summary>
    public static Scalar operator /(Scalar a, Scalar b)
    {
        double q = a.Value / b.Value;
        return new("÷", q,
            [a, b], [1 / b.Value, -q / b.Value]);
    }

    /// <summary>xⁿ for a constant n; ∂x = n·xⁿ⁻¹, which is 0 for n = 0 even where xⁿ⁻¹ is infinite.</summary>
    public static Scalar Pow(Scalar x, double n) =>
        new(string.Create(CultureInfo.InvariantCulture, $"^{n}"), Math.Pow(x.Value, n),
            [x], [PowerSlope(x.Value, n)]);

    /// <summary>
    /// p = xʸ; ∂x = y·xʸ⁻¹, ∂y = p·ln x. Where p is 0 it stays 0 for exponents nearby, although ln x may be infinite.
    /// Below x = 0 there is no slope towards y: only whole exponents have a value there.
    /// </summary>
    public static Scalar Pow(Scalar x, Scalar y)
    {
        double p = Math.Pow(x.Value, y.Value);
        return new("^", p,
            [x, y], [PowerSlope(x.Value, y.Value), p == 0 ? 0 : p * Math.Log(x.Value)]);
    }

    /// <summary>e = eˣ; ∂x = e.</summary>
    public static Scalar Exp(Scalar x)
    {
        double e = Math.Exp(x.Value);
        return new("exp", e,
            [x], [e]);
    }

    /// <summary>ln x; ∂x = 1/x.</summary>
    public static Scalar Log(Scalar x) =>
        new("log", Math.Log(x.Value),
            [x], [1 / x.Value]);

    /// <summary>t = tanh x; ∂x = 1 − t².</summary>
    public static Scalar Tanh(Scalar x)
    {
        double t = Math.Tanh(x.Value);
        return new("tanh", t,
            [x], [1 - (t * t)]);
    }

    /// <summary>s = σ(x) = 1 / (1 + e⁻ˣ); ∂x = s(1 − s).</summary>
    public static Scalar Sigmoid(Scalar x)
    {
        double s = Elementary.Sigmoid(x.Value);
        return new("sigmoid", s,
            [x], [s * (1 - s)]);
    }

    /// <summary>max(0, x); ∂x = 1 where x &gt; 0, else 0, on the corner x = 0 too.</summary>
    public static Scalar Relu(Scalar x) =>
        new("relu", Math.Max(0, x.Value),
            [x], [x.Value > 0 ? 1 : 0]);

    /// <summary>max(a, b); 1 towards the larger one, 0 towards the other. In a tie the first one counts as the larger.</summary>
    public static Scalar Max(Scalar a, Scalar b) =>
        new("max", Math.Max(a.Value, b.Value),
            [a, b], a.Value >= b.Value ? [1, 0] : [0, 1]);

    /// <summary>ln(1 + eˣ), computed so that eˣ cannot overflow; ∂x = σ(x).</summary>
    public static Scalar Softplus(Scalar x) =>
        new("softplus", Elementary.Softplus(x.Value),
            [x], [Elementary.Sigmoid(x.Value)]);

    /// <summary>erf x, the error function; ∂x = 2/√π · exp(−x²).</summary>
    public static Scalar Erf(Scalar x) =>
        new("erf", ErrorFunction.Erf(x.Value),
            [x], [ErrorSlope(x.Value)]);

    /// <summary>erfc x = 1 − erf x, with all its digits where erf x is nearly 1; ∂x = −2/√π · exp(−x²).</summary>
    public static Scalar Erfc(Scalar x) =>
        new("erfc", ErrorFunction.Erfc(x.Value),
            [x], [-ErrorSlope(x.Value)]);

    /// <summary>
    /// Sets <see cref="Gradient"/> of this number and of all that it was computed from to ∂this/∂node. What an earlier
    /// call left in these nodes is overwritten; other nodes keep what they have.
    /// </summary>
    public void Backward()
    {
        IReadOnlyList<Scalar> nodes = TopologicalOrder();
        foreach (Scalar node in nodes)
        {
            node.Gradient = 0;
        }

        Gradient = 1;
        foreach (Scalar result in nodes.Reverse())
        {
            for (int i = 0; i < result.Operands.Length; i++)
            {
                result.Operands[i].Gradient += result.Gradient * result.LocalDerivatives[i];
            }
        }
    }

    /// <summary>The graph below this number: every node once, operands before their results, left before right.</summary>
    public IReadOnlyList<Scalar> TopologicalOrder()
    {
        // Depth first with a stack on the heap: a recursive walk would overflow the thread's stack on a long chain.
        // Each node is taken up twice: to put its operands on top of it and, when those are done, to be listed.
        var order = new List<Scalar>();
        var reached = new HashSet<Scalar>();
        var pending = new Stack<(Scalar Node, bool OperandsAreListed)>([(this, false)]);
        while (pending.TryPop(out (Scalar Node, bool OperandsAreListed) next))
        {
            if (next.OperandsAreListed)
            {
                order.Add(next.Node);
            }
            else if (reached.Add(next.Node))
            {
                pending.Push((next.Node, true));
                for (int i = next.Node.Operands.Length - 1; i >= 0; i--)
                {
                    pending.Push((next.Node.Operands[i], false));
                }
            }
        }

        return order;
    }

    /// <summary>Name (or operation), value and gradient: <c>w = 0.496714 (gradient -0.249824)</c>.</summary>
    public override string ToString()
    {
        string? label = Name ?? Operation;
        return string.Create(CultureInfo.InvariantCulture, $"{label}{(label is null ? "" : " = ")}{Value:G6} (gradient {Gradient:G6})");
    }

    /// <summary>n·xⁿ⁻¹, but 0 for n = 0 also at x = 0, where 0 · ∞ would be NaN.</summary>
    private static double PowerSlope(double x, double n) => n == 0 ? 0 : n * Math.Pow(x, n - 1);

    private static double ErrorSlope(double x) => 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);
}
