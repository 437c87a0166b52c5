using System.Numerics;
using ChainRule.Initialization;
using ChainRule.Layers;
using ChainRule.Optimizers;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>Builds what a setup describes.</summary>
internal static class NetworkFactory
{
    private const double MomentumRate = 0.9;

    /// <summary>What the network is to answer.</summary>
    public static Objective Objective(Setup setup) =>
        SetupRules.Classes(setup.Data) is > 0 and var classes
            ? Training.Objective.ForClasses(setup.Training.Loss, classes)
            : Training.Objective.ForValues(1);

    /// <summary>The network at its start: the same seed draws the same weights in the same order.</summary>
    /// <param name="setup">The setup.</param>
    /// <param name="inputs">The features of a sample.</param>
    public static Sequential<T> Network<T>(Setup setup, int inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new NumPyRandom(setup.Network.Seed);
        (Initializer weight, Initializer bias) = setup.Network.Weights switch
        {
            StartingWeights.He => (Initializer.HeNormal, Initializer.Zeros),
            StartingWeights.Glorot => (Initializer.GlorotNormal, Initializer.Zeros),
            StartingWeights.PyTorch => (Initializer.PyTorchDefault, Initializer.PyTorchDefault),
            _ => (Initializer.Zeros, Initializer.Zeros),
        };
        Objective objective = Objective(setup);
        var layers = new List<Layer<T>>();
        int width = inputs;
        foreach (HiddenLayer hidden in setup.Network.Hidden)
        {
            layers.Add(new Linear<T>(width, hidden.Units, random, weight, bias));
            if (hidden.Activation.CreateLayer<T>() is { } activation)
            {
                layers.Add(activation);
            }

            width = hidden.Units;
        }

        layers.Add(new Linear<T>(width, objective.Outputs, random, weight, bias));
        if (objective.OutputActivation<T>() is { } last)
        {
            layers.Add(last);
        }

        return new Sequential<T>([.. layers]);
    }

    /// <summary>The optimizer.</summary>
    public static Optimizer<T> Optimizer<T>(TrainingSetup setup, IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IFloatingPointIeee754<T> => setup.Optimizer switch
        {
            OptimizerKind.Momentum => new Sgd<T>(parameters, setup.LearningRate, MomentumRate),
            OptimizerKind.Adam => new Adam<T>(parameters, setup.LearningRate),
            _ => new Sgd<T>(parameters, setup.LearningRate),
        };
}
