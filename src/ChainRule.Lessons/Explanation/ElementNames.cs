using System.Globalization;
using ChainRule.Explanation;

namespace ChainRule.Lessons.Explanation;

/// <summary>
/// The names of the elements of a picture of a network. Formulas refer to them, so that a page can light up what a factor
/// belongs to: a factor's <c>data-lights</c> lists the ids of its elements.
/// </summary>
public static class ElementNames
{
    /// <summary>The loss.</summary>
    public const string Loss = "loss";

    /// <summary>A unit, whatever the sample.</summary>
    /// <param name="level">0 for the input, n for the output of the n-th layer.</param>
    /// <param name="unit">The place among the sample's values.</param>
    public static string Unit(int level, int unit) => string.Create(CultureInfo.InvariantCulture, $"unit-{level}-{unit}");

    /// <summary>A weight: the edge between two units.</summary>
    /// <param name="level">The level of its layer.</param>
    /// <param name="input">The unit that it comes from.</param>
    /// <param name="output">The unit that it goes to.</param>
    public static string Weight(int level, int input, int output) => string.Create(CultureInfo.InvariantCulture, $"weight-{level}-{input}-{output}");

    /// <summary>A bias.</summary>
    /// <param name="level">The level of its layer.</param>
    /// <param name="unit">The unit that it belongs to.</param>
    public static string Bias(int level, int unit) => string.Create(CultureInfo.InvariantCulture, $"bias-{level}-{unit}");

    /// <summary>The way from a prediction to the loss.</summary>
    /// <param name="unit">The prediction's unit.</param>
    public static string Judgement(int unit) => string.Create(CultureInfo.InvariantCulture, $"judgement-{unit}");

    /// <summary>The ids of what a factor belongs to.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="pass">The pass that it belongs to.</param>
    public static IReadOnlyList<string> Of(Factor factor, NetworkPass pass)
    {
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(pass);
        if (factor is { Upper: null, Lower: { } prediction })
        {
            return [Loss, Judgement(prediction.Unit), Unit(prediction.Level, prediction.Unit)];
        }

        UnitReference upper = factor.Upper!.Value;
        LayerPass layer = pass.Level(upper.Level);
        string self = Unit(upper.Level, upper.Unit);
        if (factor.Lower is { } lower)
        {
            return layer.Connection == Connection.Linear
                ? [Weight(upper.Level, lower.Unit, upper.Unit), self, Unit(lower.Level, lower.Unit)]
                : [self, Unit(lower.Level, lower.Unit)];
        }

        return layer.Connection != Connection.Linear ? [self]
            : factor.Denominator.Indices is [var input, var output] ? [Weight(upper.Level, input, output), self, Unit(upper.Level - 1, input)]
            : [Bias(upper.Level, upper.Unit), self];
    }
}
