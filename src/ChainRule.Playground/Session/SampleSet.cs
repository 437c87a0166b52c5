using System.Numerics.Tensors;
using ChainRule.Data;
using ChainRule.Random;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>The samples of a run: those to learn from, those held out, and the part of the plane that they lie in.</summary>
internal sealed class SampleSet
{
    // The picture shows a little more than where the samples are.
    private const double Margin = 0.15;

    private SampleSet(DataSet<double> train, DataSet<double>? test, Normalization? normalization, bool isDrawn)
    {
        Normalization = normalization;
        Train = Normalized(train);
        Test = test is null ? null : Normalized(test);
        (double low1, double high1) = Range(0);
        (double low2, double high2) = train.Features > 1 ? Range(1) : (-1, 1);
        Interval square = OwnData.DrawnRange;
        if (isDrawn && Math.Min(low1, low2) >= square.Low && Math.Max(high1, high2) <= square.High)
        {
            (X1, X2) = (square, square); // points stay where they were drawn
            return;
        }

        double extent = Math.Max(high1 - low1, high2 - low2);
        double half = (extent > 0 ? extent / 2 : 1) * (1 + (2 * Margin));
        (X1, X2) = (new Interval(((low1 + high1) / 2) - half, ((low1 + high1) / 2) + half), new Interval(((low2 + high2) / 2) - half, ((low2 + high2) / 2) + half));
    }

    /// <summary>The samples to learn from.</summary>
    public DataSet<double> Train { get; }

    /// <summary>The samples that are held out; null where there are none.</summary>
    public DataSet<double>? Test { get; }

    /// <summary>What was done to the features; null for nothing.</summary>
    public Normalization? Normalization { get; }

    /// <summary>The part of the first axis that is shown.</summary>
    public Interval X1 { get; }

    /// <summary>The part of the second axis that is shown: as long.</summary>
    public Interval X2 { get; }

    /// <summary>Draws or takes the samples of a setup.</summary>
    public static SampleSet Create(DataSetup setup)
    {
        var random = new NumPyRandom(setup.Seed);
        DataSet<double> all = setup.OwnData?.ToDataSet() ?? ToyData.Create<double>(setup.Kind, setup.Samples, setup.Noise, random);
        int held = (int)Math.Round(all.Count * setup.TestShare);
        (DataSet<double> train, DataSet<double>? test) = held > 0 && held < all.Count ? all.Split(setup.TestShare, random) : (all, null);
        Normalization? normalization = setup.OwnData is { Standardize: true } ? Normalization.ToStandardScore(train.Inputs) : null;
        return new SampleSet(train, test, normalization, setup.OwnData is { Standardize: false, Features: 2 });
    }

    private DataSet<double> Normalized(DataSet<double> set) =>
        Normalization is { } normalization ? new DataSet<double>(set.Name, normalization.Apply(set.Inputs), set.Targets, set.ClassNames, set.FeatureNames) : set;

    private (double Low, double High) Range(int feature)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (DataSet<double>? set in new[] { Train, Test })
        {
            for (int i = 0; i < (set?.Count ?? 0); i++)
            {
                double value = set!.Inputs[i, feature];
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        return (low, high);
    }
}

/// <summary>A piece of an axis.</summary>
/// <param name="Low">Where it starts.</param>
/// <param name="High">Where it ends.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>A place inside it, from 0 at the start to 1 at the end.</summary>
    /// <param name="share">Where.</param>
    public double At(double share) => Low + (share * (High - Low));

    /// <summary>The other way round.</summary>
    /// <param name="value">The place.</param>
    public double ShareOf(double value) => (value - Low) / (High - Low);
}
