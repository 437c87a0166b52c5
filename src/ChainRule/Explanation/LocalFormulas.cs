using System.Numerics;
using ChainRule.Layers;
using ChainRule.Losses;

namespace ChainRule.Explanation;

/// <summary>The derivative of each layer and loss as a formula: of one unit by another with numbers, and of whole tensors.</summary>
/// <remarks>A layer that is not listed here gets its name as the name of a function: layernorm′(z1[3]).</remarks>
internal static class LocalFormulas
{
    private static readonly Formula one = new Formula.Number(1);
    private static readonly Formula two = new Formula.Number(2);

    /// <summary>∂output/∂input of one unit.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The unit of the input.</param>
    /// <param name="output">The unit of the output.</param>
    /// <param name="other">For a layer with weights the one between both; for softmax the output in the place of the input; else null.</param>
    /// <param name="isSamePlace">Whether both stand in the same place.</param>
    /// <param name="value">The derivative.</param>
    public static Formula ByInput<T>(Layer<T> layer, Formula.Variable input, Formula.Variable output, Formula.Variable? other, bool isSamePlace, double value)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Linear<T> or Conv2d<T> => other!,
            Flatten<T> or Reshape<T> or Transpose<T> or PositionEmbedding<T> => one,
            Dropout<T> or MaxPool2d<T> or AveragePool2d<T> => new Formula.Number(value),
            BatchNorm<T> { UsesBatch: false } norm => BatchNormFormulas.ByInput(norm, output.Symbol.Layer, output.Symbol.Indices[0]),
            Softmax<T> => isSamePlace
                ? new Formula.Product(output, new Formula.Difference(one, output))
                : new Formula.Negation(new Formula.Product(output, other!)),
            _ when LocalDerivatives.IsEntrywise(layer) => Slope(layer, input, value),

            // The entry of the Jacobian in the row of the output and the column of the input.
            _ => new Formula.Opaque(Derivative(layer), new Formula.Variable(input.Symbol.Whole()), [.. output.Symbol.Indices, .. input.Symbol.Indices], value),
        };

    /// <summary>The slope of an activation at x.</summary>
    /// <param name="layer">The activation.</param>
    /// <param name="x">Where.</param>
    /// <param name="value">The slope.</param>
    public static Formula Slope<T>(Layer<T> layer, Formula x, double value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var s = new Formula.Call(Function.Sigmoid, x);
        return layer switch
        {
            ReLU<T> => new Formula.Indicator(x, Relation.Above),
            LeakyReLU<T> leaky => new Formula.Sum(
                new Formula.Indicator(x, Relation.Above),
                new Formula.Product(new Formula.Number(leaky.NegativeSlope), new Formula.Indicator(x, Relation.NotAbove))),
            Sigmoid<T> => new Formula.Product(s, new Formula.Difference(one, s)),
            Elu<T> elu => new Formula.Sum(
                new Formula.Indicator(x, Relation.Above),
                Scaled(elu.Alpha, new Formula.Product(new Formula.Call(Function.Exponential, x), new Formula.Indicator(x, Relation.NotAbove)))),
            Hardtanh<T> hardtanh => new Formula.Product(
                new Formula.Indicator(x, Relation.Above, hardtanh.Low),
                new Formula.Indicator(x, Relation.Below, hardtanh.High)),
            Tanh<T> => new Formula.Difference(one, new Formula.Square(new Formula.Call(Function.Tanh, x))),
            Softplus<T> => s,
            Silu<T> => new Formula.Product(s, new Formula.Sum(one, new Formula.Product(x, new Formula.Difference(one, s)))),
            Gelu<T> { Form: GeluForm.Exact } => new Formula.Sum(
                new Formula.Call(Function.NormalDistribution, x),
                new Formula.Product(x, new Formula.Call(Function.NormalDensity, x))),
            _ => new Formula.Opaque(Derivative(layer), x, [], value),
        };
    }

    /// <summary>∂L/∂prediction of one unit.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The unit.</param>
    /// <param name="target">Its target; null where there is none for this unit alone.</param>
    /// <param name="targetSum">The sum of the targets of its row.</param>
    /// <param name="rows">The rows of the batch: its samples, or all places of its sequences.</param>
    /// <param name="values">The values of the batch.</param>
    /// <param name="value">The derivative.</param>
    public static Formula ByPrediction<T>(Loss<T> loss, Formula.Variable prediction, Formula.Variable? target, double targetSum, int rows, int values, double value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (target is null)
        {
            return new Formula.Opaque($"{loss}′", prediction, [], value);
        }

        switch (loss)
        {
            case MeanSquaredError<T>:
                return Over("N", values, new Formula.Product(two, new Formula.Difference(prediction, target)));
            case BinaryCrossEntropy<T>:
                var denominator = new Formula.Product(prediction, new Formula.Difference(one, prediction));
                double least = double.CreateTruncating(BinaryCrossEntropy<T>.SmallestDenominator);
                return Over("N", values, new Formula.Quotient(
                    new Formula.Difference(prediction, target),
                    denominator.Value < least ? new Formula.Number(least) : denominator));
            case BinaryCrossEntropyWithLogits<T>:
                return Over("N", values, new Formula.Difference(new Formula.Call(Function.Sigmoid, prediction), target));
            case SoftmaxCrossEntropy<T> { TakesTargetsAsTheyAre: true } when targetSum == 0:
                return new Formula.Number(0);
            case SoftmaxCrossEntropy<T> { TakesTargetsAsTheyAre: true }:
                // The probability follows from the derivative: (p·Σy − y)/m.
                double p = ((value * rows) + target.Amount) / targetSum;
                Formula softmax = new Formula.Opaque("softmax", new Formula.Variable(prediction.Symbol.Whole()), prediction.Symbol.Indices, p);
                return Over("m", rows, new Formula.Difference(targetSum == 1 ? softmax : new Formula.Product(softmax, new Formula.Number(targetSum)), target));
            default:
                return new Formula.Opaque($"{loss}′", prediction, [], value);
        }
    }

    /// <summary>A layer's output as a formula of its whole input.</summary>
    public static Formula Forward<T>(Layer<T> layer, Formula x, Symbol output, IReadOnlyList<Symbol> parameters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (layer)
        {
            case Linear<T> linear:
                Formula product = new Formula.Product(x, new Formula.Variable(parameters[0]));
                return linear.Bias is null ? product : new Formula.Sum(product, new Formula.Variable(parameters[1]));
            case Sigmoid<T>:
                return new Formula.Call(Function.Sigmoid, x);
            case Tanh<T>:
                return new Formula.Call(Function.Tanh, x);
            case ReLU<T>:
                return new Formula.Call(Function.Relu, x);
            case Softplus<T>:
                return new Formula.Call(Function.Softplus, x);
            case BatchNorm<T> { UsesBatch: false } norm:
                return BatchNormFormulas.Forward(norm, x, output.Layer);
            case Dropout<T> when !layer.IsTraining:
                return x;
            default:
                return new Formula.Opaque(layer.Kind.ToLowerInvariant(), x, []);
        }
    }

    /// <summary>∂L/∂input of a layer as a formula of whole tensors.</summary>
    public static Formula Backward<T>(Layer<T> layer, Formula x, Formula upstream, Symbol output, IReadOnlyList<Symbol> parameters)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Linear<T> => new Formula.Product(upstream, new Formula.Transpose(new Formula.Variable(parameters[0]))),
            Flatten<T> or PositionEmbedding<T> => upstream,
            Dropout<T> when !layer.IsTraining => upstream,
            BatchNorm<T> { UsesBatch: false } norm => new Formula.EntrywiseProduct(upstream, BatchNormFormulas.ByInput(norm, output.Layer, null)),
            Reshape<T> => new Formula.Opaque("reshape", upstream, []),
            _ when LocalDerivatives.IsEntrywise(layer) => new Formula.EntrywiseProduct(upstream, new Formula.Opaque(layer is Sigmoid<T> ? "σ′" : Derivative(layer), x, [])),
            _ => new Formula.Product(upstream, new Formula.Opaque(Derivative(layer), x, [])),
        };

    /// <summary>∂L/∂θ of a parameter as a formula of whole tensors.</summary>
    public static Formula ByParameter<T>(Layer<T> layer, int parameter, Formula x, Formula upstream, Symbol output)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Linear<T> when parameter == 0 => new Formula.Product(new Formula.Transpose(x), upstream),
            Linear<T> => new Formula.BatchSum(upstream),
            BatchNorm<T> { UsesBatch: false } norm => new Formula.BatchSum(parameter == 0 ? new Formula.EntrywiseProduct(upstream, BatchNormFormulas.ByWeight(norm, x, output.Layer, null)) : upstream),
            _ => new Formula.Product(upstream, new Formula.Opaque(Derivative(layer), x, [])),
        };

    /// <summary>∂output/∂θ of one unit by one entry of a parameter.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="parameter">The parameter's number.</param>
    /// <param name="input">The unit of the input that the entry multiplies; null where there is none.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="value">The derivative.</param>
    public static Formula ByEntry<T>(Layer<T> layer, int parameter, Formula? input, Formula.Variable entry, double value)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Linear<T> or Conv2d<T> when parameter == 0 => input ?? new Formula.Number(0), // outside of an image there is 0
            BatchNorm<T> { UsesBatch: false } norm when parameter == 0 => BatchNormFormulas.ByWeight(norm, input!, entry.Symbol.Layer, entry.Symbol.Indices[0]),
            Linear<T> or Conv2d<T> or BatchNorm<T> { UsesBatch: false } or Embedding<T> or PositionEmbedding<T> => one,
            _ => new Formula.Opaque(Derivative(layer), entry, [], value),
        };

    /// <summary>L and ∂L/∂prediction as formulas of whole tensors.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">What formulas call the prediction.</param>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="values">The values of the batch.</param>
    public static (Formula Loss, Formula Gradient) Of<T>(Loss<T> loss, Symbol prediction, int rows, int values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var p = new Formula.Variable(prediction);
        var y = new Formula.Variable(new Symbol("y", null, []));
        Formula CrossEntropy(Formula q) => new Formula.Negation(new Formula.Sum(
            new Formula.EntrywiseProduct(y, new Formula.Call(Function.Logarithm, q)),
            new Formula.EntrywiseProduct(new Formula.Difference(one, y), new Formula.Call(Function.Logarithm, new Formula.Difference(one, q)))));
        Formula Mean(Formula term) => new Formula.Opaque("mean", term, []);
        switch (loss)
        {
            case MeanSquaredError<T>:
                var difference = new Formula.Difference(p, y);
                return (Mean(new Formula.Square(difference)), Over("N", values, new Formula.Product(two, difference)));
            case BinaryCrossEntropy<T>:
                return (Mean(CrossEntropy(p)), Over("N", values, new Formula.Quotient(new Formula.Difference(p, y), new Formula.EntrywiseProduct(p, new Formula.Difference(one, p)))));
            case BinaryCrossEntropyWithLogits<T>:
                var s = new Formula.Call(Function.Sigmoid, p);
                return (Mean(CrossEntropy(s)), Over("N", values, new Formula.Difference(s, y)));
            case SoftmaxCrossEntropy<T> { TakesTargetsAsTheyAre: true }:
                var softmax = new Formula.Opaque("softmax", p, []);

                // The mean over the rows, not over all entries.
                return (new Formula.Negation(Over("m", rows, new Formula.BatchSum(new Formula.EntrywiseProduct(y, new Formula.Call(Function.Logarithm, softmax))))), Over("m", rows, new Formula.Difference(softmax, y)));
            default:
                return (new Formula.Opaque($"{loss}", p, []), new Formula.Opaque($"{loss}′", p, []));
        }
    }

    /// <summary>The name of a layer's derivative.</summary>
    private static string Derivative<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T> => $"{layer.Kind.ToLowerInvariant()}′";

    private static Formula Scaled(double factor, Formula formula) => factor == 1 ? formula : new Formula.Product(new Formula.Number(factor), formula);

    /// <summary>What a mean over several makes of a term: the term over their number.</summary>
    private static Formula Over(string symbol, int count, Formula term) =>
        count == 1 ? term : new Formula.Quotient(term, new Formula.Variable(new Symbol(symbol, null, []), count));
}
