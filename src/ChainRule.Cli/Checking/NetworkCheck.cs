using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Serialization;
using ChainRule.Verification;

namespace ChainRule.Cli.Checking;

/// <summary>Checks every parameter of one network, new or trained, and its input, on a batch of the data.</summary>
internal sealed class NetworkCheck
{
    /// <summary>What was found.</summary>
    public required GradientCheckReport Report { get; init; }

    /// <summary>What is checked, in words.</summary>
    public required string Description { get; init; }

    /// <summary>The error of the central difference against its step, for the steepest entry of the first parameter; null where nobody asked.</summary>
    public required ErrorCurve? Curve { get; init; }

    /// <summary>Checks.</summary>
    /// <param name="settings">The network, unless a model is given, and how it is trained first.</param>
    /// <param name="modelFile">A trained model; null for a new network, in double precision.</param>
    /// <param name="afterEpochs">For how many epochs the network is trained on the batch first.</param>
    /// <param name="options">Step, tolerance and sampling.</param>
    /// <param name="measuresCurve">Whether to measure the curve.</param>
    /// <param name="output">Where a download shows itself.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static NetworkCheck Run(TrainSettings settings, string? modelFile, int afterEpochs, GradientCheckOptions options, bool measuresCurve, CommandOutput output, CancellationToken cancellationToken) =>
        modelFile is not null && IsSingle(modelFile)
            ? Run<float>(settings, modelFile, afterEpochs, options, measuresCurve, output, cancellationToken)
            : Run<double>(settings, modelFile, afterEpochs, options, measuresCurve, output, cancellationToken);

    private static NetworkCheck Run<T>(TrainSettings settings, string? modelFile, int afterEpochs, GradientCheckOptions options, bool measuresCurve, CommandOutput output, CancellationToken cancellationToken)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var batch = NetworkBatch<T>.Open(settings, modelFile, output, cancellationToken);
        if (afterEpochs > 0)
        {
            batch.Train(settings, afterEpochs, cancellationToken);
        }

        GradientCheckReport report = GradientCheck.Run(batch.Network, batch.Loss, batch.Inputs, batch.Targets, options);
        return new NetworkCheck
        {
            Report = report,
            Description = batch.Describe(settings, afterEpochs),
            Curve = measuresCurve ? ErrorCurve.Measure(batch.Network, batch.Loss, batch.Inputs, batch.Targets, report.Rows[0].Parameter, [.. Steepest(report.Rows[0].Analytic)]) : null,
        };
    }

    /// <summary>The entry with the largest derivative.</summary>
    private static int[] Steepest(Tensor<double> gradient) =>
        Comparison.Unravel(Enumerable.Range(0, (int)gradient.FlattenedLength).MaxBy(i => Math.Abs(gradient.ElementAt(i))), gradient.Lengths);

    /// <summary>Whether all weights of a model are numbers of 32 bits.</summary>
    private static bool IsSingle(string modelFile) =>
        ModelFile.Read<double>(modelFile).Network.Parameters.All(parameter => parameter.Value.All(value => (float)value == value));
}
