using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Verification;

/// <summary>Looks for mistakes of a loss that its values do not show: as <see cref="LayerProbe{T}"/> does for layers.</summary>
internal static class LossProbe
{
    // As in LayerProbe: another batch that is like the first.
    private const double Nearer = 0.75;

    /// <summary>Runs all probes.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">Predictions.</param>
    /// <param name="target">Their targets.</param>
    /// <param name="options">The seed.</param>
    public static IReadOnlyList<ProbeFinding> Run<T>(Loss<T> loss, Tensor<T> prediction, Tensor<T> target, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var findings = new List<ProbeFinding>();
        string place = loss.ToString();
        void Found(GradientMistake mistake, string evidence) => findings.Add(new ProbeFinding(mistake, place, evidence));
        Tensor<T> p = Tensor.Create(prediction.AsSpan().ToArray(), prediction.Lengths);
        Tensor<T> y = Tensor.Create(target.AsSpan().ToArray(), target.Lengths);
        var before = new Bits<T>([("the predictions", p), ("the targets", y)]);
        T value = loss.Forward(p, y);
        T[] gradient = [.. loss.Backward()];
        string[] changed = [.. before.Changed()];
        if (changed.Length > 0)
        {
            Found(GradientMistake.ValuesChanged, $"The loss changes {string.Join(" and ", changed)}: it must leave what it reads as it is.");
            before.Restore();
        }

        if (!T.IsFinite(value))
        {
            Found(GradientMistake.NotFinite, $"The loss itself is {value}.");
            return findings;
        }

        int broken = gradient.Count(entry => !T.IsFinite(entry));
        if (broken > 0)
        {
            Found(GradientMistake.NotFinite, $"{broken} of {gradient.Length} entries of the gradient are NaN or infinite, and the loss is finite. A division by 0, the logarithm of 0 or an exponential that overflows.");
            return findings;
        }

        T again = loss.Forward(p, y);
        if (!Bits<T>.Same([value], [again]) || !Bits<T>.Same(gradient, loss.Backward().AsSpan()))
        {
            Found(GradientMistake.NonDeterministic, "Two runs on the same predictions give other bits.");
        }
        else if (!Bits<T>.Same(gradient, loss.Backward().AsSpan()))
        {
            Found(GradientMistake.WrongAccumulation, "A second backward pass gives another gradient than the first: the gradient of the predictions must not add up.");
        }
        else if (IsRight(loss, p, y, options) && !IsRight(loss, Other(p), Reversed(y), options))
        {
            Found(GradientMistake.StaleCache, "The gradient of a batch is wrong after another batch: the backward pass uses values that an earlier forward pass left.");
        }

        return findings;
    }

    private static bool IsRight<T>(Loss<T> loss, Tensor<T> p, Tensor<T> y, GradientCheckOptions options)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        DirectionCheck.IsRight(LossCheck.Subject(loss, p, y), options);

    private static Tensor<T> Other<T>(Tensor<T> p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> other = Reversed(p);
        TensorPrimitives.Multiply(other.AsSpan(), T.CreateTruncating(Nearer), other.AsSpan());
        return other;
    }

    private static Tensor<T> Reversed<T>(Tensor<T> tensor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int samples = (int)tensor.Lengths[0];
        return Tensor.Create([.. tensor.AsSpan().ToArray().Chunk((int)tensor.FlattenedLength / samples).Reverse().SelectMany(sample => sample)], tensor.Lengths);
    }
}
