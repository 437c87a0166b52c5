using System.Numerics.Tensors;
using ChainRule.Cli.Output;
using ChainRule.Cli.Training;
using ChainRule.Verification;

namespace ChainRule.Cli.Checking;

/// <summary>Checks every parameter of one network, new or trained, and its input, on a batch of the data.</summary>
internal sealed class NetworkCheck
{
    /// <summary>What was found.</summary>
    public required GradientCheckReport Report { get; init; }

    /// <summary>The order of the Taylor remainder over all parameters together, but for those on corners; not a number where all are.</summary>
    public required double TaylorOrder { get; init; }

    /// <summary>What is checked, in words.</summary>
    public required string Description { get; init; }

    /// <summary>The error of the central difference against its step.</summary>
    public required StepSweep Sweep { get; init; }

    /// <summary>Checks.</summary>
    /// <param name="settings">The network, unless a model is given, and how it is trained first.</param>
    /// <param name="modelFile">A trained model; null for a new network.</param>
    /// <param name="afterEpochs">For how many epochs the network is trained on the batch first.</param>
    /// <param name="options">Step, tolerance and sampling.</param>
    /// <param name="output">Where a download shows itself.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static NetworkCheck Run(TrainSettings settings, string? modelFile, int afterEpochs, GradientCheckOptions options, CommandOutput output, CancellationToken cancellationToken)
    {
        var wide = NetworkBatch<double>.Open(settings, modelFile, output, cancellationToken);
        if (afterEpochs > 0)
        {
            wide.Train(settings, afterEpochs, cancellationToken);
        }

        Tensor<double>[] gradients = wide.Gradients();
        CheckedTensor<double>[] tensors = [.. wide.Network.Parameters.Select((parameter, i) => new CheckedTensor<double>(parameter.Name, parameter.Value, gradients[i]))];
        GradientCheckReport report = GradientCheck.Run(wide.Network, wide.Loss, wide.Inputs, wide.Targets, options);

        // A direction that leaves a corner has no second order: parameters on corners stay where they are.
        double order = TaylorTest.Order(wide.Value, [.. tensors.Where((_, i) => report.Rows[i].Verdict != GradientVerdict.Kink)], settings.Seed);

        // The steepest entry of the first weight, in both precisions at the same point.
        int steepest = Enumerable.Range(0, (int)gradients[0].FlattenedLength).MaxBy(i => Math.Abs(gradients[0].ElementAt(i)));
        double slope = gradients[0].ElementAt(steepest);
        var narrow = NetworkBatch<float>.Open(settings, modelFile, output, cancellationToken);
        for (int i = 0; i < wide.Network.Parameters.Count; i++)
        {
            Tensor.ConvertTruncating<double, float>(wide.Network.Parameters[i].Value).CopyTo(narrow.Network.Parameters[i].Value);
        }

        var sweep = new StepSweep(
            $"{wide.Network.Parameters[0].Name}, entry {steepest}",
            StepSweep.Measure(() => wide.Value(), wide.Network.Parameters[0].Value, steepest, slope),
            StepSweep.Measure(() => (double)narrow.Value(), narrow.Network.Parameters[0].Value, steepest, slope));
        return new NetworkCheck
        {
            Report = report,
            TaylorOrder = order,
            Description = wide.Describe(settings, afterEpochs),
            Sweep = sweep,
        };
    }
}
