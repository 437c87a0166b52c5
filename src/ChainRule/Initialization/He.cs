using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>
/// He's initialisation: standard deviation √(2 / fan-in). ReLU sets half of its inputs to zero and with them half of the
/// variance; the factor 2 puts it back. Uniform: ±√(6 / fan-in) has the same variance.
/// </summary>
/// <remarks>Source: He, Zhang, Ren and Sun, Delving Deep into Rectifiers (ICCV 2015), equation 10.</remarks>
internal sealed class He(bool uniform) : Initializer
{
    protected override double Next(int fanIn, int fanOut, NumPyRandom random)
    {
        if (uniform)
        {
            double limit = Math.Sqrt(6.0 / fanIn);
            return random.Uniform(-limit, limit);
        }

        return random.Randn() * Math.Sqrt(2.0 / fanIn);
    }
}
