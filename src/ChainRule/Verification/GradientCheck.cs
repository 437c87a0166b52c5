using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>
/// Proves a backward pass against the definition of the derivative: every entry θ is moved a little to both sides and
/// the loss is computed anew, ∂L/∂θ ≈ (L(θ + h) − L(θ − h)) / 2h.
/// </summary>
/// <remarks>
/// <para>
/// The relative error is |a − n| / max(|a|, |n|) between the analytic value a and the numeric value n. Where it exceeds the
/// tolerance although |a − n| is more than rounding in L explains, smaller steps decide whether the step was to blame (then
/// n of the smaller step is reported), whether θ sits on a corner of the loss (a kink), or whether the gradient is wrong.
/// </para>
/// <para>Source of the error measure and of the usual step: the notes of Stanford's CS231n; of central differences: Fornberg, Generation of Finite Difference Formulas on Arbitrarily Spaced Grids (1988).</para>
/// </remarks>
public static class GradientCheck
{
    // Rounding in L is a few units in the last place for each of the additions that made it.
    private const double RoundingUnits = 16;

    /// <summary>Checks every parameter of a network, and its input, under a loss.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network. Values come back bit for bit; gradients that had been added up are discarded.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch. Its values are moved and come back bit for bit.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="options">Step and tolerance.</param>
    /// <returns>A row for each parameter, then one for the input where it has a gradient.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an option is out of its range.</exception>
    public static GradientCheckReport Run<T>(Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(input);
        T Loss() => loss.Forward(network.Forward(input), target);
        Tensor<T> LossGradient()
        {
            Loss();
            return loss.Backward();
        }

        return Run(network, input, Loss, LossGradient, Math.Abs(double.CreateTruncating(Loss())), options);
    }

    /// <summary>
    /// Checks every parameter of a layer that stands alone, and its input. The loss is L = Σ r·a over the outputs a with
    /// fixed random numbers r, so that every output counts, each with another weight.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layer">The layer. Values come back bit for bit; gradients that had been added up are discarded.</param>
    /// <param name="input">A batch. Its values are moved and come back bit for bit.</param>
    /// <param name="options">Step, tolerance and the seed of r.</param>
    /// <returns>A row for each parameter, then one for the input where it has a gradient.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an option is out of its range.</exception>
    public static GradientCheckReport Run<T>(Layer<T> layer, Tensor<T> input, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        Tensor<T> output = layer.Forward(input);
        Tensor<T> projection = Tensor.CreateFromShape<T>(output.Lengths);
        var random = new NumPyRandom(options?.Seed ?? 0);
        foreach (ref T r in projection.AsSpan())
        {
            r = T.CreateTruncating(random.Randn());
        }

        double scale = 0;
        for (int i = 0; i < output.FlattenedLength; i++)
        {
            scale += Math.Abs(double.CreateTruncating(output.AsSpan()[i] * projection.AsSpan()[i]));
        }

        T Loss() => TensorPrimitives.Dot<T>(layer.Forward(input).AsSpan(), projection.AsSpan());
        Tensor<T> LossGradient()
        {
            layer.Forward(input);
            return projection;
        }

        return Run(layer, input, Loss, LossGradient, scale, options);
    }

    /// <summary>Checks gradients that were written by hand, without any layer.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="loss">Computes L from the values of the tensors as they are at that moment.</param>
    /// <param name="tensors">The tensors that L depends on, each with the gradient that is claimed for it.</param>
    /// <param name="options">Step and tolerance.</param>
    /// <returns>A row for each tensor.</returns>
    /// <exception cref="ArgumentException">There are no tensors, a gradient has another shape than its value, or an option is out of its range.</exception>
    public static GradientCheckReport Run<T>(Func<T> loss, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Count == 0)
        {
            throw new ArgumentException("There is nothing to check: expected at least one tensor.", nameof(tensors));
        }

        foreach (CheckedTensor<T> tensor in tensors)
        {
            if (!Shape.IsBatch(tensor.Value))
            {
                throw Shape.NotABatch(tensor.Value, $"The value of '{tensor.Name}'", nameof(tensors));
            }

            if (!Shape.IsBatch(tensor.Gradient))
            {
                throw Shape.NotABatch(tensor.Gradient, $"The gradient of '{tensor.Name}'", nameof(tensors));
            }

            if (!tensor.Gradient.Lengths.SequenceEqual(tensor.Value.Lengths))
            {
                throw new ArgumentException($"'{tensor.Name}': expected a gradient in the shape of the value, {Shape.Describe(tensor.Value.Lengths)}, got {Shape.Describe(tensor.Gradient.Lengths)}.", nameof(tensors));
            }
        }

        return Compare(loss, gradients: null, Math.Abs(double.CreateTruncating(loss())), tensors, options, batch: null);
    }

    private static GradientCheckReport Run<T>(Layer<T> layer, Tensor<T> input, Func<T> loss, Func<Tensor<T>> lossGradient, double lossScale, GradientCheckOptions? options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // What the backward pass claims for the values as they are now: one gradient for each parameter, then the input's.
        Tensor<T>[] Gradients()
        {
            Tensor<T> outputGradient = lossGradient();
            Discard(layer);
            Tensor<T> inputGradient = layer.Backward(outputGradient);
            Tensor<T>[] gradients = [.. layer.Parameters.Select(parameter => parameter.HasGradient ? parameter.Gradient : Tensor.CreateFromShape<T>(parameter.Value.Lengths)), inputGradient];
            Discard(layer);
            return gradients;
        }

        bool needed = layer.NeedsInputGradient;
        layer.NeedsInputGradient = true;

        // Copies, because the layer uses that memory again.
        Tensor<T>[] claims = [.. Gradients().Select(gradient => Tensor.Create(gradient.AsSpan().ToArray(), gradient.Lengths))];
        List<CheckedTensor<T>> tensors = [.. layer.Parameters.Select((parameter, i) => new CheckedTensor<T>(parameter.Name, parameter.Value, claims[i]))];
        if (layer.HasInputGradient)
        {
            tensors.Add(new CheckedTensor<T>("input", input, claims[^1]));
        }

        try
        {
            return Compare(loss, Gradients, lossScale, tensors, options, input.Lengths[0]);
        }
        finally
        {
            layer.NeedsInputGradient = needed;
        }
    }

    private static void Discard<T>(Layer<T> layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.DiscardGradient();
        }
    }

    private static GradientCheckReport Compare<T>(Func<T> loss, Func<Tensor<T>[]>? gradients, double lossScale, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions? options, nint? batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double usual = typeof(T) == typeof(double) ? 1e-5 : 1e-2;
        double step = options?.Step ?? usual;
        double tolerance = options?.Tolerance ?? usual;

        // The unit in the last place of 1: T.Epsilon is another thing, the smallest number above 0.
        double unit = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        var rows = new List<GradientCheckRow>();
        for (int t = 0; t < tensors.Count; t++)
        {
            CheckedTensor<T> tensor = tensors[t];
            int[] drawn = Draw((int)tensor.Value.FlattenedLength, options);
            var entries = new EntryCheck[drawn.Length];
            for (int i = 0; i < entries.Length; i++)
            {
                (int row, int index) = (t, drawn[i]);
                Func<double>? analyticNow = gradients is null ? null : () => double.CreateTruncating(gradients()[row].AsSpan()[index]);
                double analytic = double.CreateTruncating(tensor.Gradient.AsSpan()[index]);
                entries[i] = EntryCheck.Run(loss, analyticNow, ref tensor.Value.AsSpan()[index], analytic, step, tolerance, RoundingUnits * unit * lossScale);
            }

            rows.Add(Summarize(tensor, drawn, entries, batch));
        }

        return new GradientCheckReport(rows, step, tolerance);
    }

    /// <summary>The entries to check, in their order.</summary>
    private static int[] Draw(int length, GradientCheckOptions? options)
    {
        int[] all = [.. Enumerable.Range(0, length)];
        if (options?.Samples is not { } samples || samples >= length)
        {
            return all;
        }

        new NumPyRandom(options.Seed).Shuffle(all.AsSpan());
        int[] drawn = all[..samples];
        Array.Sort(drawn);
        return drawn;
    }

    private static GradientCheckRow Summarize<T>(CheckedTensor<T> tensor, int[] drawn, EntryCheck[] entries, nint? batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int worst = Enumerable.Range(0, entries.Length).MaxBy(i => (entries[i].Verdict, entries[i].RelativeError));
        double[] analytic = [.. tensor.Gradient.Select(double.CreateTruncating)];
        double[] numeric = new double[analytic.Length];
        numeric.AsSpan().Fill(double.NaN);
        for (int i = 0; i < drawn.Length; i++)
        {
            numeric[drawn[i]] = entries[i].Numeric;
        }

        int failures = entries.Count(entry => entry.Verdict == GradientVerdict.Fail);
        return new GradientCheckRow
        {
            Parameter = tensor.Name,
            Entries = entries.Length,
            Analytic = Tensor.Create(analytic, tensor.Value.Lengths),
            Numeric = Tensor.Create(numeric, tensor.Value.Lengths),
            MaxRelativeError = entries.Max(entry => entry.RelativeError),
            DifferenceNorm = Math.Sqrt(entries.Sum(entry => (entry.Analytic - entry.Numeric) * (entry.Analytic - entry.Numeric))),
            Verdict = entries.Max(entry => entry.Verdict),
            WorstIndex = Unravel(drawn[worst], tensor.Value.Lengths),
            WorstAnalytic = entries[worst].Analytic,
            WorstNumeric = entries[worst].Numeric,
            Failures = failures,
            Kinks = entries.Count(entry => entry.Verdict == GradientVerdict.Kink),
            Diagnosis = failures == 0 ? null : GradientDiagnosis.Of(analytic, numeric, tensor.Value.Lengths, batch),
        };
    }

    private static int[] Unravel(int offset, ReadOnlySpan<nint> lengths)
    {
        int[] index = new int[lengths.Length];
        for (int d = lengths.Length - 1; d >= 0; d--)
        {
            (offset, index[d]) = Math.DivRem(offset, (int)lengths[d]);
        }

        return index;
    }
}
