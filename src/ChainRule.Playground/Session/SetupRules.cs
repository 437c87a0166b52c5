using System.Globalization;
using ChainRule.Data;
using ChainRule.Training;

namespace ChainRule.Playground.Session;

/// <summary>What a setup may hold.</summary>
public static class SetupRules
{
    /// <summary>The most hidden layers.</summary>
    public const int MaximumLayers = 6;

    /// <summary>The most neurons of a layer.</summary>
    public const int MaximumUnits = 16;

    /// <summary>The fewest samples that are drawn.</summary>
    public const int MinimumSamples = 4;

    /// <summary>The most samples that are drawn.</summary>
    public const int MaximumSamples = 1000;

    /// <summary>The most noise.</summary>
    public const double MaximumNoise = 1;

    /// <summary>The largest share that is held out.</summary>
    public const double MaximumTestShare = 0.8;

    /// <summary>The largest learning rate.</summary>
    public const double MaximumLearningRate = 100;

    /// <summary>The largest penalty.</summary>
    public const double MaximumPenalty = 10;

    /// <summary>The data that can be chosen: the toy sets, and <see cref="DataSetup.Own"/>.</summary>
    public static IReadOnlyList<string> DataKinds { get; } = [.. ToyData.Names, DataSetup.Own];

    /// <summary>The losses that go with data.</summary>
    /// <param name="classes">The number of classes; 0 for values.</param>
    public static IReadOnlyList<LossKind> Losses(int classes) => classes switch
    {
        0 => [LossKind.MeanSquaredError],
        2 => [LossKind.BinaryCrossEntropy, LossKind.CrossEntropy, LossKind.MeanSquaredError],
        _ => [LossKind.CrossEntropy, LossKind.MeanSquaredError],
    };

    /// <summary>The number of classes of a setup's data; 0 for values.</summary>
    /// <param name="data">The data.</param>
    public static int Classes(DataSetup data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Kind switch
        {
            "plane" => 0,
            "blobs" => 3,
            DataSetup.Own => data.OwnData?.ClassNames.Count ?? 0,
            _ => 2,
        };
    }

    /// <summary>The setup with a loss that goes with its data.</summary>
    /// <param name="setup">The setup.</param>
    public static Setup Fit(Setup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        IReadOnlyList<LossKind> losses = Losses(Classes(setup.Data));
        return losses.Contains(setup.Training.Loss) ? setup : setup with { Training = setup.Training with { Loss = losses[0] } };
    }

    /// <summary>Throws where a setup holds what it may not.</summary>
    /// <param name="setup">The setup.</param>
    /// <exception cref="FormatException">It does; the message says what was given and what was expected.</exception>
    public static void Require(Setup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        (DataSetup data, NetworkSetup network, TrainingSetup training) = setup;
        Check(DataKinds.Contains(data.Kind), "data", data.Kind, string.Join(", ", DataKinds));
        Check(data.Kind == DataSetup.Own == data.OwnData is not null, "own data", data.OwnData is null ? "none" : "some", data.Kind == DataSetup.Own ? "samples" : "none, because toy data are drawn");
        Range(data.Samples, MinimumSamples, MaximumSamples, "number of samples");
        Range(data.Noise, 0, MaximumNoise, "noise");
        Range(data.TestShare, 0, MaximumTestShare, "share of test samples");
        Range(network.Hidden.Count, 0, MaximumLayers, "number of hidden layers");
        foreach (HiddenLayer layer in network.Hidden)
        {
            Range(layer.Units, 1, MaximumUnits, "number of neurons of a layer");
            Defined(layer.Activation, "activation");
        }

        Defined(network.Weights, "initialisation");
        Defined(training.Loss, "loss");
        Check(Losses(Classes(data)).Contains(training.Loss), "loss", $"{training.Loss}", string.Join(", ", Losses(Classes(data))));
        Defined(training.Optimizer, "optimizer");
        Range(training.LearningRate, 0, MaximumLearningRate, "learning rate");
        Range(training.BatchSize, 1, OwnData.MaximumSamples, "batch size");
        Range(training.L1, 0, MaximumPenalty, "L1 penalty");
        Range(training.L2, 0, MaximumPenalty, "L2 penalty");
        Defined(training.Precision, "precision");
    }

    private static void Range(double value, double minimum, double maximum, string what) =>
        Check(value >= minimum && value <= maximum, what, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}"));

    private static void Defined<TEnum>(TEnum value, string what)
        where TEnum : struct, Enum =>
        Check(Enum.IsDefined(value), what, $"{value}", string.Join(", ", Enum.GetNames<TEnum>()));

    private static void Check(bool holds, string what, string given, string expected)
    {
        if (!holds)
        {
            throw new FormatException($"The {what} is {given}: expected {expected}.");
        }
    }
}
