using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>The check of gradients that are already there.</summary>
internal static class ClaimCheck
{
    /// <summary>Of a loss that is a function of the tensors, and nothing more is known.</summary>
    public static GradientCheckReport Run<T>(Func<T> loss, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require(tensors);
        double Loss() => double.CreateTruncating(loss());
        Subject<T> subject = Subject(tensors, Loss, Math.Abs(Loss()), null, null);
        return new ReportBuilder<T>("the function", options) { Subject = subject, Entries = Comparison.Run(subject, options) }.Build();
    }

    /// <summary>Of a network under a loss: its layers are known, which helps to find the mistake.</summary>
    public static GradientCheckReport Run<T>(Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, IReadOnlyList<CheckedTensor<T>> tensors, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Require(tensors);
        using var state = new CheckedState<T>(network, input, target);
        var layers = new LayerSubject<T>(network, loss, input, target, options.Seed);
        Subject<T> subject = Subject(tensors, layers.Loss, Math.Abs(layers.Loss()), layers.ShakenLoss, layers.Branches);
        return new ReportBuilder<T>($"{network} under {loss}", options)
        {
            Subject = subject,
            Entries = Comparison.Run(subject, options),
            BatchSize = (int)input.Lengths[0],
            OutputCount = (int)(network.Forward(input).FlattenedLength / input.Lengths[0]),
            Network = CheckedNetwork.Of(network, loss, input, target),
        }.Build();
    }

    private static Subject<T> Subject<T>(IReadOnlyList<CheckedTensor<T>> tensors, Func<double> loss, double scale, Func<NumPyRandom, double>? shakenLoss, BranchMap<T>? branches)
        where T : unmanaged, IFloatingPointIeee754<T> => new()
        {
            Names = [.. tensors.Select(tensor => tensor.Name)],
            Values = [.. tensors.Select(tensor => tensor.Value)],
            Claims = [.. tensors.Select(tensor => tensor.Gradient.AsSpan().ToArray().Select(double.CreateTruncating).ToArray())],
            Loss = loss,
            LossScale = scale,
            ShakenLoss = shakenLoss,
            Branches = branches,
        };

    private static void Require<T>(IReadOnlyList<CheckedTensor<T>> tensors)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (tensors.Count == 0)
        {
            throw new ArgumentException("There is nothing to check: expected at least one tensor.", nameof(tensors));
        }

        foreach (CheckedTensor<T> tensor in tensors)
        {
            if (tensors.Count(other => other.Name == tensor.Name) > 1)
            {
                throw new ArgumentException($"'{tensor.Name}' is there twice: expected one gradient for each tensor.", nameof(tensors));
            }

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
    }
}
