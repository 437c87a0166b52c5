using System.Numerics;
using ChainRule.Kernels;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>
/// Batch normalisation in inference, a = W(x − μ)/√(v + ε) + b, as formulas: μ and v are constants there, so each unit depends on
/// the one in its own place alone. W and b are what the layer calls γ and β.
/// </summary>
internal static class BatchNormFormulas
{
    /// <summary>∂a/∂x = W/√(v + ε).</summary>
    /// <param name="norm">The layer.</param>
    /// <param name="number">The number of the layer, as symbols have it.</param>
    /// <param name="channel">The channel; null for all of them.</param>
    public static Formula ByInput<T>(BatchNorm<T> norm, int? number, int? channel)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Formula.Quotient(norm.Weight is null ? new Formula.Number(1) : Quantity("W", number, channel, norm.Weight.Value.AsSpan()), Root(norm, number, channel));

    /// <summary>∂a/∂W = (x − μ)/√(v + ε).</summary>
    /// <param name="norm">The layer.</param>
    /// <param name="x">x.</param>
    /// <param name="number">The number of the layer, as symbols have it.</param>
    /// <param name="channel">The channel; null for all of them.</param>
    public static Formula ByWeight<T>(BatchNorm<T> norm, Formula x, int? number, int? channel)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Formula.Quotient(new Formula.Difference(x, Quantity("μ", number, channel, norm.RunningMean!.Value.AsSpan())), Root(norm, number, channel));

    /// <summary>a.</summary>
    /// <param name="norm">The layer.</param>
    /// <param name="x">x.</param>
    /// <param name="number">The number of the layer, as symbols have it.</param>
    public static Formula Forward<T>(BatchNorm<T> norm, Formula x, int? number)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Formula normalized = ByWeight(norm, x, number, null);
        return norm.Weight is null
            ? normalized
            : new Formula.Sum(new Formula.EntrywiseProduct(new Formula.Variable(new Symbol("W", number, [])), normalized), new Formula.Variable(new Symbol("b", number, [])));
    }

    private static Formula.Call Root<T>(BatchNorm<T> norm, int? number, int? channel)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new Formula.Call(Function.SquareRoot, new Formula.Sum(
            Quantity("v", number, channel, norm.RunningVariance!.Value.AsSpan()),
            new Formula.Variable(new Symbol("ε", null, []), norm.Epsilon)));

    private static Formula.Variable Quantity<T>(string letter, int? number, int? channel, ReadOnlySpan<T> values)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        channel is { } c ? new Formula.Variable(new Symbol(letter, number, [c]), double.CreateTruncating(values[c])) : new Formula.Variable(new Symbol(letter, number, []));
}
