using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>Gives local derivatives their symbols, their formulas and their place in the network.</summary>
/// <param name="stages">The network.</param>
/// <param name="pass">Its pass.</param>
/// <param name="loss">Its loss.</param>
/// <param name="targetsAreIndices">Whether the targets are class indices.</param>
/// <param name="target">θ.</param>
/// <param name="parameter">The number of the parameter that θ belongs to in its layer; −1 for an input.</param>
internal sealed class FactorWriter<T>(Stage<T>[] stages, NetworkPass pass, Loss<T> loss, bool targetsAreIndices, Target target, int parameter)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The unit in a position of a level's batch.</summary>
    public UnitReference Unit(int level, int position) =>
        new(level, position / pass.Level(level).Units, position % pass.Level(level).Units);

    /// <summary>∂L/∂prediction.</summary>
    public Factor Loss(int position, double value)
    {
        LayerPass output = pass.Layers[^1];
        UnitReference unit = Unit(stages.Length, position);
        Formula.Variable prediction = Variable(unit);
        int[] place = [.. prediction.Symbol.Indices];
        IReadOnlyList<double> y = pass.Targets;
        (int row, int column) = Math.DivRem(position, output.Shape[^1]);
        double? own = targetsAreIndices ? (y[row] == column ? 1 : 0) : y.Count == output.Values.Count ? y[position] : null;
        double sum = targetsAreIndices || own is null ? 1 : Enumerable.Range(position - column, output.Shape[^1]).Sum(i => y[i]);
        Formula.Variable? targetValue = own is { } amount ? new Formula.Variable(new Symbol("y", null, place), amount) : null;
        Formula formula = LocalFormulas.ByPrediction(loss, prediction, targetValue, sum, output.Values.Count / output.Shape[^1], output.Values.Count, value);
        return new Factor(Symbol.Loss, prediction.Symbol, formula, value, "loss", stages.Length + 1, null, unit);
    }

    /// <summary>∂output/∂input of a layer.</summary>
    public Factor Local(int level, int output, int input, double value)
    {
        Layer<T> layer = stages[level - 1].Layer;
        UnitReference upper = Unit(level, output);
        UnitReference lower = Unit(level - 1, input);
        LayerPass here = pass.Level(level);
        Formula.Variable? other = layer switch
        {
            Linear<T> linear => Weight(here, [lower.Unit % linear.Inputs, upper.Unit % linear.Outputs]),
            Conv2d<T> convolution => Weight(here, KernelPlaces.Of(convolution, upper.Unit, here.Shape, lower.Unit, pass.Level(level - 1).Shape)),
            Softmax<T> => Variable(new UnitReference(level, lower.Sample, lower.Unit)),
            _ => null,
        };
        Formula.Variable x = Variable(lower, upper.Sample);
        Formula.Variable a = Variable(upper);
        return new Factor(a.Symbol, x.Symbol, LocalFormulas.ByInput(layer, x, a, other, input == output, value), value, here.Name, level, upper, lower);
    }

    /// <summary>∂output/∂θ of θ's own layer.</summary>
    public Factor Entry(int output, double value)
    {
        Layer<T> layer = stages[target.Level - 1].Layer;
        UnitReference upper = Unit(target.Level, output);
        LayerPass here = pass.Level(target.Level);
        int? input = (layer, parameter) switch
        {
            (Linear<T> linear, 0) => (upper.Unit / linear.Outputs * linear.Inputs) + target.Indices[0],
            (Conv2d<T> convolution, 0) => KernelPlaces.Input(convolution, upper.Unit, here.Shape, target.Indices, pass.Level(target.Level - 1).Shape),
            (BatchNorm<T>, 0) => upper.Unit,
            _ => null,
        };
        Formula? x = input is { } unit ? Variable(new UnitReference(target.Level - 1, upper.Sample, unit)) : null;
        Formula formula = LocalFormulas.ByEntry(layer, parameter, x, new Formula.Variable(target.Symbol, target.Value), value);
        return new Factor(Variable(upper).Symbol, target.Symbol, formula, value, here.Name, target.Level, upper, null);
    }

    /// <summary>An entry of a layer's weight.</summary>
    private static Formula.Variable Weight(LayerPass layer, int[] indices) =>
        new(layer.Parameters[0].Symbol with { Indices = indices }, layer.Parameters[0].Values[Places.Ravel(indices, layer.Parameters[0].Lengths)!.Value]);

    /// <summary>A unit with its value; its sample is named where it is another one than that of the unit above.</summary>
    private Formula.Variable Variable(UnitReference unit, int? above = null)
    {
        Symbol symbol = pass.Level(unit.Level).UnitSymbol(unit.Unit);
        return new Formula.Variable(above is { } sample && sample != unit.Sample ? symbol with { Sample = unit.Sample } : symbol, pass.Value(unit));
    }
}
