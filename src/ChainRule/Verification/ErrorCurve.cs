using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule.Verification;

/// <summary>
/// The V-curve: how far the central difference of one entry is from its derivative, for steps from 1 down to 10⁻¹², in double and in
/// float. Large steps see the curve of the loss, small ones rounding; in between lies the step of a gradient check.
/// </summary>
public sealed record ErrorCurve
{
    private const int Decades = 12;
    private const int StepsInADecade = 4;

    /// <summary>The parameter, or <c>input</c>.</summary>
    public required string Parameter { get; init; }

    /// <summary>The entry.</summary>
    public required IReadOnlyList<int> Index { get; init; }

    /// <summary>∂L/∂θ as the backward pass gives it, in double where the network can be copied.</summary>
    public required double Derivative { get; init; }

    /// <summary>The curve in double; empty for a float network with layers that are not the library's.</summary>
    public required IReadOnlyList<StepError> InDouble { get; init; }

    /// <summary>The curve in float; empty for a double network with layers that are not the library's.</summary>
    public required IReadOnlyList<StepError> InSingle { get; init; }

    /// <summary>Measures both curves.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="network">The network. Values come back bit for bit; gradients that had been added up are given up.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="input">A batch.</param>
    /// <param name="target">Its targets.</param>
    /// <param name="parameter">The name of a parameter, e.g. <c>layer1.weight</c>, or <c>input</c>.</param>
    /// <param name="index">The entry.</param>
    /// <exception cref="ArgumentException">There is no such parameter or entry, or a shape does not fit.</exception>
    public static ErrorCurve Measure<T>(Layer<T> network, Loss<T> loss, Tensor<T> input, Tensor<T> target, string parameter, ReadOnlySpan<int> index)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        using var state = new CheckedState<T>(network, input, target);
        network.Forward(input); // draws what is drawn at random, so that both precisions have the same
        int[] place = index.ToArray();
        (double Slope, IReadOnlyList<StepError> Curve)? wide = InPrecision<T, double>(network, loss, input, target, parameter, place, null);
        (double Slope, IReadOnlyList<StepError> Curve)? narrow = InPrecision<T, float>(network, loss, input, target, parameter, place, wide?.Slope);
        return new ErrorCurve
        {
            Parameter = parameter,
            Index = place,
            Derivative = wide?.Slope ?? narrow!.Value.Slope,
            InDouble = wide?.Curve ?? [],
            InSingle = narrow?.Curve ?? [],
        };
    }

    private static (double Slope, IReadOnlyList<StepError> Curve)? InPrecision<TFrom, TTo>(
        Layer<TFrom> network, Loss<TFrom> loss, Tensor<TFrom> input, Tensor<TFrom> target, string parameter, int[] index, double? slope)
        where TFrom : unmanaged, IFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IFloatingPointIeee754<TTo>
    {
        bool isSame = typeof(TFrom) == typeof(TTo);
        Layer<TTo>? copy = isSame ? (Layer<TTo>)(object)network : PrecisionCopy.Of<TFrom, TTo>(network);
        Loss<TTo>? lossCopy = isSame ? (Loss<TTo>)(object)loss : PrecisionCopy.Of<TFrom, TTo>(loss);
        if (copy is null || lossCopy is null)
        {
            return null;
        }

        var subject = new LayerSubject<TTo>(copy, lossCopy, PrecisionCopy.Of<TFrom, TTo>(input), PrecisionCopy.Of<TFrom, TTo>(target), 0);
        (int tensor, int entry) = subject.Find(parameter, index);
        double right = slope ?? subject.Gradients()[tensor][entry];
        return (right, Curve(new EntryLine<TTo>(subject.Loss, subject.Values[tensor], entry), right));
    }

    private static StepError[] Curve(LossLine line, double slope) =>
    [
        .. Enumerable.Range(0, (Decades * StepsInADecade) + 1).Select(i =>
        {
            double step = Math.Pow(10, -(double)i / StepsInADecade);
            (double right, double above) = line.At(step);
            (double left, double below) = line.At(-step);
            double error = right == left ? Math.Abs(slope) : Math.Abs(((above - below) / (right - left)) - slope); // no move at all: no slope
            return new StepError(step, slope == 0 ? error : error / Math.Abs(slope));
        }),
    ];
}

/// <summary>One point of a <see cref="ErrorCurve"/>.</summary>
/// <param name="Step">h.</param>
/// <param name="Error">The relative error of the central difference; the absolute one where the derivative is 0. Not a number where the loss is not defined so far away.</param>
public sealed record StepError(double Step, double Error);
