using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Random;

namespace ChainRule.Tests.Verification;

/// <summary>A mistake of <see cref="FaultyLayer{T}"/> that the values of one backward pass need not show.</summary>
public enum Fault
{
    None,
    ForwardAtRandom,
    BackwardAtRandom,
    UpstreamIgnored,
    UpstreamSquared,
    OnlyTheSignOfUpstream,
    UpstreamWithoutSign,
    SomethingAdded,
    InputChangedByForward,
    InputChangedByBackward,
    ParameterChangedByForward,
    UpstreamChanged,
    FirstBatchKept,
    RowsOfALargerBatch,
    LastGradientOfTheInputAdded,
    GradientOverwritten,
    GradientNeverForgotten,
    GradientWrittenPastTheCounter,
    ParameterNeverReached,
    OutputNotFinite,
    GradientNotFinite,
    WrongShape,
    StartRemembered,
    BatchOfOneOnly,
}

/// <summary>a = s·x² with a factor s for each feature, so that ∂a/∂x = 2s·x and ∂L/∂s = Σ ∂L/∂a·x² — and one mistake in it.</summary>
public sealed class FaultyLayer<T> : Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Fault fault;
    private readonly Parameter<T> factor;
    private readonly T[] start;
    private Tensor<T> x = Tensor<T>.Empty;
    private Tensor<T> last = Tensor<T>.Empty;
    private T[] kept = [];
    private readonly NumPyRandom random = new(1);

    public FaultyLayer(Fault fault, int features)
    {
        this.fault = fault;
        start = [.. Enumerable.Range(0, features).Select(j => T.CreateChecked(1 + (0.25 * j)))];
        factor = new Parameter<T>("factor", Tensor.Create([.. start]));
    }

    public override IReadOnlyList<Parameter<T>> Parameters => [factor];

    public override Tensor<T> Forward(Tensor<T> input)
    {
        x = input;
        if (kept.Length == 0 || (fault != Fault.FirstBatchKept && !(fault == Fault.RowsOfALargerBatch && kept.Length > input.FlattenedLength)))
        {
            kept = input.AsSpan().ToArray();
        }

        Span<T> s = factor.Value.AsSpan();
        var output = Tensor.CreateFromShape<T>(input.Lengths);
        for (int i = 0; i < input.FlattenedLength; i++)
        {
            output.AsSpan()[i] = s[i % s.Length] * input.AsSpan()[i] * input.AsSpan()[i];
        }

        switch (fault)
        {
            case Fault.ForwardAtRandom:
                output.AsSpan()[0] += T.CreateChecked(1e-3 * random.Randn());
                break;
            case Fault.InputChangedByForward:
                input.AsSpan()[1] = T.Zero;
                break;
            case Fault.ParameterChangedByForward:
                s[0] *= T.CreateChecked(0.5);
                break;
            case Fault.OutputNotFinite:
                output.AsSpan()[0] = T.NaN;
                break;
        }

        return output;
    }

    public override Tensor<T> Backward(Tensor<T> outputGradient)
    {
        T[] g = [.. outputGradient.AsSpan().ToArray().Select(value => fault switch
        {
            Fault.UpstreamIgnored => T.One,
            Fault.UpstreamSquared => value * value,
            Fault.OnlyTheSignOfUpstream => value == T.Zero ? T.Zero : T.CopySign(T.One, value),
            Fault.UpstreamWithoutSign => T.Abs(value),
            Fault.SomethingAdded => value + T.One,
            _ => value,
        })];
        Span<T> s = fault == Fault.StartRemembered ? start : factor.Value.AsSpan();
        Span<T> ds = fault switch
        {
            Fault.GradientNeverForgotten or Fault.GradientWrittenPastTheCounter => factor.Gradient.AsSpan(),
            Fault.ParameterNeverReached => new T[s.Length],
            _ => factor.AccumulateGradient(),
        };
        if (fault == Fault.GradientNeverForgotten)
        {
            T[] before = factor.Gradient.AsSpan().ToArray();
            factor.AccumulateGradient();
            before.CopyTo(factor.Gradient.AsSpan());
        }
        else if (fault is Fault.GradientOverwritten or Fault.GradientWrittenPastTheCounter)
        {
            ds.Clear();
        }

        var dx = Tensor.CreateFromShape<T>(x.Lengths);
        for (int i = 0; i < x.FlattenedLength; i++)
        {
            T value = fault is Fault.FirstBatchKept or Fault.RowsOfALargerBatch ? kept[kept.Length - (int)x.FlattenedLength + i] : x.AsSpan()[i];
            dx.AsSpan()[i] = g[i] * (s[i % s.Length] + s[i % s.Length]) * value;
            ds[i % s.Length] += g[fault == Fault.BatchOfOneOnly ? i % s.Length : i] * value * value;
        }

        switch (fault)
        {
            case Fault.BackwardAtRandom:
                dx.AsSpan()[0] *= T.CreateChecked(1 + (1e-3 * random.Randn()));
                break;
            case Fault.InputChangedByBackward:
                x.AsSpan()[1] = T.Zero;
                break;
            case Fault.UpstreamChanged:
                outputGradient.AsSpan()[0] = T.Zero;
                break;
            case Fault.LastGradientOfTheInputAdded:
                if (last.FlattenedLength == dx.FlattenedLength)
                {
                    TensorPrimitives.Add(dx.AsSpan(), last.AsSpan(), dx.AsSpan());
                }

                last = dx;
                break;
            case Fault.GradientNotFinite:
                ds[0] /= T.Zero;
                break;
            case Fault.WrongShape:
                return Tensor.Create(dx.AsSpan().ToArray(), [x.FlattenedLength, 1]);
        }

        return dx;
    }
}
