using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>Every value the same.</summary>
internal sealed class Constant : Initializer
{
    private readonly double value;

    public Constant(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"Cannot start parameters at {value}: expected a finite number.");
        }

        this.value = value;
    }

    protected override double Next(int fanIn, int fanOut, NumPyRandom random) => value;
}
