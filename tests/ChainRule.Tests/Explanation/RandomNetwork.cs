using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Kernels;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;

namespace ChainRule.Tests.Explanation;

/// <summary>A network, a loss and a batch that a seed draws.</summary>
internal sealed record RandomNetwork<T>(Sequential<T> Network, Loss<T> Loss, Tensor<T> Inputs, Tensor<T> Targets)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Up to three hidden layers of up to six units, any activation, any loss, any place for layers that the explainer does not know.</summary>
    public static RandomNetwork<T> Create(uint seed)
    {
        var random = new NumPyRandom(seed);
        int Draw(int below) => (int)random.RandInt(0, below);
        int width = 1 + Draw(4);
        int batch = 1 + Draw(5);
        nint[] rows = Draw(4) == 0 ? [batch, 2] : [batch]; // a sequence now and then
        Tensor<T> inputs = Convert(random.Randn([.. rows, width]));
        var layers = new List<Layer<T>>();
        for (int hidden = Draw(4); hidden > 0; hidden--)
        {
            int units = 1 + Draw(6);
            layers.Add(new Linear<T>(width, units, random, bias: Initializer.PyTorchDefault, hasBias: Draw(4) > 0));
            width = units;
            if (Draw(4) == 0)
            {
                layers.Add(new CenteredScale<T>(units, random));
            }
            else if (Draw(4) == 0)
            {
                layers.Add(Normalization(rows.Length > 1 ? (int)rows[1] : units, random));
            }

            layers.Add(Activation(Draw(12), random));
            if (Draw(5) == 0)
            {
                layers.Add(rows.Length > 1 ? new Dropout<T>(0.5, random) : new Sequential<T>(new Flatten<T>(), new Dropout<T>(0.5, random)));
            }
        }

        int classes = 1 + Draw(3);
        layers.Add(new Linear<T>(width, classes, random, bias: Initializer.PyTorchDefault));
        nint[] shape = [.. rows, classes];
        Tensor<double> probabilities = random.Rand(shape);
        (Loss<T> loss, Layer<T>? last, Tensor<double> targets) = Draw(8) switch
        {
            0 => (new MeanSquaredError<T>(), null, random.Randn(shape)),
            1 => (new MeanSquaredError<T>(), new Softmax<T>(), probabilities),
            2 => (new BinaryCrossEntropy<T>(), new Sigmoid<T>(), probabilities),
            3 => (new BinaryCrossEntropyWithLogits<T>(), null, probabilities),
            4 => ((Loss<T>)new SoftmaxCrossEntropy<T>(), (Layer<T>?)null, probabilities),
            5 => (new SoftmaxCrossEntropy<T>(0.1), null, probabilities),
            6 => (new SoftmaxCrossEntropy<T>(0.2, [.. Enumerable.Range(1, classes).Select(weight => (double)weight)]), null, Classes()),
            _ => (new SoftmaxCrossEntropy<T>(), null, Classes()),
        };
        Tensor<double> Classes() => Tensor.Create([.. Enumerable.Range(0, (int)TensorPrimitives.Product<nint>(rows)).Select(_ => (double)Draw(classes))], rows);
        if (last is not null)
        {
            layers.Add(last);
        }

        return new RandomNetwork<T>(new Sequential<T>([.. layers]) { IsTraining = false }, loss, inputs, Convert(targets));
    }

    public override string ToString() => $"{Network}, {Loss}, input {Shape.Describe(Inputs.Lengths)}";

    private static Layer<T> Activation(int number, NumPyRandom random) => number switch
    {
        0 => new ReLU<T>(),
        1 => new LeakyReLU<T>(0.1),
        2 => new Sigmoid<T>(),
        3 => new Tanh<T>(),
        4 => new Softplus<T>(),
        5 => new Silu<T>(),
        6 => new Gelu<T>(),
        7 => new Gelu<T>(GeluForm.Tanh),
        8 => new Softmax<T>(),
        9 => new Elu<T>(0.7),
        10 => new Hardtanh<T>(-0.5, 1),
        _ => new Dropout<T>(0.3, random),
    };

    /// <summary>Batch normalisation that has seen batches.</summary>
    private static BatchNorm1d<T> Normalization(int channels, NumPyRandom random)
    {
        var layer = new BatchNorm1d<T>(channels);
        foreach ((Tensor<T> tensor, Tensor<double> drawn) in new[]
        {
            (layer.Weight!.Value, random.Randn(channels)), (layer.Bias!.Value, random.Randn(channels)),
            (layer.RunningMean!.Value, random.Randn(channels)), (layer.RunningVariance!.Value, random.Rand(channels)),
        })
        {
            Convert(drawn).AsSpan().CopyTo(tensor.AsSpan());
        }

        TensorPrimitives.Add(layer.RunningVariance.Value.AsSpan(), T.CreateTruncating(0.5), layer.RunningVariance.Value.AsSpan()); // no channel that never varies

        return layer;
    }

    private static Tensor<T> Convert(Tensor<double> tensor) => Tensor.ConvertTruncating<double, T>(tensor);
}

/// <summary>A layer that the explainer does not know, and in which samples see each other: a = γ ∘ (x − mean of x over the batch).</summary>
internal sealed class CenteredScale<T> : BufferedLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Parameter<T> gamma;

    public CenteredScale(int width, NumPyRandom random)
    {
        gamma = new Parameter<T>("gamma", Tensor.ConvertTruncating<double, T>(random.Randn(width)));
    }

    public override IReadOnlyList<Parameter<T>> Parameters => [gamma];

    protected override void Forward(ReadOnlySpan<T> input, Span<T> output)
    {
        int width = (int)InputShape[^1];
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = gamma.Value[i % width] * (input[i] - Mean(input, width, i % width));
        }
    }

    protected override void Backward(ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        int width = (int)InputShape[^1];
        Span<T> gradient = gamma.AccumulateGradient();
        for (int i = 0; i < inputGradient.Length; i++)
        {
            gradient[i % width] += outputGradient[i] * (Input[i] - Mean(Input, width, i % width));
            inputGradient[i] = gamma.Value[i % width] * (outputGradient[i] - Mean(outputGradient, width, i % width));
        }
    }

    private static T Mean(ReadOnlySpan<T> values, int width, int column)
    {
        T sum = T.Zero;
        for (int i = column; i < values.Length; i += width)
        {
            sum += values[i];
        }

        return sum / T.CreateChecked(values.Length / width);
    }
}
