using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in a backward pass that was written by hand for a network of two layers, as in the lesson's third section.</summary>
internal abstract class HandWrittenBug : PlantedBug
{
    /// <summary>One gradient from all that the pass has computed so far.</summary>
    public delegate Tensor<double> Line(Pass t);

    /// <summary>The lines of the backward pass, last step of the network first.</summary>
    public enum Step
    {
        A2,
        Z2,
        W2,
        B2,
        A1,
        Z1,
        W1,
        B1,
    }

    private static readonly Dictionary<Step, Code<Line>> lines = new()
    {
        [Step.A2] = new(t => 2.0 * (t.A2 - t.Y) / t.Y.FlattenedLength),
        [Step.Z2] = new(t => t.DA2 * t.Z2.Map(Activation.SigmoidDerivative)),
        [Step.W2] = new(t => t.A1.Transpose().MatMul(t.DZ2)),
        [Step.B2] = new(t => t.DZ2.SumOverBatch()),
        [Step.A1] = new(t => t.DZ2.MatMul(t.W2.Transpose())),
        [Step.Z1] = new(t => t.DA1 * t.Z1.Map(TanhDerivative)),
        [Step.W1] = new(t => t.X.Transpose().MatMul(t.DZ1)),
        [Step.B1] = new(t => t.DZ1.SumOverBatch()),
    };

    /// <summary>The wrong line's place.</summary>
    protected abstract Step Of { get; }

    protected abstract Code<Line> Wrong { get; }

    protected virtual Code<Line> Right => lines[Of];

    /// <summary>λ in the term λ/2·ΣW² that the loss has beside the error.</summary>
    protected virtual double Decay => 0;

    public sealed override BugCode Code
    {
        get
        {
            string result = $"d{Of}";
            return new BugCode($"z1 = x·W1 + b1, a1 = tanh(z1)\nz2 = a1·W2 + b2, a2 = σ(z2)\nL = mean((a2 − y)²){(Decay == 0 ? "" : " + λ/2·ΣW²")}", Wrong.Text(result), Right.Text(result));
        }
    }

    public sealed override GradientCheckReport Check(uint seed, bool mended = false, double scale = 1)
    {
        var random = new NumPyRandom(seed);
        int Size() => (int)random.RandInt(3, 8);
        (int batch, int inputs, int hidden, int outputs) = (Size(), Size(), Size(), Size());
        Linear<double> first = new(inputs, hidden, random, bias: Initializer.PyTorchDefault);
        Linear<double> second = new(hidden, outputs, random, bias: Initializer.PyTorchDefault);
        var pass = new Pass
        {
            X = scale * random.Randn(batch, inputs),
            Y = random.Rand(batch, outputs),
            W1 = first.Weight.Value,
            B1 = first.Bias!.Value,
            W2 = second.Weight.Value,
            B2 = second.Bias!.Value,
            Decay = Decay,
        };
        pass.Forward();
        Tensor<double> Compute(Step step) => (step == Of ? mended ? Right : Wrong : lines[step]).Run(pass);
        pass.DA2 = Compute(Step.A2);
        pass.DZ2 = Compute(Step.Z2);
        CheckedTensor<double> w2 = new("layer2.weight", pass.W2, (Compute(Step.W2) + (Of == Step.W2 ? 0 : Decay) * pass.W2).Copy());
        CheckedTensor<double> b2 = new("layer2.bias", pass.B2, Compute(Step.B2).Copy());
        pass.DA1 = Compute(Step.A1);
        pass.DZ1 = Compute(Step.Z1);
        CheckedTensor<double> w1 = new("layer1.weight", pass.W1, (Compute(Step.W1) + (Of == Step.W1 ? 0 : Decay) * pass.W1).Copy());
        CheckedTensor<double> b1 = new("layer1.bias", pass.B1, Compute(Step.B1).Copy());
        return Decay == 0
            ? GradientCheck.Run(new Sequential<double>(first, new Tanh<double>(), second, new Sigmoid<double>()), new MeanSquaredError<double>(), pass.X, pass.Y, [w1, b1, w2, b2])
            : GradientCheck.Run(pass.Forward, [w1, b1, w2, b2]);
    }

    /// <summary>tanh′(z) = 1 − tanh²(z).</summary>
    private static double TanhDerivative(double z) => 1 - (Math.Tanh(z) * Math.Tanh(z));

    /// <summary>Every array of the pass, named as in the formulas; D stands for the gradient.</summary>
    public sealed class Pass
    {
        public required Tensor<double> X { get; init; }

        public required Tensor<double> Y { get; init; }

        public required Tensor<double> W1 { get; init; }

        public required Tensor<double> B1 { get; init; }

        public required Tensor<double> W2 { get; init; }

        public required Tensor<double> B2 { get; init; }

        public required double Decay { get; init; }

        public Tensor<double> Z1 { get; private set; } = Tensor<double>.Empty;

        public Tensor<double> A1 { get; private set; } = Tensor<double>.Empty;

        public Tensor<double> Z2 { get; private set; } = Tensor<double>.Empty;

        public Tensor<double> A2 { get; private set; } = Tensor<double>.Empty;

        public Tensor<double> DA2 { get; set; } = Tensor<double>.Empty;

        public Tensor<double> DZ2 { get; set; } = Tensor<double>.Empty;

        public Tensor<double> DA1 { get; set; } = Tensor<double>.Empty;

        public Tensor<double> DZ1 { get; set; } = Tensor<double>.Empty;

        /// <summary>Computes all arrays of the forward pass, and the loss.</summary>
        public double Forward()
        {
            Z1 = X.MatMul(W1) + B1;
            A1 = Z1.Map(Math.Tanh);
            Z2 = A1.MatMul(W2) + B2;
            A2 = Z2.Map(Activation.Sigmoid);
            return (A2 - Y).Average(difference => difference * difference) + (Decay / 2 * (W1.Sum(w => w * w) + W2.Sum(w => w * w)));
        }
    }
}
