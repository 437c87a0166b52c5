using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>
/// Glorot's initialisation: standard deviation √(2 / (fan-in + fan-out)), a compromise between keeping the size of
/// activations on the way forward (1 / fan-in) and of gradients on the way back (1 / fan-out). Uniform:
/// ±√(6 / (fan-in + fan-out)) has the same variance.
/// </summary>
/// <remarks>Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks (AISTATS 2010), equation 16.</remarks>
internal sealed class Glorot(bool uniform) : Initializer
{
    protected override double Next(int fanIn, int fanOut, NumPyRandom random)
    {
        double fans = (double)fanIn + fanOut;
        if (uniform)
        {
            double limit = Math.Sqrt(6.0 / fans);
            return random.Uniform(-limit, limit);
        }

        return random.Randn() * Math.Sqrt(2.0 / fans);
    }
}
