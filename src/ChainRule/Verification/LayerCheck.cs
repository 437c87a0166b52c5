using System.Numerics;
using System.Numerics.Tensors;

namespace ChainRule.Verification;

/// <summary>The check of a network under a loss, or of a layer alone.</summary>
internal static class LayerCheck
{
    public static GradientCheckReport Run<T>(Layer<T> layer, Loss<T>? loss, Tensor<T> input, Tensor<T>? target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            return Check(layer, loss, input, target, options, null);
        }

        using var state = new CheckedState<T>(layer, Batch(input, target));
        layer.Forward(input); // draws what is drawn at random, so that the copy has the same
        state.Restore();
        Layer<double>? wide = PrecisionCopy.Of<T, double>(layer);
        Loss<double>? wideLoss = PrecisionCopy.Of<T, double>(loss);
        if (wide is null || (loss is not null && wideLoss is null))
        {
            string foreign = wide is null ? $"{layer} has layers that are not the library's" : $"{loss} is no loss of the library";
            return Check(layer, loss, input, target, options, $"Only float was checked: {foreign}, so that there is no copy in double.");
        }

        Tensor<double> wideInput = PrecisionCopy.Of<T, double>(input);
        Tensor<double>? wideTarget = target is null ? null : PrecisionCopy.Of<T, double>(target);
        GradientCheckReport report = Check(wide, wideLoss, wideInput, wideTarget, options, null);
        IReadOnlyList<ProbeFinding> findings = Probes(layer, loss, input, target, options);
        Subject<T> subject = new LayerSubject<T>(layer, loss, input, target, options.Seed).Create();
        Subject<double> copy = new LayerSubject<double>(wide, wideLoss, wideInput, wideTarget, options.Seed).Create();
        return report.With(SinglePrecision.Check(subject, report, subject.Branches!.Changed(subject.Branches.Read(), copy.Branches!.Read()), findings, options));
    }

    private static GradientCheckReport Check<T>(Layer<T> layer, Loss<T>? loss, Tensor<T> input, Tensor<T>? target, GradientCheckOptions options, string? note)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var state = new CheckedState<T>(layer, Batch(input, target));
        List<ProbeFinding> findings = Probes(layer, loss, input, target, options);
        bool isComparable = findings.All(finding => finding.Mistake != GradientMistake.WrongShape);
        Subject<T>? subject = isComparable ? new LayerSubject<T>(layer, loss, input, target, options.Seed).Create() : null;
        if (layer is FunctionLayer<T> { WrongShapes.Count: > 0 } function)
        {
            findings.RemoveAll(finding => function.WrongShapes.ContainsKey(finding.Place)); // not a number stands for what could not be read
            findings.AddRange(function.WrongShapes.Select(wrong => new ProbeFinding(GradientMistake.WrongShape, wrong.Key, wrong.Value)));
        }

        bool isFunction = layer is FunctionLayer<T>;
        return new ReportBuilder<T>(loss is null ? layer.ToString() : $"{layer} under {loss}", options)
        {
            Subject = subject,
            Entries = subject is null ? [] : Comparison.Run(subject, options),
            Findings = findings,
            BatchSize = isFunction ? null : (int)input.Lengths[0],
            OutputCount = (int)(layer.Forward(input).FlattenedLength / input.Lengths[0]),
            Network = isFunction ? null : CheckedNetwork.Of(layer, loss, input, target),
            Notes = [.. note is null ? [] : new[] { note }, .. isFunction || layer.HasInputGradient ? [] : new[] { "The input has no gradient and was not checked." }, .. subject is null || loss is null ? [] : LossCheck.Bounds(loss, layer.Forward(input), target!)],
        }.Build();
    }

    private static List<ProbeFinding> Probes<T>(Layer<T> layer, Loss<T>? loss, Tensor<T> input, Tensor<T>? target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<ProbeFinding> findings = [.. Leaves.Of(layer, input).SelectMany(leaf => new LayerProbe<T>(leaf.Layer, leaf.Input, options).Run())];
        if (loss is not null)
        {
            findings.AddRange(LossProbe.Run(loss, layer.Forward(input), target!, options));
        }

        return findings;
    }

    private static Tensor<T>[] Batch<T>(Tensor<T> input, Tensor<T>? target) => target is null ? [input] : [input, target];
}
