namespace ChainRule.Verification;

/// <summary>What mistakes would make of the gradient of a parameter, which all samples share.</summary>
internal static class ParameterSuspicions
{
    /// <summary>The wrong gradients of a parameter that the measured derivatives predict.</summary>
    public static IEnumerable<Suspicion> Of(Examination e, int argument)
    {
        string name = e.Piece.Arguments[argument].Name;
        int batch = e.Piece.Batch;
        if (batch == 1)
        {
            yield break;
        }

        double[][] shares = [.. Enumerable.Range(0, batch).Select(sample => e.Predict(argument, e.Masked(o => e.Sample(o) == sample)))];
        for (int sample = 0; sample < batch; sample++)
        {
            yield return new Suspicion(GradientMistake.NotSummed, 0.95, $"The gradient of {name} is that of sample {sample} alone: it must be summed over all {batch} samples, because all of them use it.", shares[sample]);
        }

        // Of two samples the rest is the other one alone.
        foreach (int left in batch > 2 ? new[] { 0, batch - 1 } : [])
        {
            double[] rest = [.. e.Right[argument].Zip(shares[left], (all, share) => all - share)];
            yield return new Suspicion(GradientMistake.OffByOne, 0.94, $"Off by one: the {(left == 0 ? "first" : "last")} sample is left out of the gradient of {name}; look at the bounds of the loop over the batch.", rest);
        }

        int width = e.Output.Length / batch;
        double[] OfSample(Func<int, int> source) => [.. e.Upstream.Select((_, o) => source(o / width) is >= 0 and var other && other < batch ? e.Upstream[(other * width) + (o % width)] : 0)];
        foreach (int by in new[] { 1, -1 })
        {
            string evidence = $"Off by one: in the gradient of {name} each sample meets the gradient from above of the {(by == 1 ? "next" : "previous")} sample.";
            yield return new Suspicion(GradientMistake.OffByOne, 0.94, evidence, e.Predict(argument, OfSample(i => i + by)));
            yield return new Suspicion(GradientMistake.OffByOne, 0.94, evidence, e.Predict(argument, OfSample(i => (i + by + batch) % batch)));
        }

        double[] total = new double[e.Upstream.Length];
        for (int o = 0; o < total.Length; o++)
        {
            total[o % width] += e.Upstream[o];
        }

        yield return new Suspicion(GradientMistake.RightForOneSampleOnly, 0.94, $"The gradient of {name} uses the first sample's values for every sample: the index of the sample is missing.", e.Predict(argument, total));
        yield return new Suspicion(GradientMistake.NotSummed, 0.9, $"The gradients of the samples are not summed for {name}: each entry holds the share of one sample, as if every sample overwrote the one before.", OneShare(e.Claims[argument], [.. shares, e.Right[argument]]));
    }

    /// <summary>For each entry the share that is nearest to the claim: of one sample, or of all.</summary>
    private static double[] OneShare(double[] claim, double[][] shares) =>
        [.. claim.Select((value, i) => shares.Select(share => share[i]).Where(share => share != 0).DefaultIfEmpty(0).MinBy(share => Math.Abs(share - value)))];
}
