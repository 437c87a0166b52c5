using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the gradient of a loss, where the way back begins.</summary>
internal abstract class LossBug : PlantedBug
{
    /// <summary>dp from the predictions p and the targets y, of one shape (batch, outputs).</summary>
    public delegate Tensor<double> Line(Tensor<double> p, Tensor<double> y);

    /// <summary>The formula of the loss.</summary>
    protected abstract string Forward { get; }

    protected abstract Code<Line> Right { get; }

    protected abstract Code<Line> Wrong { get; }

    public sealed override BugCode Code => new(Forward, Wrong.Text("dp"), Right.Text("dp"));

    public override bool CanPlantIn(Sequential<double> network, Loss<double> loss) => Fits(loss);

    public override GradientCheckReport Check(uint seed, bool mended = false, double scale = 1)
    {
        var random = new NumPyRandom(seed);
        int Size() => (int)random.RandInt(3, 8);
        (int batch, int inputs, int hidden, int outputs) = (Size(), Size(), Size(), Size());
        var network = new Sequential<double>([
            new Linear<double>(inputs, hidden, random, bias: Initializer.PyTorchDefault),
            new Tanh<double>(),
            new Linear<double>(hidden, outputs, random, bias: Initializer.PyTorchDefault),
            .. Last(),
        ]);
        PlantedNetwork planted = Plant(network, NewLoss(), mended);
        return GradientCheck.Run(planted.Network, planted.Loss, scale * random.Randn(batch, inputs), Targets(batch, outputs, random));
    }

    protected abstract bool Fits(Loss<double> loss);

    /// <summary>The right loss.</summary>
    protected abstract Loss<double> NewLoss();

    /// <summary>What stands before the loss.</summary>
    protected virtual Layer<double>[] Last() => [];

    protected virtual Tensor<double> Targets(int batch, int outputs, NumPyRandom random) => random.Rand(batch, outputs);

    private protected sealed override PlantedNetwork Copy(Sequential<double> network, Loss<double> loss, bool mended) =>
        new(new Sequential<double>([.. network.Layers.Select(layer => new SharedLayer(layer))]), new Wired(loss, (mended ? Right : Wrong).Run), loss.ToString());

    private sealed class Wired(Loss<double> loss, Line line) : Loss<double>
    {
        private Tensor<double> prediction = Tensor<double>.Empty;
        private Tensor<double> target = Tensor<double>.Empty;

        public override string ToString() => loss.ToString();

        protected override double Forward(ReadOnlySpan<double> prediction, ReadOnlySpan<double> target) => loss.Forward(this.prediction, this.target);

        protected override void Backward(Span<double> predictionGradient) =>
            line(prediction.ToDenseTensor(), target.Rank < prediction.Rank ? OneHot() : target).AsSpan().CopyTo(predictionGradient);

        protected override void RequireMatchingTarget(Tensor<double> prediction, Tensor<double> target) => (this.prediction, this.target) = (prediction, target);

        private Tensor<double> OneHot()
        {
            Tensor<double> y = Tensor.CreateFromShape<double>(prediction.Lengths);
            for (nint i = 0; i < target.FlattenedLength; i++)
            {
                y[i, (nint)target[i]] = 1;
            }

            return y;
        }
    }
}
