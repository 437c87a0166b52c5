using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Autodiff;
using ChainRule.Layers;
using ChainRule.Losses;

namespace ChainRule.Explanation;

/// <summary>
/// The second opinion: the part of the network above one θ written again with <see cref="Scalar"/>, in the formulas of the
/// forward pass alone. What does not depend on θ is a plain number.
/// </summary>
internal static class ScalarForms
{
    private const long MostOperations = 2_000_000;

    /// <summary>∂L/∂θ by automatic differentiation; null where a layer or the loss has no form here, or where the graph would be too large.</summary>
    /// <param name="stages">The network.</param>
    /// <param name="pass">Its forward pass, of which the numbers below θ are taken.</param>
    /// <param name="target">θ.</param>
    /// <param name="position">Its position in the tensor that it belongs to.</param>
    /// <param name="loss">The loss.</param>
    public static double? Derivative<T>(Stage<T>[] stages, NetworkPass pass, Target target, int position, Loss<T> loss)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var theta = new Scalar(target.Value);
        bool isInput = target.Level == 0;
        Scalar?[] units = new Scalar?[pass.Level(target.Level).Values.Count];
        if (isInput)
        {
            units[position] = theta;
        }
        else if (!Enter(stages[target.Level - 1], pass, target, position, theta, units))
        {
            return null;
        }

        long operations = 0;
        for (int level = target.Level + 1; level <= stages.Length; level++)
        {
            if (Apply(stages[level - 1].Layer, pass.Level(level - 1), pass.Level(level), units, ref operations) is not { } next)
            {
                return null;
            }

            units = next;
        }

        if (LossOf(loss, pass, units) is not { } total)
        {
            return null;
        }

        total.Backward();
        return double.IsFinite(theta.Gradient) ? theta.Gradient : null;
    }

    /// <summary>The outputs of the layer that θ is a parameter of, as far as they depend on it.</summary>
    private static bool Enter<T>(Stage<T> stage, NetworkPass pass, Target target, int position, Scalar theta, Scalar?[] units)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        LayerPass here = pass.Level(target.Level);
        LayerPass below = pass.Level(target.Level - 1);
        if (stage.Layer is BatchNorm<T> { UsesBatch: false } norm)
        {
            (Scalar? weightOfNorm, Scalar? biasOfNorm) = target.Tensor == here.Parameters[0].Name ? (theta, (Scalar?)null) : (null, theta);
            for (int i = 0; i < units.Length; i++)
            {
                if (Channel(norm, i, here) == position)
                {
                    units[i] = Normalized(norm, below.Values[i], position, weightOfNorm, biasOfNorm);
                }
            }

            return true;
        }

        if (stage.Layer is not Linear<T> linear)
        {
            return false;
        }

        IReadOnlyList<double> weight = here.Parameters[0].Values;
        IReadOnlyList<double>? bias = linear.Bias is null ? null : here.Parameters[1].Values;
        bool isWeight = target.Tensor == here.Parameters[0].Name;
        (int row, int j) = isWeight ? Math.DivRem(position, linear.Outputs) : (-1, position);
        for (int i = 0; i < below.Values.Count / linear.Inputs; i++)
        {
            Scalar z = isWeight ? bias?[j] ?? 0 : theta;
            for (int k = 0; k < linear.Inputs; k++)
            {
                z += below.Values[(i * linear.Inputs) + k] * (k == row ? theta : weight[(k * linear.Outputs) + j]);
            }

            units[(i * linear.Outputs) + j] = z;
        }

        return true;
    }

    /// <summary>A layer's outputs, as far as they depend on θ; null where the layer has no form here.</summary>
    private static Scalar?[]? Apply<T>(Layer<T> layer, LayerPass input, LayerPass output, Scalar?[] units, ref long operations)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var results = new Scalar?[output.Values.Count];
        (int inputs, int outputs) = layer is Linear<T> linear ? (linear.Inputs, linear.Outputs) : (input.Units, output.Units);
        operations += (long)units.Count(unit => unit is not null) * (layer is Linear<T> or Softmax<T> ? 2 * outputs : 8);
        if (operations > MostOperations)
        {
            return null;
        }

        for (int start = 0, to = 0; start < units.Length; start += inputs, to += outputs)
        {
            ReadOnlySpan<Scalar?> x = units.AsSpan(start, inputs);
            int[] moved = [.. Enumerable.Range(0, inputs).Where(k => units[start + k] is not null)];
            if (moved.Length == 0)
            {
                continue;
            }

            switch (layer)
            {
                case Linear<T>:
                    IReadOnlyList<double> weight = output.Parameters[0].Values;
                    for (int j = 0; j < outputs; j++)
                    {
                        double still = output.Parameters.Count > 1 ? output.Parameters[1].Values[j] : 0;
                        for (int k = 0; k < inputs; k++)
                        {
                            still += x[k] is null ? input.Values[start + k] * weight[(k * outputs) + j] : 0;
                        }

                        Scalar z = still;
                        foreach (int k in moved)
                        {
                            z += x[k]! * weight[(k * outputs) + j];
                        }

                        results[to + j] = z;
                    }

                    break;
                case Softmax<T>:
                    // A constant that is taken off all of them changes nothing in the quotient.
                    int classes = output.Shape[^1];
                    for (int row = 0; row < inputs; row += classes)
                    {
                        double shift = Enumerable.Range(start + row, classes).Max(i => input.Values[i]);
                        Scalar[] powers = [.. Enumerable.Range(start + row, classes).Select(i => Scalar.Exp((units[i] ?? input.Values[i]) - shift))];
                        Scalar sum = powers.Aggregate((a, b) => a + b);
                        for (int j = 0; j < classes; j++)
                        {
                            results[to + row + j] = powers[j] / sum;
                        }
                    }

                    break;
                case BatchNorm<T> { UsesBatch: false } norm:
                    foreach (int k in moved)
                    {
                        results[to + k] = Normalized(norm, x[k]!, Channel(norm, k, output), null, null);
                    }

                    break;
                case Dropout<T> { IsTraining: true }:
                    foreach (int k in moved)
                    {
                        results[to + k] = x[k]! * Drawn(input, start + k, output, to + k);
                    }

                    break;
                default:
                    foreach (int k in moved)
                    {
                        if (Activation(layer, x[k]!) is not { } a)
                        {
                            return null;
                        }

                        results[to + k] = a;
                    }

                    break;
            }
        }

        return results;
    }

    /// <summary>Batch normalisation of one number by the running statistics, with θ in the place of a weight or a bias.</summary>
    private static Scalar Normalized<T>(BatchNorm<T> norm, Scalar x, int channel, Scalar? weight, Scalar? bias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double Number(Tensor<T>? tensor, double otherwise) => tensor is null ? otherwise : double.CreateTruncating(tensor[channel]);
        double deviation = Math.Sqrt(Number(norm.RunningVariance!.Value, 1) + norm.Epsilon);
        return ((x - Number(norm.RunningMean!.Value, 0)) / deviation * (weight ?? Number(norm.Weight?.Value, 1))) + (bias ?? Number(norm.Bias?.Value, 0));
    }

    /// <summary>The channel of a unit: the channels are the first dimension of a sample.</summary>
    private static int Channel<T>(BatchNorm<T> norm, int unit, LayerPass layer)
        where T : unmanaged, IFloatingPointIeee754<T> => unit % layer.Units / (layer.Units / norm.Channels);

    /// <summary>What Dropout has drawn: output over input. Of an input of 0 the way back shows it; where nothing comes from above it does not matter.</summary>
    private static double Drawn(LayerPass input, int from, LayerPass output, int to) =>
        input.Values[from] != 0 ? output.Values[to] / input.Values[from]
        : output.Gradients[to] != 0 ? input.Gradients[from] / output.Gradients[to]
        : 0;

    /// <summary>An activation of one number; null where it has no form here.</summary>
    /// <param name="layer">The activation.</param>
    /// <param name="x">Its argument.</param>
    private static Scalar? Activation<T>(Layer<T> layer, Scalar x)
        where T : unmanaged, IFloatingPointIeee754<T> => layer switch
        {
            Flatten<T> or Reshape<T> or Dropout<T> => x,
            ReLU<T> => Scalar.Relu(x),
            LeakyReLU<T> leaky => Scalar.Relu(x) - (leaky.NegativeSlope * (Scalar.Relu(x) - x)),
            Elu<T> elu => x.Value > 0 ? x : elu.Alpha * (Scalar.Exp(x) - 1),
            Hardtanh<T> hardtanh => x.Value <= hardtanh.Low ? hardtanh.Low : x.Value >= hardtanh.High ? hardtanh.High : x,
            Sigmoid<T> => Scalar.Sigmoid(x),
            Tanh<T> => Scalar.Tanh(x),
            Softplus<T> => Scalar.Softplus(x),
            Silu<T> => x * Scalar.Sigmoid(x),
            Gelu<T> { Form: GeluForm.Exact } => 0.5 * x * Scalar.Erfc(-x / Math.Sqrt(2)),
            Gelu<T> => x * Scalar.Sigmoid(2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Scalar.Pow(x, 3)))),
            _ => null,
        };

    /// <summary>What of the loss depends on θ; null where the loss has no form here.</summary>
    private static Scalar? LossOf<T>(Loss<T> loss, NetworkPass pass, Scalar?[] predictions)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Scalar total = 0;
        IReadOnlyList<double> y = pass.Targets;
        if (loss is SoftmaxCrossEntropy<T> crossEntropy)
        {
            LayerPass output = pass.Layers[^1];
            int classes = output.Shape[^1];
            int rows = output.Values.Count / classes;
            bool areIndices = pass.TargetRank < output.Shape.Count + 1;
            double Weight(int j) => crossEntropy.ClassWeights?[j] ?? 1;
            double totalWeight = areIndices ? Enumerable.Range(0, rows).Sum(row => Weight((int)y[row])) : rows;
            for (int row = 0; row < rows; row++)
            {
                int start = row * classes;
                if (predictions.AsSpan(start, classes).IndexOfAnyExcept((Scalar?)null) < 0)
                {
                    continue;
                }

                double shift = Enumerable.Range(start, classes).Max(i => output.Values[i]);
                Scalar[] z = [.. Enumerable.Range(start, classes).Select(i => (predictions[i] ?? output.Values[i]) - shift)];
                Scalar logarithm = Scalar.Log(z.Select(Scalar.Exp).Aggregate((a, b) => a + b));
                for (int j = 0; j < classes; j++)
                {
                    double share = areIndices ? (y[row] == j ? 1 : 0) : y[start + j];
                    double wanted = Weight(j) * (((1 - crossEntropy.LabelSmoothing) * share) + (crossEntropy.LabelSmoothing / classes));
                    total -= wanted == 0 ? 0 : wanted * (z[j] - logarithm);
                }
            }

            return total / totalWeight;
        }

        for (int i = 0; i < predictions.Length; i++)
        {
            if (predictions[i] is not { } p)
            {
                continue;
            }

            switch (loss)
            {
                case MeanSquaredError<T>:
                    total += Scalar.Pow(p - y[i], 2);
                    break;
                case BinaryCrossEntropy<T>:
                    total -= (y[i] * Scalar.Log(p)) + ((1 - y[i]) * Scalar.Log(1 - p));
                    break;
                case BinaryCrossEntropyWithLogits<T>:
                    total += (y[i] * Scalar.Softplus(-p)) + ((1 - y[i]) * Scalar.Softplus(p));
                    break;
                default:
                    return null;
            }
        }

        return total / predictions.Length;
    }
}
