using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>The check of a loss alone.</summary>
internal static class LossCheck
{
    public static GradientCheckReport Run<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var before = new Bits<T>([("the predictions", prediction), ("the targets", target)]);
        try
        {
            return InBothPrecisions(loss, prediction, target, options);
        }
        finally
        {
            before.Restore();
        }
    }

    private static GradientCheckReport InBothPrecisions<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return Check(loss, prediction, target, options, null);
        }

        if (PrecisionCopy.Of<T, double>(loss) is not { } wide)
        {
            return Check(loss, prediction, target, options, $"Only float was checked: {loss} is no loss of the library, so that there is no copy of it in double.");
        }

        GradientCheckReport report = Check(wide, PrecisionCopy.Of<T, double>(prediction), PrecisionCopy.Of<T, double>(target), options, null);
        Subject<T> subject = Subject(loss, prediction, target);
        Subject<double> copy = Subject(wide, PrecisionCopy.Of<T, double>(prediction), PrecisionCopy.Of<T, double>(target));
        IReadOnlyList<KinkUnit> elsewhere = subject.Branches!.Changed(subject.Branches.Read(), copy.Branches!.Read());
        return report.With(SinglePrecision.Check(subject, report, elsewhere, Probes(loss, prediction, target, options), options));
    }

    private static GradientCheckReport Check<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions options, string? note)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Subject<T> subject = Subject(loss, prediction, target);
        IReadOnlyList<ProbeFinding> findings = Probes(loss, prediction, target, options);
        return new ReportBuilder<T>(loss.ToString(), options)
        {
            Subject = subject,
            Entries = Comparison.Run(subject, options),
            Findings = findings,
            BatchSize = (int)prediction.Lengths[0],
            Notes = [.. note is null ? [] : new[] { note }, .. Bounds(loss, prediction, target)],
        }.Build();
    }

    /// <summary>What is to be said of a loss that bounds its gradient at some of the predictions.</summary>
    public static string[] Bounds<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        loss.Forward(prediction, target);
        return loss.BoundCount is > 0 and var bounds
            ? [$"{loss} bounds its gradient at {bounds} of {prediction.FlattenedLength} predictions: there it is not the derivative of what the loss computes. The derivative was checked in its place."]
            : [];
    }

    /// <summary>A loss and its predictions as the subject of a check.</summary>
    public static Subject<T> Subject<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double Loss() => double.CreateTruncating(loss.Forward(prediction, target));
        double[][] Gradients()
        {
            Loss();
            return [[.. loss.Derivative().AsSpan().ToArray().Select(double.CreateTruncating)]];
        }

        double ShakenLoss(NumPyRandom random) => ShakenPass<T>.LossOf(loss, prediction, target, random);
        double[][] ShakenGradients(NumPyRandom random)
        {
            ShakenLoss(random);
            return [[.. loss.Derivative().AsSpan().ToArray().Select(double.CreateTruncating)]];
        }

        return new Subject<T>
        {
            Names = ["prediction"],
            Values = [prediction],
            Loss = Loss,
            LossScale = Math.Abs(Loss()),
            Additions = target.FlattenedLength,
            Claims = Gradients(),
            Gradients = Gradients,
            ShakenLoss = ShakenLoss,
            ShakenGradients = ShakenGradients,
            Branches = new BranchMap<T>(null, loss, (int)prediction.Lengths[0]),
        };
    }

    private static IReadOnlyList<ProbeFinding> Probes<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        LossProbe.Run(loss, prediction, target, options);
}
