using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>What mistakes would make of the gradient that a piece hands down to its input.</summary>
internal static class InputSuspicions
{
    /// <summary>The wrong gradients of the input that the measured derivatives predict.</summary>
    public static IEnumerable<Suspicion> Of(Examination e) =>
        e.Piece.IsLoss ? OfALoss(e) : e.IsElementwise ? OfAnActivation(e) : OfALayer(e);

    private static IEnumerable<Suspicion> OfAnActivation(Examination e)
    {
        double[] r = e.Upstream;
        double[] slopes = e.Diagonal;
        Suspicion Says(GradientMistake cause, double confidence, string evidence, Func<int, double> slope) =>
            new(cause, confidence, evidence, [.. r.Select((value, i) => value * slope(i))]);

        yield return Says(GradientMistake.ActivationDerivativeMissing, 0.97, $"The derivative of {e.Piece.Name} is missing: the gradient passes through it unchanged, as if the slope were 1 everywhere.", _ => 1);
        if (Slopes(e, e.Output) is { } atOutput)
        {
            yield return Says(GradientMistake.ActivationDerivativeMisplaced, 0.97, $"The derivative of {e.Piece.Name} is taken at its output; it belongs to the input, f′(x).", i => atOutput[i]);
        }

        if (Slopes(e, r) is { } atUpstream)
        {
            yield return Says(GradientMistake.ActivationDerivativeMisplaced, 0.97, $"The derivative of {e.Piece.Name} is taken at the gradient from above; it belongs to the input of the forward pass, f′(x).", i => atUpstream[i]);
        }

        yield return Says(GradientMistake.ActivationDerivativeMisplaced, 0.96, $"The derivative of {e.Piece.Name} is multiplied in twice.", i => slopes[i] * slopes[i]);
        yield return Says(GradientMistake.ActivationDerivativeMisplaced, 0.96, $"The gradient is divided by the derivative of {e.Piece.Name}; it belongs multiplied.", i => 1 / slopes[i]);
        yield return Says(GradientMistake.ActivationDerivativeWrong, 0.96, $"The value of {e.Piece.Name} stands in the place of its derivative.", i => e.Output[i]);
        yield return Says(GradientMistake.ActivationDerivativeWrong, 0.96, $"The input of {e.Piece.Name} stands in the place of its derivative.", i => e.Piece.Input.ElementAt(i));
        foreach (int by in new[] { 1, -1 })
        {
            yield return Says(GradientMistake.OffByOne, 0.93, $"Off by one: the derivative of {e.Piece.Name} is that of the {(by == 1 ? "next" : "previous")} entry.", i => i + by >= 0 && i + by < slopes.Length ? slopes[i + by] : double.NaN);
        }
    }

    private static IEnumerable<Suspicion> OfALayer(Examination e)
    {
        int input = e.Input;
        double[] right = e.Right[input];
        double[] r = e.Upstream;
        if (right.Length == r.Length)
        {
            yield return new Suspicion(GradientMistake.CrossTermsMissing, 0.97, $"Only the own terms of {e.Piece.Name} are there: each input's gradient comes from the output of the same place, although every output depends on other inputs too (a sum, a mean or a normaliser that they share).", [.. e.Diagonal.Zip(r, (slope, value) => slope * value)]);
            yield return new Suspicion(GradientMistake.PathMissing, 0.9, $"The gradient passes through {e.Piece.Name} unchanged: only the direct path is there, the one through the function is missing.", r);
            yield return new Suspicion(GradientMistake.PathMissing, 0.95, $"The direct path is missing: what {e.Piece.Name} hands down is too small by exactly the gradient from above, which a skip connection passes on.", [.. right.Zip(r, (value, direct) => value - direct)]);
            yield return new Suspicion(GradientMistake.PathCountedTwice, 0.95, $"The direct path counts twice: what {e.Piece.Name} hands down is too large by exactly the gradient from above.", [.. right.Zip(r, (value, direct) => value + direct)]);
        }

        int batch = e.Piece.Batch;
        (int inputs, int outputs) = (right.Length / batch, r.Length / batch);
        double[] Blocks(Func<double[,], int, int, double> weight)
        {
            double[] result = new double[right.Length];
            for (int sample = 0; sample < batch; sample++)
            {
                double[,] block = Block(e, sample, inputs, outputs);
                for (int k = 0; k < inputs; k++)
                {
                    for (int j = 0; j < outputs; j++)
                    {
                        result[(sample * inputs) + k] += weight(block, k, j) * r[(sample * outputs) + j];
                    }
                }
            }

            return result;
        }

        yield return new Suspicion(GradientMistake.Transposed, 0.96, $"The matrix of {e.Piece.Name} is read with rows and columns exchanged on the way back: W stands where Wᵀ belongs, or a reshape for the transpose.", Blocks((block, k, j) => Flat(block, (j * inputs) + k)));
        double[,] first = Block(e, 0, inputs, outputs);
        yield return new Suspicion(GradientMistake.RightForOneSampleOnly, 0.93, $"{e.Piece.Name} uses the first sample's values for every sample: the index of the sample is missing.", Blocks((_, k, j) => first[k, j]));
    }

    /// <summary>A loss has no gradient from above: its own is compared.</summary>
    private static IEnumerable<Suspicion> OfALoss(Examination e)
    {
        double[] right = e.Right[0];
        Suspicion Says(string evidence, Func<double, double> factor) =>
            new(GradientMistake.ActivationDerivativeMisplaced, 0.96, evidence, [.. right.Select((value, i) => value * factor(e.Piece.Input.ElementAt(i)))]);

        yield return Says($"The gradient of {e.Piece.Name} contains σ′(z), which the logarithm of the sigmoid has cancelled already.", z => 1 / (2 + (2 * Math.Cosh(z))));
        yield return Says($"The gradient of {e.Piece.Name} lacks the division by p(1 − p): that is the formula for the logits in front of a sigmoid, whose derivative is then multiplied in twice.", p => p * (1 - p));
        yield return Says($"The gradient of {e.Piece.Name} is divided by p(1 − p) once too often.", p => 1 / (p * (1 - p)));
        if (OneOfEachSample(e) is { } one)
        {
            yield return new Suspicion(GradientMistake.CrossTermsMissing, 0.95, $"The gradient of {e.Piece.Name} is right for one score of each sample and 0 for the others, although the softmax divides by a sum over all of them: every score has a slope.", one);
        }
    }

    /// <summary>A loss over classes whose normaliser is taken for a constant: of each sample only one score has a slope.</summary>
    private static double[]? OneOfEachSample(Examination e)
    {
        (double[] claim, double[] right) = (e.Claims[0], e.Right[0]);
        int width = right.Length / e.Piece.Batch;
        bool isOne = claim.Chunk(width).All(row => row.Count(value => value != 0) == 1);
        bool isNormalised = right.Chunk(width).All(row => Math.Abs(row.Sum()) <= 1e-4 * row.Sum(Math.Abs)); // all scores raised alike change nothing
        return isOne && isNormalised ? [.. right.Select((value, i) => claim[i] == 0 ? 0 : value)] : null;
    }

    /// <summary>The slopes of an elementwise piece at other values; null where they cannot be had.</summary>
    private static double[]? Slopes(Examination e, double[] values)
    {
        try
        {
            Piece other = e.Piece.At(Tensor.Create([.. values], e.Piece.Input.Lengths));
            return Examination.OfClaims(other, e.Upstream, [.. e.Claims.Select(_ => Array.Empty<double>())])?.Diagonal;
        }
        catch (ArgumentException)
        {
            return null; // the layer takes no such values
        }
    }

    /// <summary>∂output/∂input of one sample, (inputs, outputs).</summary>
    private static double[,] Block(Examination e, int sample, int inputs, int outputs)
    {
        double[,] block = new double[inputs, outputs];
        for (int k = 0; k < inputs; k++)
        {
            double[] column = e.Derivative(e.Input, (sample * inputs) + k);
            for (int j = 0; j < outputs; j++)
            {
                block[k, j] = column[(sample * outputs) + j];
            }
        }

        return block;
    }

    private static double Flat(double[,] block, int index) => block[index / block.GetLength(1), index % block.GetLength(1)];
}
