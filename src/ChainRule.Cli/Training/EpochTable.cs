using System.Globalization;
using System.Text;
using ChainRule.Training;

namespace ChainRule.Cli.Training;

/// <summary>The epochs as a CSV file, one row each; empty where there is no number.</summary>
internal static class EpochTable
{
    public static string ToCsv(IReadOnlyList<EpochReport> epochs)
    {
        var csv = new StringBuilder("epoch,seconds,samples_per_second,learning_rate,train_loss,gradient_norm,validation_loss,validation_accuracy,validation_r_squared\n");
        foreach (EpochReport epoch in epochs)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.Seconds:R},{epoch.SamplesPerSecond:R},{epoch.LearningRate:R},{epoch.TrainLoss:R},{epoch.GradientNorm:R},");
            csv.Append(CultureInfo.InvariantCulture, $"{epoch.Validation?.Loss:R},{epoch.Validation?.Accuracy:R},{epoch.Validation?.RSquared:R}\n");
        }

        return csv.ToString();
    }
}
