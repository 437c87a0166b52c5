using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>Compares the claims of a subject with central differences, entry by entry.</summary>
internal static class Comparison
{
    /// <summary>The entries that were checked, one list for each tensor.</summary>
    /// <param name="subject">Whose claims are checked.</param>
    /// <param name="options">Step, tolerance, sampling and seed.</param>
    /// <param name="tensors">How many of the subject's tensors are checked, the first ones.</param>
    public static IReadOnlyList<CheckedEntry>[] Run<T>(Subject<T> subject, GradientCheckOptions options, int tensors = int.MaxValue)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[][] drawn = [.. subject.Values.Take(tensors).Select(value => Draw(value.Lengths, options))];
        EntryJudge judge = Judges.For<T>(options, subject.LossNoise(options.Seed));
        var claimNoise = new ClaimNoise<T>(subject, drawn, options.Seed);
        return [.. drawn.Select((entries, tensor) => entries.Select((entry, i) => Entry(subject, tensor, entry, judge, () => claimNoise.At(tensor, i))).ToArray())];
    }

    /// <summary>Checks one entry.</summary>
    public static CheckedEntry Entry<T>(Subject<T> subject, int tensor, int entry, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int[][] drawn = [.. subject.Values.Select((_, i) => i == tensor ? new[] { entry } : [])];
        return Entry(subject, tensor, entry, Judges.For<T>(options, subject.LossNoise(options.Seed)), () => new ClaimNoise<T>(subject, drawn, options.Seed).At(tensor, 0));
    }

    private static CheckedEntry Entry<T>(Subject<T> subject, int tensor, int entry, EntryJudge judge, Func<double> claimNoise)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> value = subject.Values[tensor];
        double[] magnitudes = subject.Magnitudes;
        double claim = subject.Claims[tensor][entry];
        var line = new EntryLine<T>(subject.Loss, value, entry);
        Judgement judgement = judge.Judge(
            line,
            claim,
            subject.Gradients is null ? null : () => subject.Gradients()[tensor][entry],
            Magnitude.Of(double.CreateTruncating(value.AsSpan()[entry]), magnitudes[tensor], magnitudes.Where(magnitude => magnitude > 0).DefaultIfEmpty(1).Min()),
            claimNoise,
            subject.Branches is null ? null : step => UnitsOnCorners(subject, line, step),
            subject.Branches?.IsComplete ?? false);
        return new CheckedEntry
        {
            Parameter = subject.Names[tensor],
            Index = Unravel(entry, value.Lengths),
            Analytic = claim,
            Numeric = judgement.Numeric,
            Step = judgement.Step,
            Resolution = judgement.Resolution,
            Verdict = judgement.Verdict,
            Units = judgement.Units,
        };
    }

    /// <summary>The units that are on another piece at θ + h than at θ − h.</summary>
    private static IReadOnlyList<KinkUnit> UnitsOnCorners<T>(Subject<T> subject, LossLine line, double step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        subject.Branches!.Changed(line.At(-step, subject.ReadBranches), line.At(step, subject.ReadBranches));

    /// <summary>The entries to check, in their order. Where not all are, those come first whose row or last index has not had its turn.</summary>
    public static int[] Draw(ReadOnlySpan<nint> shape, GradientCheckOptions options)
    {
        int length = (int)TensorPrimitives.Product(shape);
        int[] all = [.. Enumerable.Range(0, length)];
        if (options.Samples >= length)
        {
            return all;
        }

        new NumPyRandom(options.Seed).Shuffle(all.AsSpan());
        int columns = (int)shape[^1];
        int block = length / (int)shape[0];
        var rows = new HashSet<int>();
        var places = new HashSet<int>();
        int[] drawn = [.. all.OrderBy(i => rows.Add(i / block) | places.Add(i % columns) ? 0 : 1).Take(options.Samples)];
        Array.Sort(drawn);
        return drawn;
    }

    /// <summary>Where in a tensor an entry stands.</summary>
    public static int[] Unravel(int entry, ReadOnlySpan<nint> lengths)
    {
        int[] index = new int[lengths.Length];
        for (int d = lengths.Length - 1; d >= 0; d--)
        {
            (entry, index[d]) = Math.DivRem(entry, (int)lengths[d]);
        }

        return index;
    }
}
