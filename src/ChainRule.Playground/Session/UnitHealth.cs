namespace ChainRule.Playground.Session;

/// <summary>What ails a neuron.</summary>
/// <param name="Layer">Its layer, from 0.</param>
/// <param name="Unit">Its place there.</param>
/// <param name="Problem">What it is.</param>
/// <param name="Extent">The share of samples that it holds for, or the size of the largest output.</param>
public sealed record UnitHealth(int Layer, int Unit, UnitProblem Problem, double Extent);

/// <summary>What can ail a neuron.</summary>
public enum UnitProblem
{
    /// <summary>A ReLU that is off for every sample: no gradient passes it any more.</summary>
    Dead,

    /// <summary>A sigmoid or tanh next to its bounds: hardly any gradient passes it.</summary>
    Saturated,

    /// <summary>Its outputs are enormous.</summary>
    Exploding,
}

/// <summary>Looks for what ails neurons.</summary>
internal static class UnitExamination
{
    /// <summary>From here on an output counts as enormous.</summary>
    private const double Enormous = 1e3;

    /// <summary>So near to its bounds, as a share of their distance, the slope of a sigmoid is below 1% and that of a tanh below 1%.</summary>
    private const double NearBound = 0.0025;

    /// <summary>So many samples must be next to a bound.</summary>
    private const double MostSamples = 0.9;

    /// <summary>Examines the neurons of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Its place among the layers of neurons.</param>
    /// <param name="isLast">Whether it is the output, where being sure is no illness.</param>
    /// <param name="outputs">Its outputs for all training samples, sample after sample.</param>
    public static IEnumerable<UnitHealth> Examine(NeuronLayer layer, int index, bool isLast, double[] outputs)
    {
        int samples = outputs.Length / layer.Units;
        for (int unit = 0; unit < layer.Units; unit++)
        {
            double largest = 0;
            int zero = 0;
            int saturated = 0;
            double low = layer.Activation == "Tanh" ? -1 : 0;
            double margin = NearBound * (1 - low);
            for (int i = unit; i < outputs.Length; i += layer.Units)
            {
                double a = outputs[i];
                largest = Math.Max(largest, double.IsNaN(a) ? double.PositiveInfinity : Math.Abs(a));
                zero += a == 0 ? 1 : 0;
                saturated += a < low + margin || a > 1 - margin ? 1 : 0;
            }

            if (largest > Enormous)
            {
                yield return new UnitHealth(index, unit, UnitProblem.Exploding, largest);
            }
            else if (layer.Activation == "ReLU" && zero == samples)
            {
                yield return new UnitHealth(index, unit, UnitProblem.Dead, 1);
            }
            else if (!isLast && layer.Activation is "Sigmoid" or "Tanh" && saturated > MostSamples * samples)
            {
                yield return new UnitHealth(index, unit, UnitProblem.Saturated, (double)saturated / samples);
            }
        }
    }
}
