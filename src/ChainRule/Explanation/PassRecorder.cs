using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;

namespace ChainRule.Explanation;

/// <summary>Runs a network forward and backward on a batch and keeps every number.</summary>
internal static class PassRecorder
{
    /// <summary>Runs and keeps.</summary>
    /// <param name="stages">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="numbers">The number of each sample in the data.</param>
    /// <param name="shapes">Receives the shape of each level's batch.</param>
    public static NetworkPass Record<T>(Stage<T>[] stages, Loss<T> loss, Tensor<T> inputs, Tensor<T> targets, IReadOnlyList<int> numbers, out nint[][] shapes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int samples = (int)inputs.Lengths[0];
        var values = new double[stages.Length + 1][];
        var gradients = new double[stages.Length + 1][];
        shapes = new nint[stages.Length + 1][];
        Tensor<T> current = inputs;
        for (int level = 0; ; level++)
        {
            (values[level], shapes[level]) = (LocalDerivatives.Doubles(current.AsSpan()), current.Lengths.ToArray());
            if (level == stages.Length)
            {
                break;
            }

            current = stages[level].Layer.Forward(current);
        }

        double total = double.CreateTruncating(loss.Forward(current, targets));
        Tensor<T> gradient = loss.Backward();
        gradients[^1] = LocalDerivatives.Doubles(gradient.AsSpan());
        foreach (Parameter<T> parameter in stages.SelectMany(stage => stage.Layer.Parameters))
        {
            parameter.DiscardGradient();
        }

        for (int level = stages.Length; level > 0; level--)
        {
            gradient = stages[level - 1].Layer.Backward(gradient);
            gradients[level - 1] = LocalDerivatives.Doubles(gradient.AsSpan());
            if (!stages[level - 1].Layer.HasInputGradient)
            {
                // Below a layer whose input has no derivative there is nothing to carry down.
                for (int below = 0; below < level; below++)
                {
                    gradients[below] = new double[values[below].Length];
                }

                break;
            }
        }

        var x = new Symbol("x", null, []);
        var layers = new LayerPass[stages.Length + 1];
        for (int level = 0; level < layers.Length; level++)
        {
            Stage<T>? stage = level == 0 ? null : stages[level - 1];
            Symbol symbol = stage?.Symbol ?? x;
            Symbol[] parameters = [.. stage?.Layer.Parameters.Select(stage.ParameterSymbol) ?? []];
            var below = new Formula.Variable(level == 0 ? x : layers[level - 1].Symbol);
            var upstream = new Formula.Derivative(Symbol.Loss, symbol);
            layers[level] = new LayerPass
            {
                Name = stage is null ? "input" : stage.Layer.Name.Length > 0 ? stage.Layer.Name : stage.Layer.Kind.ToLowerInvariant(),
                Description = stage?.Layer.ToString() ?? "",
                Symbol = symbol,
                Forward = stage is null ? null : LocalFormulas.Forward(stage.Layer, below, symbol, parameters),
                Backward = stage is null || !stage.Layer.HasInputGradient ? null : LocalFormulas.Backward(stage.Layer, below, upstream, symbol, parameters),
                Connection = stage is null ? Connection.Any : stage.Layer is Linear<T> && shapes[level].Length == 2 ? Connection.Linear : LocalDerivatives.IsEntrywise(stage.Layer) ? Connection.Entrywise : Connection.Any,
                Shape = [.. shapes[level][1..].Select(length => (int)length)],
                Values = values[level],
                Gradients = gradients[level],
                Parameters =
                [
                    .. stage?.Layer.Parameters.Select((parameter, i) => new ParameterPass(
                        parameter.Name,
                        parameters[i],
                        [.. parameter.Value.Lengths.ToArray().Select(length => (int)length)],
                        LocalDerivatives.Doubles(parameter.Value.AsSpan()),
                        parameter.HasGradient ? LocalDerivatives.Doubles(parameter.Gradient.AsSpan()) : new double[parameter.Value.FlattenedLength],
                        LocalFormulas.ByParameter(stage.Layer, i, below, upstream, symbol))) ?? [],
                ],
            };
        }

        (Formula lossFormula, Formula lossGradient) = LocalFormulas.Of(loss, layers[^1].Symbol, layers[^1].Values.Count / layers[^1].Shape[^1], layers[^1].Values.Count);
        return new NetworkPass
        {
            Samples = samples,
            SampleNumbers = numbers,
            Input = layers[0],
            Layers = layers[1..],
            Targets = LocalDerivatives.Doubles(targets.AsSpan()),
            TargetRank = targets.Rank,
            LossName = loss.ToString(),
            LossFormula = lossFormula,
            LossGradientFormula = lossGradient,
            Loss = total,
        };
    }
}
