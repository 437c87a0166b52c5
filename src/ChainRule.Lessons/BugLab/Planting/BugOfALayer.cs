using System.Numerics.Tensors;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Losses;
using ChainRule.Random;
using ChainRule.Verification;

namespace ChainRule.Lessons.BugLab.Planting;

/// <summary>A mistake in the backward pass of a layer of the library. It is planted into the last layer that it fits.</summary>
internal abstract class BugOfALayer : PlantedBug
{
    public override bool CanPlantIn(Sequential<double> network, Loss<double> loss) => network.Layers.Any(Fits);

    public override GradientCheckReport Check(uint seed, bool mended = false, double scale = 1)
    {
        var random = new NumPyRandom(seed);
        int Size() => (int)random.RandInt(3, 8);
        (int batch, int inputs, int outputs) = (Size(), Size(), Outputs(Size()));
        PlantedNetwork planted = Plant(Sample(inputs, Size(), outputs, random), new MeanSquaredError<double>(), mended);
        return GradientCheck.Run(planted.Network, planted.Loss, scale * random.Randn(batch, inputs), random.Rand(batch, outputs));
    }

    /// <summary>Whether a layer has a place for the mistake.</summary>
    protected abstract bool Fits(Layer<double> layer);

    /// <summary>The layer with the mistake, or with the right line in its place.</summary>
    protected abstract Layer<double> Replace(Layer<double> layer, bool mended);

    /// <summary>A network for the case: two layers with an activation between them.</summary>
    protected virtual Sequential<double> Sample(int inputs, int hidden, int outputs, NumPyRandom random) =>
        new(Linear(inputs, hidden, random), new Tanh<double>(), Linear(hidden, outputs, random));

    /// <summary>The number of outputs of the case, where the mistake does not show with all.</summary>
    protected virtual int Outputs(int drawn) => drawn;

    /// <summary>A linear layer that has been trained a little: its bias is not 0.</summary>
    protected static Linear<double> Linear(int inputs, int outputs, NumPyRandom random) => new(inputs, outputs, random, bias: Initializer.PyTorchDefault);

    private protected override PlantedNetwork Copy(Sequential<double> network, Loss<double> loss, bool mended)
    {
        int place = network.Layers.ToList().FindLastIndex(Fits);
        return new PlantedNetwork(
            new Sequential<double>([.. network.Layers.Select((layer, i) => i == place ? Replace(layer, mended) : new SharedLayer(layer))]),
            loss,
            network.Layers[place].Name);
    }
}
