using ChainRule.Random;

namespace ChainRule.Initialization;

/// <summary>Normal with mean 0 and a given standard deviation, whatever the size of the layer.</summary>
internal sealed class Normal : Initializer
{
    private readonly double standardDeviation;

    public Normal(double standardDeviation)
    {
        if (!(standardDeviation >= 0 && double.IsFinite(standardDeviation)))
        {
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, $"Cannot draw first weights with a standard deviation of {standardDeviation}: expected a finite number of at least 0.");
        }

        this.standardDeviation = standardDeviation;
    }

    protected override double Next(int fanIn, int fanOut, NumPyRandom random) => random.Randn() * standardDeviation;
}
