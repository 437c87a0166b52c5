using System.Numerics;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>One layer of a network that has been laid out in a row, with what formulas call its output.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Level">1 for the first.</param>
/// <param name="Number">How many layers have parameters up to here, this one included.</param>
/// <param name="Symbol">What formulas call its output.</param>
internal sealed record Stage<T>(Layer<T> Layer, int Level, int Number, Symbol Symbol)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The layers of a network in the order of its forward pass; a network inside it is replaced by its own layers.</summary>
    public static Stage<T>[] Of(Layer<T> network)
    {
        var stages = new List<Stage<T>>();
        var taken = new HashSet<Symbol>();
        int number = 0;
        foreach (Layer<T> layer in LayOut(network))
        {
            number += layer.Parameters.Count > 0 ? 1 : 0;
            var symbol = new Symbol(Letter(layer), number, []);
            while (!taken.Add(symbol))
            {
                symbol = symbol with { Letter = symbol.Letter + "′" };
            }

            stages.Add(new Stage<T>(layer, stages.Count + 1, number, symbol));
        }

        return [.. stages];
    }

    /// <summary>What formulas call a parameter of the layer.</summary>
    public Symbol ParameterSymbol(Parameter<T> parameter)
    {
        // A layer that is made of others may have several weights: there the name says whose it is.
        string name = Layer.Name.Length > 0 && parameter.Name.StartsWith($"{Layer.Name}.", StringComparison.Ordinal) ? parameter.Name[(Layer.Name.Length + 1)..] : parameter.Name;
        return new Symbol(name switch { "weight" => "W", "bias" => "b", _ => name }, Number, []);
    }

    private static IEnumerable<Layer<T>> LayOut(Layer<T> layer) =>
        layer is Sequential<T> network ? network.Layers.SelectMany(LayOut) : [layer];

    private static string Letter(Layer<T> layer) => layer switch
    {
        { Parameters.Count: > 0 } => "z",
        Dropout<T> => "d",
        Flatten<T> => "f",
        Reshape<T> or Transpose<T> => "r",
        MaxPool2d<T> or AveragePool2d<T> => "p",
        _ => "a",
    };
}
