using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using CsCheck;

namespace ChainRule.Tests.Verification;

/// <summary>A network, its loss and a batch; the scales are powers of ten.</summary>
internal sealed record NetworkCase(int Batch, int Inputs, int Hidden, int Outputs, int Activation, int LossKind, int InputScale, int WeightScale, int TargetScale, uint Seed)
{
    /// <summary>Any shape, activation and loss, and scales from a millionth to a million.</summary>
    public static Gen<NetworkCase> Any { get; } =
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 5], Gen.Int[1, 7], Gen.Int[1, 4], Gen.Int[0, 7], Gen.Int[0, 3], Gen.Select(Gen.Int[-6, 6], Gen.Int[-6, 6], Gen.Int[-6, 6], Gen.UInt))
            .Select((batch, inputs, hidden, outputs, activation, loss, rest) => new NetworkCase(batch, inputs, hidden, outputs, activation, loss, rest.Item1, rest.Item2, rest.Item3, rest.Item4))
            .Where(test => test.InputScale + (2 * test.WeightScale) <= 12); // more overflows when float squares it

    public (Sequential<T> Network, Loss<T> Loss, Tensor<T> X, Tensor<T> Y) Create<T>(Layer<T>? own = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new NumPyRandom(Seed);
        Layer<T> activation = own ?? Activation switch
        {
            0 => new ReLU<T>(),
            1 => new LeakyReLU<T>(0.1),
            2 => new Sigmoid<T>(),
            3 => new Tanh<T>(),
            4 => new Softplus<T>(),
            5 => new Silu<T>(),
            6 => new Gelu<T>(GeluForm.Exact),
            _ => new Softmax<T>(),
        };
        Layer<T>[] layers = [new Linear<T>(Inputs, Hidden, random), activation, new Linear<T>(Hidden, Outputs, random)];
        var network = new Sequential<T>(LossKind == 1 ? [.. layers, new Sigmoid<T>()] : layers);
        foreach (Parameter<T> parameter in network.Parameters)
        {
            Scale(parameter.Value, WeightScale);
        }

        Tensor<T> x = Tensor.ConvertTruncating<double, T>(random.Randn(Batch, Inputs));
        Scale(x, InputScale);
        Tensor<T> y = Tensor.ConvertTruncating<double, T>(random.Rand(Batch, Outputs));
        Loss<T> loss = LossKind switch
        {
            0 => new MeanSquaredError<T>(),
            1 => new MeanSquaredError<T>(),
            2 => new BinaryCrossEntropyWithLogits<T>(),
            _ => new SoftmaxCrossEntropy<T>(),
        };
        if (LossKind == 0)
        {
            Scale(y, TargetScale);
        }

        return (network, loss, x, y);
    }

    private static void Scale<T>(Tensor<T> tensor, int power)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (ref T value in tensor.AsSpan())
        {
            value *= T.CreateTruncating(Math.Pow(10, power));
        }
    }
}
