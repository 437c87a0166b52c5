using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.Tests.BugLab;

/// <summary>A network of the library's layers, all drawn at random: kind, shapes, activations, loss, precision, and the scale of the numbers.</summary>
internal abstract class RandomNetwork
{
    /// <summary>Draws a network.</summary>
    /// <param name="seed">The seed of everything; its remainders choose kind and precision, so that all have their turn.</param>
    public static RandomNetwork Draw(uint seed) => seed % 2 == 0 ? new Drawn<double>(seed) : new Drawn<float>(seed);

    /// <summary>Checks it.</summary>
    public abstract GradientCheckReport Check();

    private sealed class Drawn<T> : RandomNetwork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly uint seed;
        private readonly NumPyRandom random;
        private readonly double scale;
        private readonly int batch;
        private readonly Sequential<T> network;
        private readonly Loss<T> loss;
        private readonly Tensor<T> input;
        private readonly Tensor<T> target;

        public Drawn(uint seed)
        {
            this.seed = seed;
            random = new NumPyRandom(seed);
            scale = Math.Pow(10, UpTo(-6, 6));
            batch = UpTo(1, 5);
            List<Layer<T>> layers = [];
            (input, int width) = (seed / 2 % 6) switch
            {
                0 => Dense(layers),
                1 => Images(layers),
                2 => Normalised(layers),
                3 => Tokens(layers),
                4 => Recurrent(layers),
                _ => Branched(layers),
            };
            (loss, target) = Ending(layers, width);
            network = new Sequential<T>([.. layers]);
        }

        public override GradientCheckReport Check() => GradientCheck.Run(network, loss, input, target, new GradientCheckOptions { Samples = 25 });

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"network of seed {seed}, scale {scale:0E+0}, {typeof(T).Name}, batch {batch}, {network} with {loss}");

        private int UpTo(int from, int to) => (int)random.RandInt(from, to + 1);

        private bool Either() => UpTo(0, 1) == 0;

        private Tensor<T> Numbers(double factor, params ReadOnlySpan<int> shape)
        {
            int length = TensorPrimitives.Product(shape);
            return Tensor.Create([.. Enumerable.Range(0, length).Select(_ => T.CreateTruncating(factor * random.Randn()))], [.. Lengths(shape)]);
        }

        private static nint[] Lengths(ReadOnlySpan<int> shape)
        {
            nint[] lengths = new nint[shape.Length];
            for (int i = 0; i < shape.Length; i++)
            {
                lengths[i] = shape[i];
            }

            return lengths;
        }

        private Linear<T> Linear(int inputs, int outputs) =>
            new(inputs, outputs, random, bias: Either() ? Initializer.Zeros : Initializer.PyTorchDefault, hasBias: UpTo(0, 3) > 0);

        private Layer<T> Activation() => UpTo(0, 9) switch
        {
            0 => new ReLU<T>(),
            1 => new LeakyReLU<T>(0.1),
            2 => new Sigmoid<T>(),
            3 => new Tanh<T>(),
            4 => new Softplus<T>(),
            5 => new Silu<T>(),
            6 => new Gelu<T>(GeluForm.Exact),
            7 => new Gelu<T>(GeluForm.Tanh),
            8 => new Elu<T>(),
            _ => new Hardtanh<T>(),
        };

        /// <summary>Linear layers with activations and dropout.</summary>
        private (Tensor<T> Input, int Width) Dense(List<Layer<T>> layers)
        {
            int inputs = UpTo(1, 6);
            int width = inputs;
            for (int depth = UpTo(1, 3); depth > 0; depth--)
            {
                int next = UpTo(1, 7);
                layers.AddRange([Linear(width, next), Activation()]);
                if (UpTo(0, 3) == 0)
                {
                    layers.Add(new Dropout<T>(0.3, random));
                }

                width = next;
            }

            return (Numbers(scale, batch, inputs), width);
        }

        /// <summary>A convolution with all its options, normalised or not, and pooling.</summary>
        private (Tensor<T> Input, int Width) Images(List<Layer<T>> layers)
        {
            int groups = UpTo(1, 2);
            (int inputs, int outputs, int size) = (groups * UpTo(1, 2), groups * UpTo(1, 2), UpTo(5, 7));
            layers.Add(new Conv2d<T>(inputs, outputs, UpTo(1, 3), random, stride: UpTo(1, 2), padding: 1, dilation: UpTo(1, 2), groups: groups, bias: Initializer.PyTorchDefault, hasBias: Either()));
            if (Either())
            {
                layers.Add(new BatchNorm2d<T>(outputs));
            }

            layers.AddRange([Activation(), Either() ? new MaxPool2d<T>(2, stride: 1, padding: 1) : new AveragePool2d<T>(2, stride: 1, padding: 1, countsPadding: Either()), new Flatten<T>()]);
            Tensor<T> images = Numbers(scale, batch, inputs, size, size);
            return (images, (int)layers.Aggregate(images, (value, layer) => layer.Forward(value)).Lengths[1]);
        }

        /// <summary>A normalisation between linear layers.</summary>
        private (Tensor<T> Input, int Width) Normalised(List<Layer<T>> layers)
        {
            (int inputs, int width) = (UpTo(1, 5), UpTo(2, 6));
            layers.Add(Linear(inputs, width));
            layers.Add(UpTo(0, 2) switch
            {
                0 => new BatchNorm1d<T>(width, affine: Either()),
                1 => new LayerNorm<T>([width], affine: Either()),
                _ => new RmsNorm<T>([width], affine: Either()),
            });
            layers.Add(Activation());
            return (Numbers(scale, UpTo(3, 6), inputs), width);
        }

        /// <summary>Words, their places, attention around a shortcut, and a norm: a block of a transformer.</summary>
        private (Tensor<T> Input, int Width) Tokens(List<Layer<T>> layers)
        {
            (int entries, int time, int heads) = (UpTo(2, 6), UpTo(1, 4), UpTo(1, 2));
            int width = heads * UpTo(1, 3);
            layers.AddRange([
                new Embedding<T>(entries, width, random, Initializer.Normal(scale)),
                new PositionEmbedding<T>(time, width, random, Initializer.Normal(scale)),
                new Residual<T>(new MultiHeadAttention<T>(width, heads, random, isCausal: Either(), hasBias: Either())),
                Either() ? new LayerNorm<T>([width]) : new RmsNorm<T>([width]),
                new Flatten<T>(),
            ]);
            Tensor<T> words = Tensor.Create([.. Enumerable.Range(0, batch * time).Select(_ => T.CreateTruncating(random.RandInt(0, entries)))], [batch, time]);
            return (words, time * width);
        }

        /// <summary>A recurrent layer, of which the last state is read.</summary>
        private (Tensor<T> Input, int Width) Recurrent(List<Layer<T>> layers)
        {
            (int time, int inputs, int width) = (UpTo(1, 4), UpTo(1, 3), UpTo(1, 4));
            layers.Add(Either() ? new Lstm<T>(inputs, width, random, lastOnly: true, hasBias: Either()) : new Gru<T>(inputs, width, random, lastOnly: true, hasBias: Either()));
            return (Numbers(scale, batch, time, inputs), width);
        }

        /// <summary>Branches side by side, then a shortcut.</summary>
        private (Tensor<T> Input, int Width) Branched(List<Layer<T>> layers)
        {
            (int inputs, int left, int right) = (UpTo(1, 4), UpTo(1, 3), UpTo(1, 3));
            layers.Add(new Concatenate<T>(new Sequential<T>(Linear(inputs, left), Activation()), Linear(inputs, right)));
            layers.Add(new Residual<T>(Linear(left + right, left + right), Activation()));
            return (Numbers(scale, batch, inputs), left + right);
        }

        /// <summary>The last layer, what stands before the loss, the loss and its targets.</summary>
        private (Loss<T> Loss, Tensor<T> Target) Ending(List<Layer<T>> layers, int width)
        {
            (int rows, int outputs) = ((int)input.Lengths[0], UpTo(1, 4));
            layers.Add(new Linear<T>(width, outputs, random, bias: Initializer.PyTorchDefault));
            Tensor<T> Real(double factor) => Numbers(factor, rows, outputs);
            Tensor<T> Of(Func<int, double> value, params ReadOnlySpan<int> shape) =>
                Tensor.Create([.. Enumerable.Range(0, TensorPrimitives.Product(shape)).Select(i => T.CreateTruncating(value(i)))], [.. Lengths(shape)]);
            Tensor<T> Classes() => Of(_ => random.RandInt(0, outputs), rows);
            switch (UpTo(0, 9))
            {
                case 0:
                    return (new MeanSquaredError<T>(), Real(scale));
                case 1:
                    return (new MeanAbsoluteError<T>(), Real(scale));
                case 2:
                    return (new Huber<T>(scale), Real(scale));
                case 3:
                    return (new Hinge<T>(), Of(_ => Either() ? 1 : -1, rows, outputs));
                case 4:
                    return (new Hinge<T>(), Classes());
                case 5:
                    layers.Add(new Sigmoid<T>());
                    return (new BinaryCrossEntropy<T>(), Of(_ => random.Rand(), rows, outputs));
                case 6:
                    return (new BinaryCrossEntropyWithLogits<T>(), Of(_ => random.Rand(), rows, outputs));
                case 7:
                    layers.Add(new LogSoftmax<T>());
                    return (new KullbackLeibler<T>(), Of(_ => 1.0 / outputs, rows, outputs));
                case 8:
                    layers.Add(new Softmax<T>());
                    return (new MeanSquaredError<T>(), Of(_ => random.Rand(), rows, outputs));
                default:
                    return (new SoftmaxCrossEntropy<T>(Either() ? 0 : 0.1, Either() ? null : [.. Enumerable.Range(0, outputs).Select(_ => 0.5 + random.Rand())]), Classes());
            }
        }
    }
}
