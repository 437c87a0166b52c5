using System.CommandLine;
using System.Globalization;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>Options that say which network and which loss a command means.</summary>
internal static class NetworkOptions
{
    private const int MaximumHidden = 65_536;
    private const int MaximumLayers = 64;

    /// <summary>The units of the hidden layers; null where the call does not have it.</summary>
    /// <param name="usual">What stands for that in the help.</param>
    public static Option<IReadOnlyList<int>?> Hidden(string usual) => new("--hidden")
    {
        Description = $"Units of each hidden layer, e.g. 128,64; 0 for none. [default: {usual}]",
        HelpName = "N,N,…",
        CustomParser = result =>
        {
            string[] parts = result.Tokens[0].Value.Split(',');
            int[] units = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : -1)];
            return units is [0] ? Array.Empty<int>()
                : units.Length <= MaximumLayers && units.All(value => value is > 0 and <= MaximumHidden) ? units
                : OptionFactory.Reject<IReadOnlyList<int>?>(result, "--hidden", $"up to {MaximumLayers} whole numbers from 1 to {MaximumHidden} with commas between them");
        },
    };

    /// <summary>The loss. An option cannot have null for a value that was given, so auto is one of the choices.</summary>
    public static Option<LossChoice> Loss() => OptionFactory.Choice<LossChoice>("--loss", "How the outputs are judged; auto: cross-entropy for classes, mse for values.");

    /// <summary>The kind of loss; null for what goes with the data.</summary>
    public static LossKind? Kind(this LossChoice choice) => choice switch
    {
        LossChoice.CrossEntropy => LossKind.CrossEntropy,
        LossChoice.Bce => LossKind.BinaryCrossEntropy,
        LossChoice.Mse => LossKind.MeanSquaredError,
        _ => null,
    };
}

/// <summary>The losses that can be asked for.</summary>
internal enum LossChoice
{
    Auto,
    CrossEntropy,
    Bce,
    Mse,
}
