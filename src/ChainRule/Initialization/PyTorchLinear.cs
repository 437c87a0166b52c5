using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>PyTorch's default for a linear layer: uniform in ±1/√fan-in, weight and bias alike.</summary>
/// <remarks>
/// Source: <c>torch.nn.Linear.reset_parameters</c>, which asks for He's uniform with the gain of a leaky ReLU of slope √5:
/// √(2 / (1 + 5)) · √(3 / fan-in) = 1/√fan-in. The idea is LeCun's (Efficient BackProp, 1998).
/// </remarks>
internal sealed class PyTorchLinear : Initializer
{
    protected override double Next(int fanIn, int fanOut, NumPyRandom random)
    {
        double limit = 1 / Math.Sqrt(fanIn);
        return random.Uniform(-limit, limit);
    }
}
