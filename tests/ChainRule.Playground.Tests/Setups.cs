using ChainRule.Playground.Session;
using CsCheck;

namespace ChainRule.Playground.Tests;

/// <summary>Setups of every kind.</summary>
internal static class Setups
{
    private static readonly Gen<HiddenLayer> layers = Gen.Select(Gen.Int[1, 6], Gen.Enum<Activation>(), (units, activation) => new HiddenLayer(units, activation));

    private static readonly Gen<DataSetup> data =
        Gen.Select(Gen.Int[0, SetupRules.DataKinds.Count - 1], Gen.Int[6, 60], Gen.Double[0, 0.5], Gen.Double[0, 0.5], Gen.UInt, (kind, samples, noise, share, seed) =>
        {
            string name = SetupRules.DataKinds[kind];
            return new DataSetup(name, samples, noise, share, seed, name == DataSetup.Own ? Points(samples, seed) : null);
        });

    /// <summary>Any setup whose loss goes with its data; learning rates that seldom break down.</summary>
    public static Gen<Setup> Any { get; } = Gen.Select(
        data,
        Gen.Select(layers.Array[0, 3], Gen.Enum<StartingWeights>(), Gen.UInt, (hidden, initialization, seed) => new NetworkSetup(hidden, initialization, seed)),
        Gen.Select(Gen.Enum<Training.LossKind>(), Gen.Enum<OptimizerKind>(), Gen.Double[0.001, 0.1], Gen.Int[1, 70], Gen.Enum<Precision>(), Gen.Bool, (loss, optimizer, rate, batch, precision, penalty) =>
            new TrainingSetup(loss, optimizer, rate, batch, penalty ? 0.001 : 0, penalty ? 0.01 : 0, precision)),
        (data, network, training) => SetupRules.Fit(new Setup(data, network, training)));

    private static OwnData Points(int count, uint seed) =>
        OwnData.FromPoints([.. Enumerable.Range(0, count).Select(i => new DrawnPoint(Math.Sin(i + seed), Math.Cos(3.0 * i), i % 2))]);
}
